import { OktaElementsError } from '../errors.js';
import { authorize, beginTransaction } from './authorize.js';
import { loadDpop } from './bound-key.js';
import type { EmbeddedReturn } from './embedded-return.js';
import { leave } from './leave.js';
import type { LiveSession } from './live-session.js';
import { countRedirect, forgetRedirects } from './loop-breaker.js';
import { safeReturnTo } from './return-to.js';
import { providerOf, type Session } from './session.js';
import { stateKind } from './state-kind.js';
import {
  dropTransaction,
  openTransactions,
  saveTransaction,
  shareTransaction,
  type Transaction,
} from './transaction.js';

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
  /** Embedded: the form to begin with. Default `login`. */
  flow?: string;
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
  await Promise.all([providerOf(session).discover(), session.config.dpop && loadDpop()]);
}

/** Leaves for Okta's own sign-in page. */
export async function startHosted(session: LiveSession, options: SignInOptions): Promise<void> {
  const { environment } = session;
  const { sessionStorage: storage } = environment;
  // Before it counts as a redirect: a network that is down makes no loop.
  await providerOf(session).discover(globalThis.navigator?.onLine === false);
  if (!options.automatic) forgetRedirects(storage);
  else if (storage) countRedirect(storage, environment.now());
  const asked = options.automatic ? unlessLeft(session, options) : options;
  const { transaction, url } = await authorize(session, asked, 'redirect');
  if (!saveTransaction(transaction, environment)) {
    throw new OktaElementsError(
      'storage_unavailable',
      'The browser stores nothing for this page, so the authorization response could not be matched. Allow or free storage, then try again.',
    );
  }
  leave(session, url);
}

/** Okta's own session may outlive a sign-out or an idle user here, and would undo either without a word. */
function unlessLeft({ drops, store }: LiveSession, options: SignInOptions): SignInOptions {
  const wasLeft = drops > 0 && !store.read();
  return wasLeft ? { ...options, prompt: options.prompt || 'login' } : options;
}

/**
 * Begins the same transaction for the embedded widget, which asks Okta in our place. One that this tab began and did not
 * end goes on, so that a page that is loaded again shows the form the user was at.
 */
export async function startEmbedded(
  session: LiveSession,
  asked: SignInOptions,
  back: EmbeddedReturn = {},
): Promise<EmbeddedTransaction> {
  const { config, environment } = session;
  // The form comes by itself.
  const options = unlessLeft(session, asked);
  const begun = (await resume(session, options, back)) ?? (await beginTransaction(session, options, 'embedded'));
  const { codeChallenge } = begun;
  const { href } = environment.location;
  // What led back to it may show it on a page that begins with another form.
  const flow = flowOf(options);
  let transaction: Transaction = { ...begun.transaction, page: safeReturnTo(href, href), flow };
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
    ({ state, ended, flow, issuer, clientId, redirectUri, scopes, acrValues, maxAge }) =>
      stateKind(state) === 'embedded' &&
      !ended &&
      flowOf({ flow }) === flowOf(options) &&
      JSON.stringify([issuer, clientId, redirectUri, scopes, acrValues?.join(' '), maxAge]) === JSON.stringify(asked),
  );
}

/** An attribute that is gone is null. */
function flowOf({ flow }: Pick<SignInOptions, 'flow'>): string {
  return flow || 'login';
}

/** RFC 7636 section 4.2. */
async function challengeOf(codeVerifier: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(codeVerifier));
  const text = btoa(String.fromCharCode(...new Uint8Array(hash)));
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
