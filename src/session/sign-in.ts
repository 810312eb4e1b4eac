import { OktaElementsError } from '../errors.js';
import { authorize, beginTransaction } from './authorize.js';
import { loadDpop } from './bound-key.js';
import { readResponse } from './callback.js';
import type { DpopKey } from './dpop.js';
import { leave } from './leave.js';
import type { LiveSession } from './live-session.js';
import { countRedirect, forgetRedirects } from './loop-breaker.js';
import type { EmbeddedReturn } from './embedded-return.js';
import { own } from './own.js';
import { safeReturnTo } from './return-to.js';
import { providerOf, type Session } from './session.js';
import type { StoredTokens, TokenSet } from './token-store.js';
import { stateKind } from './state-kind.js';
import {
  awaitsAnswer,
  dropTransaction,
  findTransaction,
  openTransactions,
  saveTransaction,
  shareTransaction,
  type Transaction,
} from './transaction.js';
import { parseTokenResponse, validateIdToken, type Expectation, type TokenResponse } from './validate.js';

export { providerOf, type Session } from './session.js';

/** What a sign-in can be asked for, whichever way it goes. */
export interface SignInOptions {
  /** Where Okta's own sign-in page is shown: in place of this page (default), or in a window of its own. */
  display?: 'redirect' | 'popup';
  /** Same-origin address to come back to. Default: where the user is now. */
  returnTo?: string;
  /** Fills in the identifier (OpenID Connect Core 3.1.2.1). */
  loginHint?: string;
  /** Id of an identity provider in Okta to go to directly. */
  idp?: string;
  prompt?: string;
  /** Authentication context classes, space-separated: the answer must satisfy one. */
  acrValues?: string;
  /** Seconds since the user last signed in actively, at most. */
  maxAge?: number;
  /** Language tags, best first (`ui_locales`). */
  language?: string;
  /** The page starts it, not the user: counted, and refused when it comes to a loop. */
  automatic?: boolean;
  /** Further parameters for the authorize request; none that binds the transaction can be replaced. */
  authorizeParams?: Readonly<Record<string, string>>;
}

/** What the embedded widget is given of a transaction: enough to ask for a code, not to exchange it. */
export interface EmbeddedTransaction {
  readonly issuer: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly scopes: string[];
  readonly state: string;
  readonly nonce: string;
  readonly codeChallenge: string;
  readonly codeChallengeMethod: 'S256';
  readonly acrValues?: string;
  readonly maxAge?: number;
  readonly prompt?: string;
  /** It was begun by the page that was here before, or in another tab. */
  readonly resumed: boolean;
  /** The code of a mailed link that led here. */
  readonly otp?: string;
  /** That link is for a sign-in which another browser began: its code is to be typed there. */
  readonly elsewhere: boolean;
  /** A form of it is shown, so its time begins anew. After the last form it is not resumed; its answer still counts. */
  keep(isLastForm: boolean): void;
  /** A link for it is in the mail. Other tabs can go on with it. */
  share(): void;
  /** Its answer no longer counts. */
  abandon(): void;
}

/** Does what can be done before the click: after this, a hosted sign-in starts without a request. */
export async function prepare(session: Session): Promise<void> {
  await providerOf(session).discover();
}

/** Leaves for Okta's own sign-in page. */
export async function startHosted(session: LiveSession, options: SignInOptions): Promise<void> {
  const { environment } = session;
  const { sessionStorage: storage } = environment;
  // Before it counts as a redirect: a network that is down makes no loop.
  await providerOf(session).discover();
  if (!options.automatic) forgetRedirects(storage);
  else if (storage) countRedirect(storage, environment.now());
  const { transaction, url } = await authorize(session, options, 'redirect');
  if (!saveTransaction(transaction, environment)) {
    throw new OktaElementsError(
      'storage_unavailable',
      'The browser refuses storage to this page, so it could not tell its own sign-in when it comes back; allow or free storage for this site.',
    );
  }
  leave(session, url);
}

/**
 * Begins the same transaction for the embedded widget, which asks Okta in our place. One that this tab began and did not
 * end goes on, so that a page that is loaded again shows the form the user was at.
 */
export async function startEmbedded(
  session: Session,
  options: SignInOptions,
  back: EmbeddedReturn = {},
): Promise<EmbeddedTransaction> {
  const { config, environment } = session;
  const begun = (await resume(session, options, back)) ?? (await beginTransaction(session, options, 'embedded'));
  const { codeChallenge } = begun;
  const { href } = environment.location;
  let transaction: Transaction = { ...begun.transaction, page: safeReturnTo(href, href) };
  const { state } = transaction;
  const elsewhere = Boolean(back.otp && !back.transaction);
  // Where the code is only shown, nothing will be answered.
  let isOpen = !elsewhere;
  if (isOpen) saveTransaction(transaction, environment);
  return {
    issuer: config.issuer,
    clientId: config.clientId,
    redirectUri: config.redirectUri,
    scopes: [...config.scopes],
    state,
    nonce: transaction.nonce,
    codeChallenge,
    codeChallengeMethod: 'S256',
    acrValues: transaction.acrValues?.join(' ') || undefined,
    maxAge: transaction.maxAge,
    prompt: options.prompt || undefined,
    resumed: 'resumed' in begun,
    otp: back.otp,
    elsewhere,
    keep: (ended) => {
      transaction = { ...transaction, createdAt: environment.now(), ended };
      if (!isOpen) return;
      if (ended) dropTransaction(state, environment);
      saveTransaction(transaction, environment);
    },
    share: () => {
      if (isOpen) shareTransaction(transaction, environment);
    },
    abandon: () => {
      isOpen = false;
      dropTransaction(state, environment);
    },
  };
}

/** The embedded sign-in that this address leads back to, or that this tab was at and that is asked for now. */
async function resume(session: Session, options: SignInOptions, back: EmbeddedReturn) {
  const transaction = back.otp ? back.transaction : (back.transaction ?? openEmbedded(session, options));
  return transaction && { transaction, codeChallenge: await challengeOf(transaction.codeVerifier), resumed: true };
}

function openEmbedded({ config, environment }: Session, options: SignInOptions): Transaction | undefined {
  // Asked to prove it again, one does not take what was proved before.
  if (options.prompt) return undefined;
  const asked = [config.issuer, config.clientId, config.redirectUri, config.scopes, options.acrValues, options.maxAge];
  return openTransactions(environment).find(
    ({ state, ended, issuer, clientId, redirectUri, scopes, acrValues, maxAge }) =>
      stateKind(state) === 'embedded' &&
      !ended &&
      JSON.stringify([issuer, clientId, redirectUri, scopes, acrValues?.join(' '), maxAge]) === JSON.stringify(asked),
  );
}

/** RFC 7636 section 4.2. */
async function challengeOf(codeVerifier: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(codeVerifier));
  const text = btoa(String.fromCharCode(...new Uint8Array(hash)));
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** A sign-in that has ended well. */
export interface Completed {
  readonly tokens: StoredTokens;
  readonly returnTo: string;
}

/** Ends the transaction a redirect came back from. */
export function completeHosted(session: LiveSession, href: string, state: string): Promise<Completed> {
  return complete(session, state, () => readCode(session, href, state));
}

/** Ends the transaction a hidden frame came back from. What it returns may be stored. */
export async function completeSilent(session: Session, href: string, state: string): Promise<TokenSet> {
  return (await redeem(session, state, () => readCode(session, href, state))).tokens;
}

/** Ends the transaction the widget came back from. */
export function completeEmbedded(session: LiveSession, state: string, interactionCode: string): Promise<Completed> {
  return complete(session, state, () => Promise.resolve({ interactionCode }));
}

/** The one way by which tokens come into the store, but for renewal, which takes the same checks. */
async function complete(session: LiveSession, state: string, code: () => Promise<Code>): Promise<Completed> {
  const { drops } = session;
  const begun = findTransaction(state, session.environment);
  try {
    const { tokens, transaction } = await redeem(session, state, code);
    if (session.drops !== drops) {
      await refuse(session, tokens);
      throw new OktaElementsError(
        'login_required',
        'Somebody signed out while this sign-in was ending; sign in again.',
      );
    }
    // Checked again: what was stored may have been changed.
    const returnTo = safeReturnTo(transaction.returnTo, session.environment.location.href);
    const completed = { tokens: session.store.write(tokens), returnTo };
    await noteEnd(session, begun, false);
    return completed;
  } catch (error) {
    await noteEnd(session, begun, true);
    throw error;
  }
}

/** Tokens that came too late are worth nothing to anybody, as far as Okta can be told. */
async function refuse(session: Session, { accessToken, refreshToken, keyId }: TokenSet): Promise<void> {
  session.store.dropKey(keyId);
  const provider = providerOf(session);
  await Promise.allSettled([
    provider.revoke(accessToken, 'access_token'),
    refreshToken && provider.revoke(refreshToken, 'refresh_token'),
  ]);
}

/** Remembers how a step-up ended, so that a guard which wanted it does not ask for it again by itself. */
async function noteEnd({ store, environment }: Session, begun: Transaction | undefined, failure: boolean) {
  const { acrValues = [], maxAge } = begun ?? {};
  const { user } = store.read() ?? {};
  if (!user || (!acrValues.length && maxAge === undefined)) return;
  const part = await import('./step-up.js').catch(() => undefined);
  part?.endStepUp({ acrValues, maxAge }, user, failure, environment);
}

type Code = { authorizationCode: string } | { interactionCode: string };

/** What the provider says of itself decides how strictly its answer is read. */
async function readCode(session: Session, href: string, state: string): Promise<Code> {
  const provider = await providerOf(session).discover();
  const { code } = readResponse(href, { provider, state });
  return stateKind(state) === 'embedded' ? { interactionCode: code } : { authorizationCode: code };
}

/** Ends a transaction: its code for tokens that have passed every check. Stores nothing. */
async function redeem(session: Session, state: string, code: () => Promise<Code>) {
  const { config, environment } = session;
  const transaction = findTransaction(state, environment);
  if (transaction?.issuer !== config.issuer || transaction.clientId !== config.clientId) {
    throw awaitsAnswer(environment)
      ? new OktaElementsError(
          'state_mismatch',
          'The answer belongs to another sign-in than the one begun in this tab; sign in again.',
        )
      : new OktaElementsError(
          'transaction_missing',
          'This sign-in was not begun in this tab, or too long ago; sign in again.',
        );
  }
  // An answer counts once, whether it turns out good or bad.
  dropTransaction(state, environment);
  const granted = await code();
  const tokens = await withKeyWanted(session, async (key) => {
    const response = await providerOf(session).exchange(granted, transaction, key);
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
  if (tokens.idToken === previous?.idToken) return tokens;
  const provider = providerOf(session);
  await validateIdToken(tokens.idToken, tokens.accessToken, expected, (anew) => provider.keys(anew));
  return tokens;
}
