import type { IncomingMessage, ServerResponse } from 'node:http';
import { pageHtml } from '../admin/layout.js';
import { escapeHtml, redirect, sendHtml, urlOf } from '../http.js';
import { PROVIDERS_PATH } from './answer.js';
import { IdxError } from './messages.js';
import type { IdentityProvider, Services } from './services.js';
import type { Transaction } from './transaction.js';

/** What Okta says when the user has to go on in the application's own form. */
const GO_ON = {
  error: 'interaction_required',
  error_description:
    'Your client is configured to use the interaction code flow and user interaction is required to complete the request.',
};

/**
 * Answers the link of an identity provider's button. The org stands in for the provider: it shows who may be signed in
 * there, and takes the choice, in `login`, as the provider's word. That counts as the first factor.
 *
 * The browser then goes back to the application as Okta sends it: with an interaction code, with
 * `interaction_required` when more is to be proved, or with the reason for a refusal.
 *
 * @param tx the sign-in that the link is of, if there still is one
 * @param issueCode ends the sign-in
 */
export async function visitProvider(
  req: IncomingMessage,
  res: ServerResponse,
  tx: Transaction | undefined,
  caller: { origin: string; browserId: string },
  services: Services,
  issueCode: (tx: Transaction) => Promise<string>,
): Promise<void> {
  const { pathname, searchParams } = urlOf(req);
  const id = decodeURIComponent(pathname.slice(PROVIDERS_PATH.length));
  const login = searchParams.get('login');
  const answer = async (own: Transaction): Promise<void> => {
    const provider = offered(own, id);
    if (!provider) expired(res);
    else if (login === null) show(res, 200, provider.name, choice(own, services));
    else redirect(res, await comeBack(own, login, services, issueCode));
  };
  if (tx && isOf(tx, caller)) await tx.exclusive(() => answer(tx));
  else expired(res);
}

function expired(res: ServerResponse): void {
  const text = 'This sign-in has expired or was already used. Go back to the application and start again.';
  show(res, 400, 'Nothing to sign in to', `<p>${text}</p>`);
}

/** The link is good in the browser that the sign-in belongs to, on the host it was begun on. */
function isOf({ request, browserId }: Transaction, caller: { origin: string; browserId: string }): boolean {
  return request.origin === caller.origin && (browserId === '' || browserId === caller.browserId);
}

function offered(tx: Transaction, id: string): IdentityProvider | undefined {
  return tx.step?.view().providers?.find((provider) => provider.id === id);
}

/** Where the browser goes, now that the provider has said who the user is. */
async function comeBack(
  tx: Transaction,
  login: string,
  { host }: Services,
  issueCode: (tx: Transaction) => Promise<string>,
): Promise<string> {
  const { request } = tx;
  const back = (answer: Record<string, string>): string => {
    const url = new URL(request.redirectUri);
    for (const [name, value] of Object.entries(answer)) url.searchParams.set(name, value);
    if (request.state !== undefined) url.searchParams.set('state', request.state);
    return url.href;
  };
  tx.identify(login);
  if (!tx.user) return back({ error: 'access_denied', error_description: 'Unable to process the login response.' });
  tx.prove('pwd');
  try {
    await tx.advance();
  } catch (error) {
    if (!(error instanceof IdxError)) throw error;
    return back({ error: 'access_denied', error_description: error.message });
  }
  if (!tx.result) return back(GO_ON);
  const refusal = host.refusal(request, tx.result);
  if (refusal) return back({ error: refusal.error, error_description: refusal.description });
  return back({ interaction_code: await issueCode(tx) });
}

function choice(tx: Transaction, { directory, host }: Services): string {
  const links = directory.list().map(({ profile: { login, firstName, lastName } }) => {
    const query = new URLSearchParams({ stateToken: tx.stateHandle, login }).toString();
    return `<p><a href="?${escapeHtml(query)}">${escapeHtml(`${firstName} ${lastName}`)} (${escapeHtml(login)})</a></p>`;
  });
  const label = escapeHtml(host.clientLabel(tx.request.clientId));
  return `<p>This page stands in for the identity provider. Who signs in to ${label}?</p>${links.join('')}`;
}

function show(res: ServerResponse, status: number, title: string, content: string): void {
  const { html, csp } = pageHtml(title, `<main class="narrow"><h1>${escapeHtml(title)}</h1>${content}</main>`);
  sendHtml(res, status, html, { csp });
}
