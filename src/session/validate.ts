/**
 * What has to hold before anything is stored, whichever way it came: redirect, popup, widget or renewal. In the order
 * in which it is asked, and each rule under the name of what it refuses, with the section that asks for it:
 *
 * 1. the provider's account of itself: discovery.ts
 * 2. the answer that brings the code: callback.ts
 * 3. the tokens for the code, or for a refresh token: validate/token-response.ts
 * 4. the header of the ID token: validate/jwt.ts
 * 5. its claims, and for a renewal those of the one before: validate/claims.ts
 * 6. its signature, and that it belongs to the access token: validate/signature.ts
 * 7. what the provider says of the user elsewhere: userinfo.ts
 */
import { validateClaims, type Expectation } from './validate/claims.js';
import { parseJwt } from './validate/jwt.js';
import { verifyAccessTokenHash, verifySignature, type KeySource } from './validate/signature.js';

export type { Expectation } from './validate/claims.js';
export type { KeySource } from './validate/signature.js';
export { parseTokenResponse, type TokenResponse } from './validate/token-response.js';

/**
 * Puts an ID token through steps 4 to 6.
 * @throws OktaElementsError `id_token_invalid`, or what kept the keys from being fetched
 */
export async function validateIdToken(
  idToken: string,
  accessToken: string,
  expected: Expectation,
  keys: KeySource,
): Promise<void> {
  const jwt = parseJwt(idToken);
  validateClaims(jwt.claims, expected);
  await verifySignature(jwt, keys);
  await verifyAccessTokenHash(jwt.claims, accessToken);
}
