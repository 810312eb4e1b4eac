import type { OktaElementsError } from '../errors.js';

/** Claims of the ID token (OpenID Connect Core 2 and 5.1, and Okta's own such as `groups`). */
export interface User {
  readonly sub: string;
  readonly [claim: string]: unknown;
}

export type SessionStatus = 'pending' | 'signed-out' | 'signed-in' | 'signing-in' | 'signing-out' | 'error';

/** Who is signed in, as every element and every subscriber sees it. Holds no token. */
export interface SessionState {
  readonly status: SessionStatus;
  /** Present only while `signed-in`. */
  readonly user?: User;
  /** Scopes granted to the access token. Present only while `signed-in`. */
  readonly scopes?: readonly string[];
  /** When the tokens expire, epoch seconds. Present only while `signed-in`. */
  readonly expiresAt?: number;
  /** Seconds by which the issuer's clock is ahead of this browser's, at most 300 either way. Present only while `signed-in`. */
  readonly clockSkew?: number;
  /** Present only in `error`. */
  readonly error?: OktaElementsError;
}
