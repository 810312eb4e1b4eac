/**
 * What the two halves of the org say to each other.
 *
 * `oidc/` knows OAuth: who asks, for what, where the answer goes. `idx/` knows people: who signs in, with which
 * factors. They meet here and nowhere else: `oidc/` hands `idx/` a {@link SignInRequest}, `idx/` hands back a
 * {@link SignInResult}.
 */

import type { IncomingMessage, ServerResponse } from 'node:http';

/** Authentication methods, as they appear in the `amr` claim (RFC 8176). */
export type Amr = 'pwd' | 'otp' | 'email' | 'mfa';

/** A sign-in that an application asked for. */
export interface SignInRequest {
  /** `hosted`: the org's own page, begun at `/v1/authorize`. `embedded`: the app's page, begun at `/v1/interact`. */
  kind: 'hosted' | 'embedded';
  /** Origin the browser used for the org, such as `http://localhost:7100`. Every link in an answer is on it. */
  origin: string;
  /**
   * Value of the browser-binding cookie. A step that comes with another value is refused.
   * Empty when the browser sent none, as on the first embedded sign-in or where third-party cookies are blocked:
   * the state then belongs to the first browser that brings a cookie, and to whoever holds its handle until then.
   */
  browserId: string;
  clientId: string;
  scopes: string[];
  redirectUri: string;
  state?: string;
  nonce?: string;
  codeChallenge?: string;
  codeChallengeMethod?: string;
  /** Requested authentication context classes, most wanted first. */
  acrValues: string[];
  /** Seconds since the user last proved who they are, at most. */
  maxAge?: number;
  prompt?: string;
  loginHint?: string;
  /** Language tags the user prefers, best first. */
  uiLocales?: string[];
  /** oidc-provider's interaction uid, for `hosted`. */
  interactionUid?: string;
  /** A user who already has an Okta session in this browser and only needs to prove more (step-up). */
  sessionUserId?: string;
  /** What that session has proved already. */
  sessionAmr?: Amr[];
  /** When that session proved it, epoch seconds. */
  sessionAuthTime?: number;
}

/** The outcome of a sign-in: who it was and what they proved. */
export interface SignInResult {
  userId: string;
  amr: Amr[];
  /** When the last factor was proved, epoch seconds. */
  authTime: number;
  /** The user ticked "keep me signed in". */
  remember: boolean;
}

/** What the access policies say of one user's request. */
export type PolicyDecision =
  | { allow: false; rule?: string; description: string }
  | {
      allow: true;
      rule: string;
      requireSecondFactor: boolean;
      accessTokenLifetimeSeconds: number;
      refreshTokenLifetimeSeconds: number;
      /** A refresh token that is not used for so long expires. */
      refreshTokenWindowSeconds: number;
    };

/** Why somebody who has signed in gets no tokens, in the words of an authorization response. */
export interface Refusal {
  error: 'access_denied' | 'unmet_authentication_requirements';
  description: string;
}

/** What `idx/` needs from the rest of the org. */
export interface SignInHost {
  /** Evaluates the access policies for a user. `idx/` asks as soon as it knows who the user is. */
  decide(request: SignInRequest, userId: string): PolicyDecision;
  /** Embedded only: whether a finished sign-in gets a code. Hosted, `/v1/authorize` decides that. */
  refusal(request: SignInRequest, result: SignInResult): Refusal | undefined;
  /** Ends every session of a user, in whichever browser. */
  endSessions(userId: string): void;
  /** Label of a client, shown as "Signing in to …". */
  clientLabel(clientId: string): string;
  /** Embedded only: mints the interaction code for a finished sign-in. */
  issueInteractionCode(request: SignInRequest, result: SignInResult): Promise<string>;
  /** Embedded only: begins the Okta session of this browser by setting the `idx` cookie. To be awaited before answering. */
  establishSession(
    req: IncomingMessage,
    res: ServerResponse,
    request: SignInRequest,
    result: SignInResult,
  ): Promise<void>;
}
