import type { User } from '../state.js';
import type { TokenSet } from '../token-store.js';
import { check, isSeconds, quote, type Checks } from './check.js';
import { ID_TOKEN } from './jwt.js';

/** Seconds by which a browser's clock may differ from the provider's. */
export const CLOCK_SKEW = 300;
/** Seconds from the signing of an ID token until it is looked at, at most: it is made in answer to our request. */
const LATENCY = 30;

/** What the sign-in, or the renewal, that is being finished asked for. */
export interface Expectation {
  readonly issuer: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** What was sent. Absent for a refresh token, by which none can be. */
  readonly nonce?: string;
  readonly acrValues?: readonly string[];
  /** Seconds. */
  readonly maxAge?: number;
  /** For a renewal: the claims of the ID token before it. */
  readonly previous?: User;
  /** Default `Bearer`. */
  readonly tokenType?: TokenSet['tokenType'];
  /** Epoch seconds, by this browser's clock. */
  readonly now: number;
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const setClock = 'set the clock of this device, then sign in again';
const minutes = (seconds: number) => `${Math.round(seconds / 60)} minutes`;

/** OpenID Connect Core 3.1.3.7, in its order. Steps 6 and 7, the signature, are in jwt.ts and signature.ts. */
const claimChecks: Checks<User, Expectation> = {
  // Step 2.
  foreignIssuer: ({ iss }, { issuer }) =>
    iss !== issuer && `it comes from another issuer (${quote(iss)}); check issuer`,

  // Step 3.
  foreignAudience: ({ aud }, { clientId }) =>
    ![aud].flat().includes(clientId) && 'it is meant for another application (aud); check client-id',

  // Steps 3 and 4: the others are trusted only where the provider says that it was issued to us.
  sharedAudience: ({ aud, azp }, { clientId }) =>
    [aud].flat().length > 1 && azp !== clientId && 'it is shared with other applications (aud); check client-id',

  // Step 5.
  foreignAuthorizedParty: ({ azp }, { clientId }) =>
    azp !== undefined && azp !== clientId && 'it was issued to another application (azp); check client-id',

  // Section 2: at most 255 characters.
  malformedSubject: ({ sub }) => (!isText(sub) || sub.length > 255) && 'it names no user (sub); check issuer',

  // Section 2: both are required.
  withoutTimes: ({ exp, iat }) =>
    !(isSeconds(exp) && isSeconds(iat)) && 'it does not say when it was issued and expires (iat, exp); check issuer',

  // Step 9.
  expired: ({ exp }, { now }) => (exp as number) <= now - CLOCK_SKEW && `it has expired; ${setClock}`,

  // Step 10. A clock that is behind.
  issuedInTheFuture: ({ iat }, { now }) =>
    (iat as number) > now + CLOCK_SKEW && `it was issued in the future; ${setClock}`,

  // Step 10. A clock that is ahead, or an old token brought back.
  issuedLongAgo: ({ iat }, { now }) =>
    (iat as number) < now - CLOCK_SKEW - LATENCY &&
    `it was issued ${minutes(now - (iat as number))} ago by this clock; ${setClock}`,

  // Section 2: a token that never was valid tells of a provider out of order.
  expiredBeforeIssued: ({ exp, iat }) =>
    (exp as number) <= (iat as number) && 'it expired before it was issued; try again',

  // RFC 7519 section 4.1.5.
  notYetValid: ({ nbf }, { now }) =>
    nbf !== undefined && (!isSeconds(nbf) || nbf > now + CLOCK_SKEW) && `it is not valid yet; ${setClock}`,

  // Step 11. A refresh sends none; what holds then is below.
  foreignNonce: (claims, { nonce, previous }) =>
    (nonce !== undefined || !previous) &&
    (!isText(nonce) || claims.nonce !== nonce) &&
    'it answers another sign-in (nonce); sign in again',

  // Step 12, section 5.5.1.1.
  weakerAuthentication: ({ acr }, { acrValues }) =>
    !!acrValues?.length &&
    !acrValues.includes(acr as string) &&
    'it lacks the assurance that was asked for (acr); sign in again, or check acr-values',

  // Step 13, section 3.1.2.1.
  olderAuthentication: ({ auth_time: time }, { maxAge, now }) =>
    maxAge !== undefined &&
    (!isSeconds(time) || time + maxAge < now - CLOCK_SKEW) &&
    'it rests on an older sign-in than was asked for (auth_time); sign in again',
};

/** OpenID Connect Core 12.2, in its order; with a hidden frame, 3.1.2.6, which is about the user alone. */
const renewalChecks: Checks<User, Expectation & { previous: User }> = {
  otherSubject: ({ sub }, { previous }) => sub !== previous.sub && 'it is another user’s (sub); sign in again',

  otherAuthenticationTime: ({ auth_time: time }, { nonce, previous }) =>
    nonce === undefined &&
    time !== undefined &&
    previous.auth_time !== undefined &&
    time !== previous.auth_time &&
    'it rests on another sign-in (auth_time); sign in again',

  otherAuthorizedParty: ({ azp }, { previous }) =>
    azp !== previous.azp && 'it was issued to another party than before (azp); sign in again',

  otherNonce: (claims, { nonce, previous }) =>
    nonce === undefined &&
    claims.nonce !== undefined &&
    claims.nonce !== previous.nonce &&
    'it answers another sign-in (nonce); sign in again',
};

function isRenewal(expected: Expectation): expected is Expectation & { previous: User } {
  return expected.previous !== undefined;
}

/**
 * Checks the claims of an ID token against what was asked for.
 * @throws OktaElementsError `id_token_invalid`, naming the check that refused
 */
export function validateClaims(claims: User, expected: Expectation): void {
  check('id_token_invalid', ID_TOKEN, claimChecks, claims, expected);
  if (isRenewal(expected)) check('id_token_invalid', ID_TOKEN, renewalChecks, claims, expected);
}
