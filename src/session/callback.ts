import { OktaElementsError, type ErrorCode } from '../errors.js';

/** Parameters that an authorization response may carry (RFC 6749 4.1.2, RFC 9207, OpenID Connect Session 2, Okta). */
const PARAMETERS = [
  'code',
  'interaction_code',
  'state',
  'iss',
  'error',
  'error_description',
  'error_uri',
  'session_state',
];

/** An authorization response that succeeded. */
export interface AuthorizationResponse {
  readonly code: string;
  readonly state: string;
}

/** The address without the authorization response, everything else as it was, to the letter. */
export function withoutResponse(href: string): string {
  const url = new URL(href);
  const isOurs = (pair: string) => [...new URLSearchParams(pair).keys()].some((name) => PARAMETERS.includes(name));
  url.search = url.search
    .slice(1)
    .split('&')
    .filter((pair) => !isOurs(pair))
    .join('&');
  return url.href;
}

/** The errors an app meets every day have a code of their own; any other keeps its OAuth name in the message. */
const CODES: Readonly<Record<string, ErrorCode>> = {
  access_denied: 'access_denied',
  login_required: 'login_required',
  interaction_required: 'login_required',
  consent_required: 'login_required',
  account_selection_required: 'login_required',
  server_error: 'server_error',
  temporarily_unavailable: 'server_error',
};

/** What an OAuth error response becomes. `description` is the provider's text and shown as text only. */
export function oauthError(
  error: string,
  description: string | null | undefined,
  byDefault: ErrorCode,
): OktaElementsError {
  const code = Object.hasOwn(CODES, error) ? CODES[error]! : byDefault;
  const said = (description || error).slice(0, 300).replace(/[.\s]+$/, '');
  const name = description ? ` (${error})` : '';
  const advice =
    {
      access_denied: 'ask whoever runs this site for access, or sign in as somebody else',
      login_required: 'sign in again',
      server_error: 'try again in a moment',
    }[code as string] ?? `sign in again, and check the settings of the application in Okta${name}`;
  return new OktaElementsError(code, `Okta answered: ${said}; ${advice}.`);
}

/**
 * Reads an authorization response strictly: each parameter once, either a code or an error, and the issuer,
 * where one is named, ours (RFC 9207).
 * @throws OktaElementsError `callback_invalid`, `issuer_mismatch`, or what the provider's error stands for
 */
export function readResponse(href: string, issuer: string): AuthorizationResponse {
  const { searchParams } = new URL(href);
  for (const name of PARAMETERS) {
    if (searchParams.getAll(name).length > 1) {
      throw new OktaElementsError('callback_invalid', `The return from Okta names "${name}" twice; sign in again.`);
    }
  }
  const [code, error, state, iss] = ['code', 'error', 'state', 'iss'].map((name) => searchParams.get(name));
  if (iss !== null && iss !== issuer) {
    throw new OktaElementsError(
      'issuer_mismatch',
      `The answer comes from another issuer than the configured one; set issuer to where your users sign in ("${issuer}").`,
    );
  }
  if (!state || (code && error) || !(code || error)) {
    throw new OktaElementsError('callback_invalid', 'The return from Okta is not complete; sign in again.');
  }
  if (error) throw oauthError(error, searchParams.get('error_description'), 'callback_invalid');
  return { code: code!, state };
}
