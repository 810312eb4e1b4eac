import { OktaElementsError } from '../errors.js';
import { parseList } from './config.js';
import type { User } from './state.js';
import type { TokenSet } from './token-store.js';

/** Seconds by which a browser's clock may differ from the provider's. */
export const CLOCK_SKEW = 300;

/** What the sign-in that is being finished asked for. */
export interface Expectation {
  readonly issuer: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** Absent for a renewal, where the provider may leave it out but not change it (OpenID Connect Core 12.2). */
  readonly nonce?: string;
  readonly acrValues?: readonly string[];
  /** Seconds. */
  readonly maxAge?: number;
  /** For a renewal: the claims of the ID token before it. */
  readonly previous?: User;
  /** Epoch seconds. */
  readonly now: number;
}

interface IdTokenClaims extends User {
  readonly iss?: unknown;
  readonly aud?: unknown;
  readonly azp?: unknown;
  readonly exp?: unknown;
  readonly iat?: unknown;
  readonly nbf?: unknown;
  readonly nonce?: unknown;
  readonly acr?: unknown;
  readonly auth_time?: unknown;
}

/** Returns what is wrong, and what to change, or nothing. */
type Check = (claims: IdTokenClaims, expected: Expectation) => string | false;

const isTime = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value > 0;
const CLOCK = 'set the clock of this device';

/** OpenID Connect Core 3.1.3.7 and, for a renewal, 12.2, in their order. The signature is checked beside these. */
const checks: Readonly<Record<string, Check>> = {
  issuer: ({ iss }, { issuer }) => iss !== issuer && `it comes from another issuer (${String(iss)}); check issuer`,
  audience: ({ aud }, { clientId }) =>
    ![aud].flat().includes(clientId) && 'it is meant for another application; check client-id',
  furtherAudiences: ({ aud, azp }, { clientId }) =>
    [aud].flat().length > 1 && azp !== clientId && 'it is shared with other applications; check client-id',
  authorizedParty: ({ azp }, { clientId }) =>
    azp !== undefined && azp !== clientId && 'it was issued to another application; check client-id',
  subject: ({ sub }) => (typeof sub !== 'string' || sub === '') && 'it names no user (sub)',
  expiry: ({ exp }, { now }) => (!isTime(exp) || exp <= now - CLOCK_SKEW) && `it has expired; ${CLOCK}`,
  issuedAt: ({ iat }, { now }) => (!isTime(iat) || iat > now + CLOCK_SKEW) && `it was issued in the future; ${CLOCK}`,
  notBefore: ({ nbf }, { now }) =>
    nbf !== undefined && (!isTime(nbf) || nbf > now + CLOCK_SKEW) && `it is not valid yet; ${CLOCK}`,
  nonce: (claims, { nonce, previous }) =>
    (previous ? claims.nonce !== undefined && claims.nonce !== previous.nonce : !nonce || claims.nonce !== nonce) &&
    'it answers another sign-in (nonce)',
  contextClass: ({ acr }, { acrValues }) =>
    !!acrValues?.length && !acrValues.includes(acr as string) && 'it lacks the assurance that was asked for (acr)',
  authenticationTime: ({ auth_time: time }, { maxAge, now }) =>
    maxAge !== undefined &&
    (!isTime(time) || time + maxAge < now - CLOCK_SKEW) &&
    'it rests on an older sign-in than was asked for (auth_time)',
  sameSubject: ({ sub }, { previous }) =>
    previous !== undefined && sub !== previous.sub && 'it is another user’s (sub)',
  sameAuthentication: ({ auth_time: time }, { previous }) =>
    previous?.auth_time !== undefined &&
    time !== undefined &&
    time !== previous.auth_time &&
    'it rests on another sign-in',
};

/**
 * Checks the claims of an ID token against the sign-in that asked for it.
 * @throws OktaElementsError `id_token_invalid`, naming the check that refused
 */
export function validateClaims(claims: User, expected: Expectation): void {
  for (const [name, check] of Object.entries(checks)) {
    const wrong = check(claims, expected);
    if (wrong) throw new OktaElementsError('id_token_invalid', `The ID token was refused (${name}): ${wrong}.`);
  }
}

/** A token response as it came: nothing about it is known yet. */
export type TokenResponse = Readonly<Record<string, unknown>>;

/**
 * Checks a token response (RFC 6749 section 5.1, OpenID Connect Core 3.1.3.3) and makes a token set of it.
 * @param previous for a renewal, what the response may leave out (RFC 6749 section 6, OpenID Connect Core 12.2)
 * @throws OktaElementsError `token_exchange_failed`, saying what the provider left out
 */
export function parseTokenResponse(response: TokenResponse, expected: Expectation, previous?: TokenSet): TokenSet {
  const said = Object(response) as TokenResponse;
  const refuse = (what: string) => {
    throw new OktaElementsError(
      'token_exchange_failed',
      `The token response ${what}; check that the application in Okta is a single-page app and that issuer is its authorization server.`,
    );
  };
  const text = (name: string, byDefault?: string) => {
    const value = said[name] ?? byDefault;
    return typeof value === 'string' && value !== '' ? value : refuse(`lacks ${name}`);
  };
  if (text('token_type').toLowerCase() !== 'bearer') refuse('is of a token type that was not asked for');
  const lifetime = Number(said.expires_in);
  if (!isTime(lifetime)) refuse('does not say when the token expires (expires_in)');
  return {
    accessToken: text('access_token'),
    tokenType: 'Bearer',
    idToken: text('id_token', previous?.idToken),
    refreshToken: said.refresh_token ? text('refresh_token') : previous?.refreshToken,
    scopes: typeof said.scope === 'string' ? parseList(said.scope) : [...(previous ?? expected).scopes],
    expiresAt: Math.floor(expected.now + lifetime),
  };
}
