import type { ErrorCode, OktaElementsError } from '../errors.js';
import { acceptTokens, authJs, type Session } from './sign-in.js';
import type { StoredTokens } from './token-store.js';

/** Seconds of life below which a token is renewed ahead of its expiry. */
export const RENEW_AHEAD = 60;

/** Answers by which the provider ends the session. Any other failure says nothing about it. */
const FINAL: readonly ErrorCode[] = ['renewal_failed', 'access_denied', 'login_required', 'id_token_invalid'];

/**
 * Renews the access token with the refresh token: one renewal at a time across tabs (Web Locks), and none when
 * another tab has just done it. A failure that says nothing about the session (network, server) leaves the tokens as
 * they are; a refused refresh token ends the session.
 * @param refused an access token to renew though it has not expired, because the API refused it
 * @returns the tokens to go on with, or undefined when the session has ended
 * @throws OktaElementsError what kept the renewal from being answered, when there is no valid token to go on with
 */
export function renew(session: Session, refused?: string): Promise<StoredTokens | undefined> {
  const { locks } = session.environment;
  const work = () => renewAlone(session, refused);
  return locks ? locks.request(`${session.store.key}:renewal`, work) : work();
}

async function renewAlone(session: Session, refused?: string): Promise<StoredTokens | undefined> {
  const { config, environment, store } = session;
  const now = () => Math.floor(environment.now() / 1000);
  const isGood = ({ accessToken, expiresAt }: StoredTokens, ahead = 0) =>
    expiresAt - now() > ahead && accessToken !== refused;
  const tokens = store.read();
  if (!tokens || isGood(tokens, RENEW_AHEAD)) return tokens;
  if (!tokens.refreshToken || config.renew === 'off') {
    if (tokens.expiresAt <= now()) store.clear();
    return store.read();
  }
  // Signed out, or somebody else signed in, while the answer was on its way: theirs is the last word.
  const isOurs = () => store.read()?.refreshToken === tokens.refreshToken;
  try {
    const response = await authJs(session).refresh(tokens.refreshToken, tokens.scopes);
    const { issuer, clientId } = config;
    const expected = { issuer, clientId, scopes: tokens.scopes, previous: tokens.user, now: now() };
    const renewed = await acceptTokens(session, response, expected, tokens);
    return isOurs() ? store.write(renewed) : store.read();
  } catch (error) {
    if (isOurs()) {
      if (FINAL.includes((error as OktaElementsError).code)) store.clear();
      else if (!isGood(tokens)) throw error;
    }
    return store.read();
  }
}
