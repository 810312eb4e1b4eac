import { OktaElementsError, type ErrorCode } from '../errors.js';
import { keyOf } from './bound-key.js';
import { acceptTokens } from './completion.js';
import type { LiveSession } from './live-session.js';
import { loaded } from './parts.js';
import { providerOf } from './session.js';
import { revoke } from './sign-out.js';
import { seal, unseal } from './sealing.js';
import {
  beginExchange,
  claimTurn,
  currentTurn,
  isSignedOut,
  isSpent,
  markSpent,
  newTurn,
  takeTurn,
  type Turn,
} from './spent-tokens.js';
import { storeTokens } from './store-tokens.js';
import type { StoredSession, StoredTokens, TokenSet } from './token-store.js';
import type { TokenResponse } from './validate/token-response.js';

/** Seconds of life below which a token is renewed ahead of its expiry. */
const RENEW_AHEAD = 60;

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

/** Names of errors for a lock that was waited for in vain, or stolen before the work began. */
const INTERRUPTED = ['TimeoutError', 'AbortError'];

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
 * Renews the tokens, then applies the result to the session of this page.
 * @param refused as for {@link renew}
 * @returns the stored session, or undefined when it has ended
 */
export async function renewSession(session: LiveSession, refused?: string): Promise<StoredSession | undefined> {
  await renew(session, refused);
  const tokens = session.store.read();
  // A sign-in or a sign-out that came between has the last word.
  if (session.isBusy) return tokens;
  if (tokens) session.signedIn(tokens, 'renewal');
  else if (session.state.status !== 'signed-out') session.expired();
  return tokens;
}

/**
 * Decrypts the tokens of a stored session. One that cannot be decrypted ends, unless Okta issues other tokens silently.
 * @returns undefined when the user is signed out by then
 */
export async function openTokens(session: LiveSession, stored?: StoredSession): Promise<StoredTokens | undefined> {
  const { store } = session;
  if (!stored) return undefined;
  const tokens = store.opened.get(stored) ?? (await unseal(session, stored));
  if (tokens) return store.read() && tokens;
  if (session.state.status === 'signed-in') session.change({ status: 'pending' }, 'expired');
  const renewed = await session.renew().catch((error: OktaElementsError) => {
    if (session.isBusy) return undefined;
    session.ended = error;
    session.expired();
    return undefined;
  });
  return renewed && store.opened.get(renewed);
}

/**
 * Renews the tokens, with the refresh token or, where there is none, in a hidden frame: one renewal at a time across
 * tabs (Web Locks), and none when another tab has just done it. A failure that says nothing about the session (network,
 * server) leaves the tokens as they are, and the next attempt waits, longer each time; a refused refresh token ends the
 * session.
 * @param refused the id of tokens to renew though they have not expired, because the API refused them
 * @returns the tokens to go on with, or undefined when the session has ended
 * @throws OktaElementsError what kept the renewal from being answered, when there is no valid token to go on with
 */
async function renew(session: LiveSession, refused?: string): Promise<StoredSession | undefined> {
  const { config, environment, store } = session;
  const { locks } = environment;
  const before = store.read();
  if (!locks) return renewAlone(session, { before, refused });
  // A tab that was frozen while it held the lock keeps it. Another tab may have stolen the lock before this one.
  for (let attempt = 1; attempt <= 2; attempt++) {
    const seen = currentTurn(session);
    // Discovery, token and keys are three requests.
    const signal = AbortSignal.timeout(3 * config.requestTimeout);
    const turn = newTurn();
    const waited = await underLock(session, { signal }, turn, async () => {
      await takeTurn(turn, session);
      return renewAlone(session, { before, refused, turn });
    });
    if (waited.granted) return waited.renewed;
    // A browser that blocks storage denies locks, too. Then no other tab has these tokens.
    if (!INTERRUPTED.includes(waited.cause.name)) return renewAlone(session, { before, refused });
    const claimed = newTurn();
    if (await claimTurn(claimed, await seen, session)) {
      const stolen = await underLock(session, { steal: true }, claimed, () =>
        renewAlone(session, { before, refused, turn: claimed }),
      );
      if (stolen.granted) return stolen.renewed;
    }
  }
  const stored = store.read();
  if (stored && isGood(session, stored, { refused })) return stored;
  throw heldElsewhere();
}

/**
 * Does `work` under the lock of renewals. When another tab steals the lock meanwhile, the work goes on without it.
 * @returns the tokens, or why the lock was not granted
 */
async function underLock(
  { environment, store }: LiveSession,
  options: LockOptions,
  turn: Turn,
  work: () => Promise<StoredSession | undefined>,
): Promise<{ granted: true; renewed: StoredSession | undefined } | { granted: false; cause: DOMException }> {
  let running: Promise<StoredSession | undefined> | undefined;
  try {
    await environment.locks!.request(`${store.key}:renewal`, options, () => (running = work()));
  } catch (cause) {
    turn.isLost = true;
    if (!running) return { granted: false, cause: cause as DOMException };
  }
  return { granted: true, renewed: await running };
}

function heldElsewhere(): OktaElementsError {
  return new OktaElementsError('timeout', 'Another tab holds the renewal lock. Close that tab, then try again.');
}

function secondsNow({ environment }: LiveSession): number {
  return Math.floor(environment.now() / 1000);
}

/**
 * Whether an access token serves.
 * @param options.refused the id of tokens that do not serve, even before they expire
 * @param options.ahead seconds of life that it must have left; default 0
 */
function isGood(
  session: LiveSession,
  { id, expiresAt }: StoredSession,
  { refused, ahead = 0 }: { refused: string | undefined; ahead?: number },
): boolean {
  return expiresAt - secondsNow(session) > ahead && id !== refused;
}

async function renewAlone(
  session: LiveSession,
  { before, refused, turn }: { before?: StoredSession; refused?: string; turn?: Turn },
): Promise<StoredSession | undefined> {
  const { config, store } = session;
  const now = () => secondsNow(session);
  const tokens = await latest(session);
  if (!tokens && session.isRemembered) return remember(session);
  // What another tab got meanwhile is good however short its life is.
  const ahead = tokens?.id === before?.id ? RENEW_AHEAD : 0;
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
  const isOurs = () => store.read()?.id === tokens.id;
  try {
    session.ended = undefined;
    const renewed = await (tokens.refreshToken
      ? refresh(session, tokens, tokens.refreshToken, turn)
      : silently(session, tokens));
    session.pause = undefined;
    const sealed = await seal(session, renewed);
    const signedOut = await isSignedOut(tokens.id, session);
    if (signedOut && isOurs()) store.clear();
    if (isOurs()) storeTokens(session, sealed);
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
async function remember(session: LiveSession): Promise<StoredSession | undefined> {
  const { config, store, activity } = session;
  const idle = (config.idleTimeout ?? Infinity) * 1000;
  if (activity.last && session.now - activity.last >= idle) {
    session.drop();
    return undefined;
  }
  const renewed = await silently(session).catch((error: unknown) => {
    if (!store.read()) throw error;
  });
  const sealed = renewed && (await seal(session, renewed));
  if (sealed && !store.read() && session.isRemembered) {
    if (config.idleTimeout) activity.touch();
    return storeTokens(session, sealed);
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
  const stored = store.read();
  const tokens = stored && (await unseal(session, stored));
  if (!tokens?.refreshToken || unproven.get(session)?.refreshToken === tokens.refreshToken) return tokens;
  if (!(await isSpent(tokens.refreshToken, session))) return tokens;
  for (const end = environment.now() + LONGEST_WAY; environment.now() < end;) {
    await new Promise((resolve) => setTimeout(resolve, STEP));
    const later = store.read();
    if (later?.id !== tokens.id) return later && unseal(session, later);
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

async function refresh(
  session: LiveSession,
  tokens: StoredTokens,
  refreshToken: string,
  turn?: Turn,
): Promise<TokenSet> {
  const { issuer, clientId } = session.config;
  const { scopes, user: previous, tokenType, keyId } = tokens;
  let answer = unproven.get(session);
  if (answer?.refreshToken !== refreshToken) {
    if (turn && !(await beginExchange(refreshToken, turn, session))) throw heldElsewhere();
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
