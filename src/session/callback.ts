import { OktaElementsError, type ErrorCode } from '../errors.js';
import type { Discovery } from './discovery.js';
import { landing } from './redirect-uri.js';
import { stateKind } from './state-kind.js';
import { check, type Checks } from './validate/check.js';

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
  // Of the link in a mail.
  'otp',
];

/** An authorization response that succeeded. */
export interface AuthorizationResponse {
  /** An authorization code; an interaction code when the widget began the sign-in. */
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
  // OpenID Connect Core Error Code unmet_authentication_requirements 1.0: asking again would end the same.
  unmet_authentication_requirements: 'access_denied',
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
  const name = description ? ` (${error.slice(0, 100)})` : '';
  const advice =
    {
      access_denied: 'ask whoever runs this site for access, or sign in as somebody else',
      login_required: 'sign in again',
      server_error: 'try again in a moment',
    }[code as string] ?? `sign in again, and check the settings of the application in Okta${name}`;
  return new OktaElementsError(code, `Okta answered: ${said}; ${advice}.`);
}

/** What an authorization response has to answer to. */
export interface ResponseExpectation {
  readonly provider: Pick<Discovery, 'issuer' | 'authorization_response_iss_parameter_supported'>;
  /** Of the transaction that is being finished. */
  readonly state: string;
  readonly redirectUri: string;
}

/** What the widget began ends in an interaction code (Okta's Interaction Code grant), and nothing else does. */
function codeIn(response: URLSearchParams): string | null {
  return response.get(stateKind(response.get('state')) === 'embedded' ? 'interaction_code' : 'code');
}

/** Characters. Servers send no longer addresses. */
const LONGEST_PARAMETER = 8192;

const addressChecks: Checks<string, ResponseExpectation> = {
  // RFC 6749 section 4.1.2, RFC 9700 section 4.4: a response elsewhere may have been sent there by another issuer.
  foreignAddress: (href, { redirectUri }) =>
    landing(href) !== landing(redirectUri) &&
    `it came to ${landing(href)}, and the redirect URI of this sign-in is ${redirectUri}; set redirect-uri to the page that Okta sends users to`,
};

const formChecks: Checks<URLSearchParams> = {
  // RFC 6749 section 3.1.
  repeatedParameter: (response) => {
    const name = PARAMETERS.find((parameter) => response.getAll(parameter).length > 1);
    return name && `it names "${name}" twice; sign in again`;
  },

  oversizedParameter: (response) => {
    const name = PARAMETERS.find((parameter) => (response.get(parameter) ?? '').length > LONGEST_PARAMETER);
    return name && `its "${name}" is too long; sign in again`;
  },

  // RFC 6749 sections 4.1.2 and 4.1.2.1.
  missingState: (response) => !response.get('state') && 'it has no state; sign in again',
  neitherCodeNorError: (response) =>
    !codeIn(response) && !response.get('error') && 'it has neither a code nor an error; sign in again',
  codeBesideError: (response) =>
    (response.has('code') || response.has('interaction_code')) &&
    response.has('error') &&
    'it has both a code and an error; sign in again',
};

const stateChecks: Checks<URLSearchParams, ResponseExpectation> = {
  // RFC 6749 section 10.12, RFC 9700 section 4.7.
  foreignState: (response, { state }) => response.get('state') !== state && 'it is for another sign-in; sign in again',
};

/** Before the error or the code is read: neither counts when it comes from somebody else (RFC 9700 section 4.4). */
const issuerChecks: Checks<URLSearchParams, ResponseExpectation> = {
  // RFC 9207 section 2.4.
  foreignIssuer: (response, { provider }) =>
    response.has('iss') &&
    response.get('iss') !== provider.issuer &&
    `it comes from another issuer than the configured one; set issuer to where your users sign in ("${provider.issuer}")`,
  missingIssuer: (response, { provider }) =>
    provider.authorization_response_iss_parameter_supported &&
    !response.has('iss') &&
    'it does not say which issuer it comes from (iss), which this one always does; sign in again',
};

/**
 * Reads an authorization response strictly.
 * @throws OktaElementsError `callback_invalid`, `state_mismatch`, `issuer_mismatch`, or what the provider's error stands
 * for
 */
export function readResponse(href: string, expected: ResponseExpectation): AuthorizationResponse {
  const { searchParams: response } = new URL(href);
  const what = 'The return from Okta';
  check('callback_invalid', what, addressChecks, href, expected);
  check('callback_invalid', what, formChecks, response, undefined);
  check('state_mismatch', what, stateChecks, response, expected);
  check('issuer_mismatch', what, issuerChecks, response, expected);
  const error = response.get('error');
  if (error) throw oauthError(error, response.get('error_description'), 'callback_invalid');
  return { code: codeIn(response)!, state: expected.state };
}
