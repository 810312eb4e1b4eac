import { OktaElementsError, type ErrorCode } from '../errors.js';
import { keyOf } from './bound-key.js';
import { acceptTokens } from './completion.js';
import type { LiveSession } from './live-session.js';
import { loaded } from './parts.js';
import { providerOf } from './session.js';
import { revoke } from './sign-out.js';
import { isSignedOut, isSpent, markSpent } from './spent-tokens.js';
import { storeTokens } from './store-tokens.js';
import type { StoredTokens, TokenSet } from './token-store.js';
import type { TokenResponse } from './validate/token-response.js';

/** Seconds of life below which a token is renewed ahead of its expiry. */
export const RENEW_AHEAD = 60;

/** Seconds. */
const LONGEST_PAUSE = 30;

/** How long what one tab stores may take to reach another, and how often that one looks, milliseconds. */
const LONGEST_WAY = 5000;
const STEP = 50;

/** Answers by which the provider ends the session. Any other failure says nothing about it. */
const FINAL: readonly ErrorCode[] = ['renewal_failed', 'access_denied', 'login_required', 'id_token_invalid'];

/** Failures that say nothing about an answer: the provider's keys could not be had, or there was no room to keep it. */
const UNKNOWN: readonly ErrorCode[] = [
  'network',
  'offline',
  'timeout',
  'server_error',
  'discovery_failed',
  'storage_unavailable',
];

/** An answer that could not be checked or kept yet. The refresh token that it was given for is good for no other. */
interface Unproven {
  readonly refreshToken: string;
  readonly response: TokenResponse;
  /** When it came, epoch seconds. */
  readonly now: number;
}
const unproven = new WeakMap<LiveSession, Unproven>();

/** After renewals that failed: how many in a row, why the last did, and when to try again, epoch seconds. */
export interface RenewalPause {
  readonly failures: number;
  readonly error: OktaElementsError;
  readonly until: number;
}

/**
 * Renews the tokens, with the refresh token or, where there is none, in a hidden frame: one renewal at a time across
 * tabs (Web Locks), and none when another tab has just done it. A failure that says nothing about the session (network,
 * server) leaves the tokens as they are, and the next attempt waits, longer each time; a refused refresh token ends the
 * session.
 * @param refused an access token to renew though it has not expired, because the API refused it
 * @returns the tokens to go on with, or undefined when the session has ended
 * @throws OktaElementsError what kept the renewal from being answered, when there is no valid token to go on with
 */
export async function renew(session: LiveSession, refused?: string): Promise<StoredTokens | undefined> {
  const { config, environment, store } = session;
  const before = store.read();
  let begun = false;
  const work = () => {
    begun = true;
    return renewAlone(session, before, refused);
  };
  if (!environment.locks) return work();
  // A tab that was put to sleep while it held the lock keeps it. Discovery, token and keys are three requests.
  const signal = AbortSignal.timeout(3 * config.requestTimeout);
  try {
    return await environment.locks.request(`${store.key}:renewal`, { signal }, work);
  } catch (cause) {
    if (begun) throw cause;
    // A browser that blocks storage denies locks, too. Then no other tab has these tokens.
    if (!signal.aborted) return work();
    const tokens = store.read();
    if (tokens && isGood(session, tokens, { refused })) return tokens;
    throw new OktaElementsError('timeout', 'Another tab holds the renewal lock. Close that tab, then try again.', {
      cause,
    });
  }
}

function secondsNow({ environment }: LiveSession): number {
  return Math.floor(environment.now() / 1000);
}

/**
 * Whether an access token serves.
 * @param options.refused one that does not, whatever its time
 * @param options.ahead seconds of life that it must have left; default 0
 */
function isGood(
  session: LiveSession,
  { accessToken, expiresAt }: StoredTokens,
  { refused, ahead = 0 }: { refused: string | undefined; ahead?: number },
): boolean {
  return expiresAt - secondsNow(session) > ahead && accessToken !== refused;
}

async function renewAlone(
  session: LiveSession,
  before: StoredTokens | undefined,
  refused?: string,
): Promise<StoredTokens | undefined> {
  const { config, store } = session;
  const now = () => secondsNow(session);
  const tokens = await latest(session);
  if (!tokens && session.isRemembered) return remember(session);
  // What another tab got meanwhile is good however short its life is.
  const ahead = tokens?.accessToken === before?.accessToken ? RENEW_AHEAD : 0;
  if (!tokens || isGood(session, tokens, { refused, ahead })) return tokens;
  const serves = () => isGood(session, tokens, { refused });
  if (config.renew === 'off') {
    if (tokens.expiresAt <= now()) store.clear();
    return store.read();
  }
  const { pause } = session;
  const wait = (pause?.until ?? 0) - now();
  // Longer than it ever is: the clock was set back.
  if (pause && wait > 0 && wait <= LONGEST_PAUSE) {
    if (serves()) return tokens;
    throw pause.error;
  }
  // Signed out, or somebody else signed in, while the answer was on its way: theirs is the last word.
  const isOurs = () => store.read()?.accessToken === tokens.accessToken;
  try {
    session.ended = undefined;
    const renewed = await (tokens.refreshToken
      ? refresh(session, tokens, tokens.refreshToken)
      : silently(session, tokens));
    session.pause = undefined;
    const signedOut = await isSignedOut(tokens.accessToken, session);
    if (signedOut && isOurs()) store.clear();
    if (isOurs()) storeTokens(store, renewed);
    else {
      const theirs = store.read();
      if (theirs?.keyId !== renewed.keyId) store.dropKey(renewed.keyId);
      if (signedOut || !theirs) void revoke(session, renewed);
    }
    unproven.delete(session);
  } catch (cause) {
    const error = cause as OktaElementsError;
    if (!UNKNOWN.includes(error.code)) unproven.delete(session);
    if (isOurs()) {
      if (isEnd(error, tokens, now())) {
        store.clear();
        session.ended = error;
        return undefined;
      }
      const failures = (pause?.failures ?? 0) + 1;
      const until = now() + Math.min(2 ** (failures - 1), LONGEST_PAUSE);
      // Not beyond the end of the tokens: then it is time for a last attempt.
      session.pause = { failures, error, until: serves() ? Math.min(until, tokens.expiresAt) : until };
      if (!serves()) throw error;
    }
  }
  return store.read();
}

/** Asks Okta for the tokens that went with the page which had them, unless its user has been idle for too long. */
async function remember(session: LiveSession): Promise<StoredTokens | undefined> {
  const { config, store, activity } = session;
  const idle = (config.idleTimeout ?? Infinity) * 1000;
  if (activity.last && session.now - activity.last >= idle) {
    session.drop();
    return undefined;
  }
  const renewed = await silently(session).catch((error: unknown) => {
    if (!store.read()) throw error;
  });
  if (renewed && !store.read() && session.isRemembered) {
    if (config.idleTimeout) activity.touch();
    return storeTokens(store, renewed);
  }
  // Somebody has signed in or out meanwhile, here or in another tab: that is the last word.
  if (renewed) {
    store.dropKey(renewed.keyId);
    void revoke(session, renewed);
  }
  return store.read();
}

/**
 * What is stored. When that was used up by another tab, what this one has got is on its way here; a refresh token that
 * nothing takes the place of is worth nothing.
 */
async function latest(session: LiveSession): Promise<StoredTokens | undefined> {
  const { environment, store } = session;
  const tokens = store.read();
  if (!tokens?.refreshToken || unproven.get(session)?.refreshToken === tokens.refreshToken) return tokens;
  if (!(await isSpent(tokens.refreshToken, session))) return tokens;
  for (const end = environment.now() + LONGEST_WAY; environment.now() < end;) {
    await new Promise((resolve) => setTimeout(resolve, STEP));
    const later = store.read();
    if (later?.refreshToken !== tokens.refreshToken) return later;
  }
  return { ...tokens, refreshToken: undefined };
}

/**
 * A refresh token that is refused ends the session. Tokens that came without one outlive Okta's own session, and end
 * when no frame gets others in their place.
 */
function isEnd({ code }: OktaElementsError, { refreshToken, expiresAt }: StoredTokens, now: number): boolean {
  return refreshToken ? FINAL.includes(code) : expiresAt <= now && [...FINAL, 'timeout'].includes(code);
}

async function refresh(session: LiveSession, tokens: StoredTokens, refreshToken: string): Promise<TokenSet> {
  const { issuer, clientId } = session.config;
  const { scopes, user: previous, tokenType, keyId } = tokens;
  let answer = unproven.get(session);
  if (answer?.refreshToken !== refreshToken) {
    const response = await providerOf(session).refresh(refreshToken, scopes, await keyOf(session, tokens));
    answer = { refreshToken, response, now: secondsNow(session) };
    // Whatever it turns out to be worth.
    if (![undefined, refreshToken].includes(response.refresh_token as string)) await markSpent(refreshToken, session);
  }
  unproven.set(session, answer);
  const { response, now } = answer;
  const expected = { issuer, clientId, scopes, tokenType, previous, now };
  return { ...(await acceptTokens(session, response, expected, tokens)), keyId };
}

async function silently(session: LiveSession, tokens?: StoredTokens): Promise<TokenSet> {
  const { authorizeSilently } = await loaded(import('./silent.js'));
  return authorizeSilently(session, tokens);
}
