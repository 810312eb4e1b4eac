/** How a sign-in ends, whichever way it went: the answer is read, its code exchanged, and what comes back checked. */
import { OktaElementsError } from '../errors.js';
import { loadDpop } from './bound-key.js';
import { readResponse } from './callback.js';
import type { DpopKey } from './dpop.js';
import type { LiveSession } from './live-session.js';
import { own } from './own.js';
import { loaded } from './parts.js';
import { safeReturnTo } from './return-to.js';
import { providerOf, type Session } from './session.js';
import { revoke } from './sign-out.js';
import { isSignedOut } from './spent-tokens.js';
import { decodeClaims, seal } from './sealing.js';
import type { User } from './state.js';
import { stateKind } from './state-kind.js';
import { storeTokens } from './store-tokens.js';
import type { StoredSession, TokenSet } from './token-store.js';
import { awaitsAnswer, dropTransaction, findTransaction, type Transaction } from './transaction.js';
import { parseTokenResponse, validateIdToken, type Expectation, type TokenResponse } from './validate.js';

/** A sign-in that has ended well. */
export interface Completed {
  readonly tokens: StoredSession;
  readonly returnTo: string;
}

/** Ends the transaction a redirect came back from. */
export function completeHosted(session: LiveSession, href: string, state: string): Promise<Completed> {
  return complete(session, state, (transaction) => readCode(session, href, transaction));
}

/** Ends the transaction a hidden frame came back from. What it returns may be stored. */
export async function completeSilent(session: Session, href: string, state: string): Promise<TokenSet> {
  return (await redeem(session, state, (transaction) => readCode(session, href, transaction))).tokens;
}

/** Ends the transaction the widget came back from. */
export function completeEmbedded(session: LiveSession, state: string, interactionCode: string): Promise<Completed> {
  return complete(session, state, () => Promise.resolve({ interactionCode }));
}

/** The one way by which tokens come into the store, but for renewal, which takes the same checks. */
async function complete(session: LiveSession, state: string, code: ReadCode): Promise<Completed> {
  const { config, environment, store, activity, drops } = session;
  session.assertInForce();
  const before = store.read();
  const noteEnd = await stepUpNote(session, findTransaction(state, environment));
  try {
    const { tokens, transaction } = await redeem(session, state, code);
    const sealed = await seal(session, tokens);
    const signedOut = before && (await isSignedOut((store.read() ?? before).id, session));
    if (signedOut || session.drops !== drops || isGone(session, before)) {
      // Tokens that came too late are worth nothing to anybody, as far as Okta can be told.
      store.dropKey(tokens.keyId);
      await revoke(session, tokens);
      session.assertInForce();
      throw new OktaElementsError(
        'login_required',
        'The user signed out while this sign-in was being completed. Sign in again.',
      );
    }
    // Checked again: what was stored may have been changed.
    const returnTo = safeReturnTo(transaction.returnTo, environment.location.href);
    // Before the tokens: a tab that hears of them must not take the last sign of life of a session before for theirs.
    if (config.idleTimeout) activity.touch();
    const completed = { tokens: storeTokens(session, sealed), returnTo };
    noteEnd(false);
    return completed;
  } catch (error) {
    noteEnd(true);
    throw error;
  }
}

/** Whether what was stored was taken away, here or in another tab, though its time was not over. */
function isGone({ store, now }: LiveSession, before: StoredSession | undefined): boolean {
  return Boolean(before && !store.read() && before.expiresAt * 1000 > now);
}

/**
 * Remembers how a step-up ended, so that a guard which wanted it does not ask for it again by itself.
 * @returns what to call in the end; nothing has to be loaded then, so that nobody can sign out in between
 */
async function stepUpNote(
  { store, environment }: Session,
  begun: Transaction | undefined,
): Promise<(failure: boolean) => void> {
  const { acrValues = [], maxAge } = begun ?? {};
  if (!acrValues.length && maxAge === undefined) return () => {};
  const part = await loaded(import('./step-up.js')).catch(() => undefined);
  return (failure) => {
    const { user } = store.read() ?? {};
    if (user) part?.endStepUp({ acrValues, maxAge }, user, failure, environment);
  };
}

type Code = { authorizationCode: string } | { interactionCode: string };
type ReadCode = (transaction: Transaction) => Promise<Code>;

/** What the provider says of itself decides how strictly its answer is read. */
async function readCode(session: Session, href: string, { state, redirectUri }: Transaction): Promise<Code> {
  const provider = await providerOf(session).discover();
  const { code } = readResponse(href, { provider, state, redirectUri });
  return stateKind(state) === 'embedded' ? { interactionCode: code } : { authorizationCode: code };
}

/** Ends a transaction: its code for tokens that have passed every check. Stores nothing. */
async function redeem(session: Session, state: string, code: ReadCode) {
  const { config, environment } = session;
  const transaction = findTransaction(state, environment);
  if (transaction?.issuer !== config.issuer || transaction.clientId !== config.clientId) {
    throw awaitsAnswer(environment)
      ? new OktaElementsError(
          'state_mismatch',
          'The authorization response is for another sign-in than the one begun in this tab. Sign in again.',
        )
      : new OktaElementsError(
          'transaction_missing',
          'The authorization response is for a sign-in that was not begun in this tab, or too long ago. Sign in again.',
        );
  }
  // An answer counts once, whether it turns out good or bad.
  dropTransaction(state, environment);
  const provider = providerOf(session);
  provider.recall(transaction.provider);
  const granted = await code(transaction);
  const tokens = await withKeyWanted(session, async (key) => {
    const answered = provider.exchange(granted, transaction, key);
    // They are needed next, and on their way meanwhile. What keeps them from coming is told then.
    provider.keys(false).catch(() => {});
    const response = await answered;
    const now = Math.floor(environment.now() / 1000);
    const accepted = await acceptTokens(session, response, { ...transaction, tokenType: key && 'DPoP', now });
    return { ...accepted, keyId: key?.id };
  });
  return { tokens, transaction };
}

/** New tokens are bound to a new key, where the configuration asks for that. */
async function withKeyWanted<T>(session: Session, work: (key?: DpopKey) => Promise<T>): Promise<T> {
  if (!session.config.dpop) return work();
  const { withNewKey } = await loadDpop();
  const { dpop_signing_alg_values_supported: algorithms } = await providerOf(session).discover();
  return withNewKey(session, algorithms, work);
}

/** Puts a token response through every check there is. What it returns may be stored. */
export async function acceptTokens(
  session: Session,
  response: TokenResponse,
  expectation: Expectation,
  previous?: TokenSet,
): Promise<TokenSet> {
  const expected = own(expectation);
  const tokens = parseTokenResponse(response, expected, previous);
  if (tokens.scopes.length === 0) {
    const empty = 'The token response has an empty "scope": guards with scopes stay closed. Check the scopes in Okta.';
    void import('../explain.js').then(({ note }) => note(empty, undefined, session.config)).catch(() => {});
  }
  if (tokens.idToken === previous?.idToken) return tokens;
  const provider = providerOf(session);
  await validateIdToken(tokens.idToken, tokens.accessToken, expected, (anew) => provider.keys(anew));
  return { ...tokens, clockSkew: skewOf(decodeClaims(tokens.idToken), expected.now) };
}

/** Validation tolerates a difference of this many seconds. A larger difference means that the response was late. */
const MAX_CLOCK_SKEW = 300;

function skewOf({ iat }: User, now: number): number {
  return Math.max(-MAX_CLOCK_SKEW, Math.min(MAX_CLOCK_SKEW, Number(iat) - now));
}
