import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { cookies, redirect, sendHtml, setCookie, urlOf } from '../http.js';
import { errorPage } from '../pages/error.js';
import { signInPage, type SignInPage } from '../pages/sign-in.js';
import { isRemembered } from '../sessions.js';
import type { Amr, Refusal, SignInRequest, SignInResult } from '../sign-in.js';
import type { OidcDeps } from './deps.js';
import { FINISH_PATH } from './provider.js';
import { words } from './words.js';

/** Names the browser, so that nobody finishes a sign-in that another browser began. Okta's is called the same. */
const BROWSER_COOKIE = 'DT';

/** Values of the `flow` parameter for which the widget leaves cookies out. */
const STARTS_WITHOUT_COOKIES = new Set(['signup', 'resetPassword', 'unlockAccount']);

/** Value of the browser-binding cookie; empty when the browser sent none. */
export function browserIdOf(req: IncomingMessage): string {
  const id = cookies(req).get(BROWSER_COOKIE) ?? '';
  return /^[\w-]{20,64}$/.test(id) ? id : '';
}

/**
 * The same, and gives a browser that has none a name for the next time. What begins now is then bound to whichever name
 * the browser brings first: of two tabs opened at once, each is given a name, and the browser keeps one.
 */
export function nameBrowser(req: IncomingMessage, res: ServerResponse): string {
  const known = browserIdOf(req);
  if (!known) setCookie(res, BROWSER_COOKIE, `DI${randomBytes(24).toString('base64url')}`, { maxAge: 63_072_000 });
  return known;
}

/** The Identity Engine, as far as the hosted page needs it. */
export interface HostedEngine {
  begin(request: SignInRequest): { stateToken: string };
  finished(stateToken: string, browserId: string): (SignInResult & { request: SignInRequest }) | undefined;
  refused(stateToken: string, browserId: string): (Refusal & { request: SignInRequest }) | undefined;
}

/**
 * After oidc-provider has looked at an authorization request: when it wants the user, it has redirected to where the
 * user is found. Okta answers with the sign-in page itself, so the redirect is turned into that page.
 */
export function showSignIn(ctx: KoaContextWithOIDC, origin: string, engine: HostedEngine, deps: OidcDeps): void {
  const { Interaction: interaction } = ctx.oidc.entities;
  if (!interaction || ctx.status !== 303 || ctx.response.get('Location') !== FINISH_PATH) return;
  const params = interaction.params as Record<string, string | undefined>;
  const browserId = nameBrowser(ctx.req, ctx.res);
  // Asked to start elsewhere than at the sign-in form, the widget sends no cookies while it is at it. The sign-in then
  // belongs to this browser only through the cookie that oidc-provider resumes by.
  const boundTo = STARTS_WITHOUT_COOKIES.has(params.flow ?? '') ? '' : browserId;
  const { stateToken } = engine.begin(hostedRequest(ctx, origin, boundTo, deps));
  const client = deps.config.clients.find(({ id }) => id === params.client_id);
  const content: SignInPage = {
    origin,
    stateToken,
    clientLabel: client?.label ?? client?.id ?? '',
    redirectOrigins: [
      ...new Set(deps.config.clients.flatMap(({ redirectUris }) => redirectUris.map((uri) => new URL(uri).origin))),
    ],
    flow: params.flow,
    locales: [...words(params.ui_locales), ...ctx.acceptsLanguages().filter((tag) => tag !== '*')],
    branding: deps.config.branding,
  };
  const { html, csp } = signInPage(content);
  ctx.remove('Location');
  ctx.status = 200;
  ctx.type = 'html';
  ctx.set({
    'Cache-Control': 'no-store',
    'Content-Security-Policy': csp,
    'Referrer-Policy': 'strict-origin-when-cross-origin',
    'X-Content-Type-Options': 'nosniff',
  });
  ctx.body = html;
}

function hostedRequest({ oidc }: KoaContextWithOIDC, origin: string, browserId: string, deps: OidcDeps): SignInRequest {
  const { Interaction: interaction, Session: session } = oidc.entities;
  const params = interaction!.params as Record<string, string | undefined>;
  const user = deps.activeUser(session?.accountId);
  // Only a lack of assurance lets the user build on what the session has proved. Anything else begins anew.
  const stepUp = interaction!.prompt.reasons.every((reason) => reason === 'assurance');
  return {
    kind: 'hosted',
    origin,
    browserId,
    clientId: params.client_id ?? '',
    scopes: words(params.scope),
    redirectUri: params.redirect_uri ?? '',
    state: params.state,
    nonce: params.nonce,
    codeChallenge: params.code_challenge,
    codeChallengeMethod: params.code_challenge_method,
    acrValues: words(params.acr_values),
    maxAge: params.max_age === undefined ? undefined : Number(params.max_age),
    prompt: params.prompt,
    loginHint: params.login_hint ?? user?.profile.login,
    uiLocales: words(params.ui_locales),
    interactionUid: interaction!.uid,
    ...(user && stepUp
      ? { sessionUserId: user.id, sessionAmr: (session?.amr ?? []) as Amr[], sessionAuthTime: session?.loginTs }
      : undefined),
  };
}

/** `GET /login/token/redirect?stateToken=…`: takes a finished sign-in back into the authorization request it began from. */
export async function finishSignIn(
  provider: Provider,
  req: IncomingMessage,
  res: ServerResponse,
  origin: string,
  engine: HostedEngine,
): Promise<void> {
  const token = urlOf(req).searchParams.get('stateToken') ?? '';
  const finished = engine.finished(token, browserIdOf(req)) ?? engine.finished(token, '');
  const uid = finished?.request.origin === origin ? finished.request.interactionUid : undefined;
  const interaction = uid === undefined ? undefined : await provider.Interaction.find(uid);
  if (!finished || !interaction) {
    sendExpired(res);
    return;
  }
  const { userId, amr, authTime, remember } = finished;
  const session = await provider.Session.get(provider.createContext(req, res));
  if (session.accountId !== undefined && session.accountId !== userId) await session.destroy();
  const kept = remember || isRemembered(session, userId);
  // The session may have been replaced in another tab meanwhile. Who signs in here is settled by `finished`.
  delete interaction.session;
  interaction.result = { login: { accountId: userId, ts: authTime, amr, remember: kept } };
  await interaction.persist();
  redirect(res, interaction.returnTo);
}

/**
 * `GET /login/error/redirect?stateToken=…`: takes an embedded sign-in that got no code back to the application, as the
 * widget does with its option `redirect: 'always'`.
 */
export function refuseSignIn(req: IncomingMessage, res: ServerResponse, origin: string, engine: HostedEngine): void {
  const token = urlOf(req).searchParams.get('stateToken') ?? '';
  const refused = engine.refused(token, browserIdOf(req));
  if (refused?.request.origin !== origin) {
    sendExpired(res);
    return;
  }
  const { request, error, description } = refused;
  const url = new URL(request.redirectUri);
  if (request.state !== undefined) url.searchParams.set('state', request.state);
  url.searchParams.set('error', error);
  url.searchParams.set('error_description', description);
  redirect(res, url.href);
}

function sendExpired(res: ServerResponse): void {
  const text = 'This sign-in has expired or was already used. Go back to the application and start again.';
  sendHtml(res, 400, errorPage(400, 'session_expired', text));
}
