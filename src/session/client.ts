import { OktaElementsError } from '../errors.js';
import {
  OktaCallbackCompleteEvent,
  OktaErrorEvent,
  OktaReadyEvent,
  OktaSessionExpiredEvent,
  OktaSigninSuccessEvent,
  OktaSignoutCompleteEvent,
  OktaStateChangeEvent,
  type StateChangeReason,
} from '../events.js';
import type { OktaConfig } from './config.js';
import type { Environment } from './environment.js';
import type * as SignIn from './sign-in.js';
import type { Completed, EmbeddedTransaction, SignInOptions } from './sign-in.js';
import type { SignOutOptions } from './sign-out.js';
import type { SessionState } from './state.js';
import { TokenStore, type StoredTokens } from './token-store.js';
import { findTransaction, type Transaction } from './transaction.js';

/** The longest a browser timer can wait, milliseconds. */
const LONGEST = 2 ** 31 - 1;
/** How long before expiry tokens are renewed, milliseconds; as in renewal.ts, which is not loaded for this. */
const AHEAD = 60_000;

/** A part of this package that could not be fetched. Browsers remember that, so trying again does not help. */
function loaded<T>(part: Promise<T>): Promise<T> {
  return part.catch((cause: unknown) => {
    throw new OktaElementsError(
      'network',
      'A part of okta-elements could not be loaded; check the connection, then reload the page.',
      {
        cause,
      },
    );
  });
}

function isDenial(error: unknown): boolean {
  return (error as OktaElementsError).code === 'access_denied';
}

/**
 * Who is signed in on this page, and the verbs that change it. Everything it needs to know the answer is here; what
 * it takes to change it (Okta's SDK) is loaded when a verb is used.
 */
export class OktaClient {
  readonly config: OktaConfig;
  /** Resolves with the first state that is neither `pending` nor `signing-in`. */
  readonly ready: Promise<SessionState>;
  /** Where session events are dispatched: the page's `<okta-config>`, or the document. */
  target: EventTarget;

  readonly #environment: Environment;
  readonly #store: TokenStore;
  readonly #listeners = new Set<(state: SessionState) => void>();
  #state: SessionState = { status: 'pending' };
  #settle!: (state: SessionState) => void;
  #settled = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #renewal: Promise<StoredTokens | undefined> | undefined;
  #callback: Promise<boolean> | undefined;
  /** Where a sign-in began that came back failed: trying again leads there. */
  #interrupted: string | undefined;
  /** Okta knows the user and has refused: trying again must ask who it is, or it is refused again. */
  #denied = false;

  constructor(config: OktaConfig, environment: Environment, target: EventTarget) {
    this.config = config;
    this.target = target;
    this.#environment = environment;
    this.#store = new TokenStore(config, environment);
    this.ready = new Promise((resolve) => (this.#settle = resolve));
  }

  /** Looks at the address and the store, and listens to other tabs. Called once, by the registry. */
  start(): void {
    const { events } = this.#environment;
    events.addEventListener('storage', (event) => {
      const { key } = event as StorageEvent;
      if (key === this.#store.key || key === null) this.#refresh('other-tab');
    });
    // A page that slept, or comes back from the back/forward cache, may hold a session that is over.
    for (const waking of ['pageshow', 'visibilitychange', 'online']) {
      events.addEventListener(waking, (event) => {
        // What was under way when the page was left for the cache will not go on.
        if (this.#settled) this.#refresh('other-tab', (event as PageTransitionEvent).persisted);
      });
    }
    if (this.config.callback === 'auto' && this.#foundTransaction()) void this.handleCallback();
    else this.#refresh('loaded');
  }

  get state(): SessionState {
    return this.#state;
  }

  /** Calls `listener` with every new state. @returns how to stop */
  subscribe(listener: (state: SessionState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Loads what a sign-in needs, so that the click only navigates. For hover, focus and the like; never fails. */
  prepare(): void {
    void this.#verbs()
      .then(({ prepare }) => prepare(this.#session))
      .catch(() => {});
  }

  /**
   * Leaves for Okta's sign-in page.
   * @throws OktaElementsError when it cannot: `discovery_failed`, `network`, `timeout`, `storage_unavailable`, …
   */
  signIn(options: SignInOptions = {}): Promise<void> {
    const returnTo = options.returnTo || this.#interrupted;
    const asked = { ...this.#anew(options), returnTo };
    return this.#attempt(({ startHosted }) => startHosted(this.#session, asked), options.automatic);
  }

  /** Begins a sign-in for the embedded widget. */
  async beginEmbedded(options: SignInOptions = {}): Promise<EmbeddedTransaction> {
    return (await this.#verbs()).startEmbedded(this.#session, this.#anew(options));
  }

  /**
   * Ends a sign-in with what the embedded widget returned.
   * @param target where the success is told: the element that showed the widget
   * @throws OktaElementsError the session is then as it was before
   */
  completeEmbedded(state: string, interactionCode: string, target = this.target): Promise<Completed> {
    return this.#attempt(async ({ completeEmbedded }) => {
      const completed = await completeEmbedded(this.#session, state, interactionCode);
      // Before the state changes: a guard may take the element away then.
      target.dispatchEvent(new OktaSigninSuccessEvent(completed.tokens.user, completed.returnTo));
      this.#signedIn(completed.tokens, 'signin');
      return completed;
    });
  }

  /** Goes to a same-origin address. @returns whether that is this page, which then needs no load */
  goTo(address: string): boolean {
    const { location, history } = this.#environment;
    const here = new URL(location.href);
    const there = new URL(address, here);
    if (here.pathname !== there.pathname || here.search !== there.search) {
      location.replace(there.href);
      return false;
    }
    history.replaceState(history.state, '', there.href);
    // Only a real fragment navigation scrolls to it.
    if (there.hash) location.replace(there.href);
    return true;
  }

  /** Handles a return from Okta, once however many ask. @returns whether this page is one */
  handleCallback(): Promise<boolean> {
    return (this.#callback ??= this.#handleCallback());
  }

  /**
   * Signs out.
   * @throws OktaElementsError when Okta could not be told; the tokens are gone from this browser all the same
   */
  async signOut(options: SignOutOptions = {}): Promise<void> {
    const { scope = 'global', returnTo } = options;
    const tokens = this.#store.read();
    this.#store.clear();
    // "signed-out" would be a reason to sign in again, which must not overtake a page that is about to leave.
    const leaves = returnTo || (tokens && scope === 'global');
    this.#change({ status: leaves ? 'signing-out' : 'signed-out' }, 'signout');
    this.target.dispatchEvent(new OktaSignoutCompleteEvent());
    let leaving = false;
    try {
      leaving = await (await loaded(import('./sign-out.js'))).signOut(this.#session, options, tokens);
    } finally {
      if (leaves && !leaving) this.#refresh('signout', true);
    }
  }

  /** The access token, renewed first when it is about to expire; undefined when nobody is signed in. */
  async getAccessToken(): Promise<string | undefined> {
    const tokens = this.#store.read();
    if (!tokens || tokens.expiresAt * 1000 - this.#now() > AHEAD / 2) return tokens?.accessToken;
    return (await this.#renew())?.accessToken;
  }

  /**
   * `fetch` with the access token, for the page's own origin and those of `allowed-origins`; renews first, and tries
   * once more after a 401.
   * @throws OktaElementsError `origin_not_allowed` for any other origin; nothing is sent
   */
  async fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    const { fetchWithToken } = await loaded(import('./fetch.js'));
    return fetchWithToken(this, this.#environment, (refused) => this.#renew(refused), input, init);
  }

  #anew(options: SignInOptions): SignInOptions {
    return this.#denied ? { ...options, prompt: options.prompt || 'login' } : options;
  }

  get #session() {
    return { config: this.config, environment: this.#environment, store: this.#store };
  }

  #verbs() {
    return loaded(import('./sign-in.js'));
  }

  #now(): number {
    return this.#environment.now();
  }

  /** The transaction that the address is the answer to, if this tab began one with its state. */
  #foundTransaction(): Transaction | undefined {
    const state = new URL(this.#environment.location.href).searchParams.get('state');
    const transaction = state ? findTransaction(state, this.#environment) : undefined;
    const { issuer, clientId } = this.config;
    return transaction?.issuer === issuer && transaction.clientId === clientId ? transaction : undefined;
  }

  async #handleCallback(): Promise<boolean> {
    const { location, history } = this.#environment;
    const { href } = location;
    const transaction = this.#foundTransaction();
    if (!transaction) return false;
    this.#change({ status: 'signing-in' }, 'callback');
    try {
      const { completeHosted, withoutResponse } = await this.#verbs();
      // The code leaves the address before anything else can read it there.
      history.replaceState(history.state, '', withoutResponse(href));
      const { tokens, returnTo } = await completeHosted(this.#session, href, transaction.state);
      this.target.dispatchEvent(new OktaSigninSuccessEvent(tokens.user, returnTo));
      const proceed = this.target.dispatchEvent(new OktaCallbackCompleteEvent(returnTo));
      if (proceed && !this.goTo(returnTo)) return true;
      this.#signedIn(tokens, 'callback');
    } catch (error) {
      this.#interrupted = transaction.returnTo;
      this.#denied ||= isDenial(error);
      this.#fail(error as OktaElementsError);
    }
    return true;
  }

  /** Signs in. When that fails, who was signed in still is, and the failure is the caller's to show. */
  async #attempt<T>(
    signIn: (verbs: typeof SignIn) => Promise<T>,
    // Unless nobody called, or an earlier failure is shown already.
    showFailure = this.#state.status === 'error',
  ): Promise<T> {
    this.#change({ status: 'signing-in' }, 'signin');
    try {
      return await signIn(await this.#verbs());
    } catch (error) {
      this.#denied ||= isDenial(error);
      if (showFailure) this.#fail(error as OktaElementsError);
      else this.#refresh('error', true);
      throw error;
    }
  }

  /** Takes over what the store holds; `anyway`, even while a sign-in or a sign-out is under way. */
  #refresh(reason: StateChangeReason, anyway?: boolean): void {
    if (this.#isBusy && !anyway) return;
    const tokens = this.#store.read();
    if (!tokens) {
      // A failure stays to be read until something is done about it.
      if (this.#state.status !== 'error' || reason !== 'other-tab') this.#change({ status: 'signed-out' }, reason);
    } else if (tokens.expiresAt * 1000 > this.#now()) {
      this.#signedIn(tokens, reason);
    } else if (tokens.refreshToken && this.config.renew !== 'off') {
      this.#change({ status: 'pending' }, 'expired');
      this.#renew().catch((error: OktaElementsError) => this.#fail(error));
    } else {
      this.#store.clear();
      this.#expired();
    }
  }

  get #isBusy(): boolean {
    return this.#state.status.startsWith('signing');
  }

  #signedIn(tokens: StoredTokens, reason: StateChangeReason): void {
    const { user, scopes, expiresAt, refreshToken } = tokens;
    this.#denied = false;
    this.#change({ status: 'signed-in', user, scopes, expiresAt }, reason);
    const left = expiresAt * 1000 - this.#now();
    const ahead = refreshToken && this.config.renew === 'auto' && left > AHEAD ? AHEAD : 0;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => {
        // Tokens whose renewal failed count until they expire.
        const look = () => this.#refresh('expired');
        if (ahead && left - ahead < LONGEST) this.#renew().catch(look);
        else look();
      },
      Math.min(left - ahead, LONGEST),
    );
  }

  #expired(): void {
    this.#change({ status: 'signed-out' }, 'expired');
    this.target.dispatchEvent(new OktaSessionExpiredEvent());
  }

  /** One renewal at a time on this page; renewal.ts sees to the other tabs. */
  #renew(refused?: string): Promise<StoredTokens | undefined> {
    return (this.#renewal ??= loaded(import('./renewal.js'))
      .then(({ renew }) => renew(this.#session, refused))
      .then((tokens) => {
        // A sign-in or a sign-out that came between has the last word.
        if (this.#isBusy) return tokens;
        if (tokens) this.#signedIn(tokens, 'renewal');
        else if (this.#state.status !== 'signed-out') this.#expired();
        return tokens;
      })
      .finally(() => (this.#renewal = undefined)));
  }

  #fail(error: OktaElementsError): void {
    this.#change({ status: 'error', error }, 'error');
    this.target.dispatchEvent(new OktaErrorEvent(error));
  }

  #change(state: SessionState, reason: StateChangeReason): void {
    const previous = this.#state;
    const same =
      state.status === previous.status &&
      state.expiresAt === previous.expiresAt &&
      state.user?.sub === previous.user?.sub &&
      state.error === previous.error;
    if (!same) {
      this.#state = state;
      if (state.status !== 'signed-in') clearTimeout(this.#timer);
      for (const listener of this.#listeners) listener(this.#state);
      this.target.dispatchEvent(new OktaStateChangeEvent(state, previous, reason));
    }
    if (!this.#settled && state.status !== 'pending' && state.status !== 'signing-in') {
      this.#settled = true;
      this.#settle(state);
      this.target.dispatchEvent(new OktaReadyEvent(state));
    }
  }
}
