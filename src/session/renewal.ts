import { OktaElementsError } from '../errors.js';
import { acceptTokens, authJs, type Session } from './sign-in.js';
import type { StoredTokens } from './token-store.js';

/** Seconds of life below which a token is renewed ahead of its expiry. */
export const RENEW_AHEAD = 60;

/**
 * Renews the access token with the refresh token: one renewal at a time across tabs (Web Locks), and none when
 * another tab has just done it. A failure that says nothing about the session (network, server) leaves the tokens as
 * they are; a refused refresh token ends the session.
 * @param force renew a token that has not expired, because the API refused it
 * @returns the tokens to go on with, or undefined when the session has ended
 * @throws OktaElementsError what kept the renewal from being answered
 */
export function renew(session: Session, force = false): Promise<StoredTokens | undefined> {
  const { locks } = session.environment;
  const asked = session.store.read()?.accessToken;
  const work = () => renewAlone(session, force ? asked : undefined);
  return locks ? locks.request(`${session.store.key}:renewal`, work) : work();
}

async function renewAlone(session: Session, refused?: string): Promise<StoredTokens | undefined> {
  const { config, environment, store } = session;
  const tokens = store.read();
  const now = Math.floor(environment.now() / 1000);
  if (!tokens || (tokens.expiresAt - now > RENEW_AHEAD && tokens.accessToken !== refused)) return tokens;
  if (!tokens.refreshToken) return end(session, tokens, now);
  try {
    const response = await authJs(session).refresh(tokens.refreshToken, tokens.scopes);
    const { issuer, clientId } = config;
    const expected = { issuer, clientId, scopes: tokens.scopes, previous: tokens.user, now };
    const renewed = await acceptTokens(session, response, expected, tokens);
    // Signed out, or somebody else signed in, while the answer was on its way: theirs is the last word.
    if (store.read()?.refreshToken !== tokens.refreshToken) return store.read();
    return store.write(renewed);
  } catch (error) {
    const { code } = error as OktaElementsError;
    if (code === 'network' || code === 'offline' || code === 'timeout' || code === 'server_error') throw error;
    if (store.read()?.refreshToken === tokens.refreshToken) store.clear();
    return undefined;
  }
}

/** Nothing to renew with: the tokens are good until they expire. */
function end({ store }: Session, tokens: StoredTokens, now: number): StoredTokens | undefined {
  if (tokens.expiresAt > now) return tokens;
  store.clear();
  return undefined;
}
