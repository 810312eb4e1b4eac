import type { IncomingMessage, ServerResponse } from 'node:http';
import { isRecent } from '../assurance.js';
import { parseForm, readBody, sendJson } from '../http.js';
import type { SignInRequest } from '../sign-in.js';
import type { CurrentSession } from '../sessions.js';
import type { OidcDeps } from './deps.js';
import { supportedScopes } from './provider.js';
import { words } from './words.js';

/** An OAuth error of `/v1/interact`. */
class InteractError extends Error {
  constructor(
    readonly error: string,
    description: string,
    readonly status = 400,
  ) {
    super(description);
  }
}

export interface InteractHost {
  origin: string;
  browserId: string;
  session: CurrentSession | undefined;
  /** Begins the sign-in and returns its interaction handle. */
  begin(request: SignInRequest): string;
}

/**
 * `POST /v1/interact`: begins an embedded sign-in. The request is that of `/v1/authorize`, by form, and is judged as
 * strictly; the answer is a handle for the Identity Engine instead of a page.
 */
export async function interact(
  req: IncomingMessage,
  res: ServerResponse,
  host: InteractHost,
  deps: OidcDeps,
): Promise<void> {
  try {
    if (req.method !== 'POST')
      throw new InteractError('invalid_request', 'The endpoint does not support the provided HTTP method.', 405);
    const request = embeddedRequest(parseForm(await readBody(req)), host, deps);
    sendJson(res, 200, { interaction_handle: host.begin(request) });
  } catch (error) {
    if (!(error instanceof InteractError)) throw error;
    sendJson(res, error.status, { error: error.error, error_description: error.message });
  }
}

function embeddedRequest(
  form: Map<string, string>,
  { origin, browserId, session }: InteractHost,
  deps: OidcDeps,
): SignInRequest {
  const field = (name: string): string | undefined => form.get(name) || undefined;
  const client = deps.config.clients.find(({ id }) => id === field('client_id'));
  if (!client) throw new InteractError('invalid_client', "Invalid value for 'client_id' parameter.", 401);
  if (!client.grantTypes.includes('interaction_code')) {
    const configured = client.grantTypes.join(', ');
    throw new InteractError(
      'unauthorized_client',
      `The client is not authorized to use the provided grant type. Configured grant types: [${configured}].`,
    );
  }

  const redirectUri = field('redirect_uri');
  if (redirectUri === undefined || !client.redirectUris.includes(redirectUri)) {
    throw new InteractError(
      'invalid_request',
      "The 'redirect_uri' parameter must be a Login redirect URI in the client app settings.",
    );
  }

  const scopes = words(field('scope'));
  const known = supportedScopes(deps);
  if (!scopes.includes('openid')) throw new InteractError('invalid_scope', "The 'openid' scope is required.");
  if (scopes.some((scope) => !known.includes(scope))) {
    throw new InteractError(
      'invalid_scope',
      'One or more scopes are not configured for the authorization server resource.',
    );
  }

  const codeChallenge = field('code_challenge');
  const codeChallengeMethod = field('code_challenge_method');
  if (codeChallenge === undefined && client.secret === undefined) {
    throw new InteractError(
      'invalid_request',
      "PKCE code challenge is required when the token endpoint authentication method is 'NONE'.",
    );
  }
  if (codeChallenge !== undefined && (codeChallengeMethod !== 'S256' || !/^[\w.~-]{43,128}$/.test(codeChallenge))) {
    throw new InteractError('invalid_request', "The 'code_challenge' must be made with the method 'S256'.");
  }

  const age = field('max_age');
  if (age !== undefined && !/^\d{1,9}$/.test(age))
    throw new InteractError('invalid_request', "The 'max_age' parameter is not valid.");
  const maxAge = age === undefined ? undefined : Number(age);

  return {
    kind: 'embedded',
    origin,
    browserId,
    clientId: client.id,
    scopes,
    redirectUri,
    state: field('state'),
    nonce: field('nonce'),
    codeChallenge,
    codeChallengeMethod,
    acrValues: words(field('acr_values')),
    maxAge,
    prompt: field('prompt'),
    loginHint: field('login_hint'),
    uiLocales: words(field('ui_locales')),
    ...usableSession(session, words(field('prompt')), maxAge, deps),
  };
}

/** What the browser's session spares the user. A request that wants the user to prove it again gets nothing of it. */
function usableSession(
  session: CurrentSession | undefined,
  prompts: string[],
  maxAge: number | undefined,
  { clock }: OidcDeps,
): Pick<SignInRequest, 'sessionUserId' | 'sessionAmr' | 'sessionAuthTime'> {
  if (!session || prompts.includes('login')) return {};
  if (!isRecent(session.authTime, maxAge, clock.now() / 1000)) return {};
  return { sessionUserId: session.user.id, sessionAmr: session.amr, sessionAuthTime: session.authTime };
}
