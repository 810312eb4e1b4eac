import type { OktaElementsError } from '../errors.js';
import { OktaCallbackCompleteEvent, OktaSigninSuccessEvent, OktaSignoutCompleteEvent } from '../events.js';
import type { OktaConfig } from './config.js';
import type { Environment } from './environment.js';
import { LiveSession, loaded } from './live-session.js';
import type * as SignIn from './sign-in.js';
import type { Completed, EmbeddedTransaction, SignInOptions } from './sign-in.js';
import type { SignOutOptions } from './sign-out.js';
import type { SessionState } from './state.js';
import { findTransaction, type Transaction } from './transaction.js';

/** Seconds of life below which an access token is not handed out without trying to renew it. */
const FRESH = 30;

function isDenial(error: unknown): boolean {
  return (error as OktaElementsError).code === 'access_denied';
}

/**
 * Who is signed in on this page, and the verbs that change it. Everything it needs to know the answer is here; what
 * it takes to change it (Okta's SDK) is loaded when a verb is used.
 */
export class OktaClient {
  readonly config: OktaConfig;
  readonly #session: LiveSession;
  #callback: Promise<boolean> | undefined;
  /** Where a sign-in began that came back failed: trying again leads there. */
  #interrupted: string | undefined;
  /** Okta knows the user and has refused: trying again must ask who it is, or it is refused again. */
  #denied = false;

  constructor(config: OktaConfig, environment: Environment, target: EventTarget) {
    this.config = config;
    this.#session = new LiveSession(config, environment, target);
    this.subscribe(({ status }) => {
      if (status === 'signed-in') this.#denied = false;
    });
  }

  /** Looks at the address and the store, and listens to other tabs. Called once, by the registry. */
  start(): void {
    this.#session.listen();
    if (this.config.callback === 'auto' && this.#foundTransaction()) void this.handleCallback();
    else this.#session.refresh('loaded');
  }

  get state(): SessionState {
    return this.#session.state;
  }

  /** Resolves with the first state that is neither `pending` nor `signing-in`. */
  get ready(): Promise<SessionState> {
    return this.#session.ready;
  }

  /** Where session events are dispatched: the page's `<okta-config>`, or the document. */
  get target(): EventTarget {
    return this.#session.target;
  }

  set target(target: EventTarget) {
    this.#session.target = target;
  }

  /** Calls `listener` with every new state. @returns how to stop */
  subscribe(listener: (state: SessionState) => void): () => void {
    return this.#session.subscribe(listener);
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
      this.#session.begin(completed.tokens);
      // Before the state changes: a guard may take the element away then.
      target.dispatchEvent(new OktaSigninSuccessEvent(completed.tokens.user, completed.returnTo));
      this.#session.signedIn(completed.tokens, 'signin');
      return completed;
    });
  }

  /** Goes to a same-origin address. @returns whether that is this page, which then needs no load */
  goTo(address: string): boolean {
    const { location, history } = this.#session.environment;
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
    const session = this.#session;
    const { scope = 'global', returnTo } = options;
    const tokens = session.store.read();
    session.drop();
    // "signed-out" would be a reason to sign in again, which must not overtake a page that is about to leave.
    const leaves = returnTo || (tokens && scope === 'global');
    session.change({ status: leaves ? 'signing-out' : 'signed-out' }, 'signout');
    session.target.dispatchEvent(new OktaSignoutCompleteEvent());
    let leaving = false;
    try {
      leaving = await (await loaded(import('./sign-out.js'))).signOut(session, options, tokens);
    } finally {
      if (leaves && !leaving) session.refresh('signout', true);
    }
  }

  /** The access token, renewed first when it is about to expire; undefined when nobody is signed in. */
  async getAccessToken(): Promise<string | undefined> {
    const { store, now } = this.#session;
    const tokens = store.read();
    if (!tokens || tokens.expiresAt - now / 1000 > FRESH) return tokens?.accessToken;
    return (await this.#session.renew())?.accessToken;
  }

  /**
   * `fetch` with the access token, for the page's own origin and those of `allowed-origins`; renews first, and tries
   * once more after a 401.
   * @throws OktaElementsError `origin_not_allowed` for any other origin; nothing is sent
   */
  async fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    const { fetchWithToken } = await loaded(import('./fetch.js'));
    const session = this.#session;
    return fetchWithToken(this, session.environment, (refused) => session.renew(refused), input, init);
  }

  #verbs() {
    return loaded(import('./sign-in.js'));
  }

  #anew(options: SignInOptions): SignInOptions {
    return this.#denied ? { ...options, prompt: options.prompt || 'login' } : options;
  }

  /** The transaction that the address is the answer to, if this tab began one with its state. */
  #foundTransaction(): Transaction | undefined {
    const { environment } = this.#session;
    const state = new URL(environment.location.href).searchParams.get('state');
    const transaction = state ? findTransaction(state, environment) : undefined;
    const { issuer, clientId } = this.config;
    return transaction?.issuer === issuer && transaction.clientId === clientId ? transaction : undefined;
  }

  async #handleCallback(): Promise<boolean> {
    const session = this.#session;
    const { location, history } = session.environment;
    const { href } = location;
    const transaction = this.#foundTransaction();
    if (!transaction) return false;
    session.change({ status: 'signing-in' }, 'callback');
    try {
      const { completeHosted, withoutResponse } = await this.#verbs();
      // The code leaves the address before anything else can read it there.
      history.replaceState(history.state, '', withoutResponse(href));
      const { tokens, returnTo } = await completeHosted(session, href, transaction.state);
      session.begin(tokens);
      session.target.dispatchEvent(new OktaSigninSuccessEvent(tokens.user, returnTo));
      const proceed = session.target.dispatchEvent(new OktaCallbackCompleteEvent(returnTo));
      if (proceed && !this.goTo(returnTo)) return true;
      session.signedIn(tokens, 'callback');
    } catch (error) {
      this.#interrupted = transaction.returnTo;
      this.#denied ||= isDenial(error);
      session.fail(error as OktaElementsError);
    }
    return true;
  }

  /** Signs in. When that fails, who was signed in still is, and the failure is the caller's to show. */
  async #attempt<T>(
    signIn: (verbs: typeof SignIn) => Promise<T>,
    // Unless nobody called, or an earlier failure is shown already.
    showFailure = this.state.status === 'error',
  ): Promise<T> {
    this.#session.change({ status: 'signing-in' }, 'signin');
    try {
      return await signIn(await this.#verbs());
    } catch (error) {
      this.#denied ||= isDenial(error);
      if (showFailure) this.#session.fail(error as OktaElementsError);
      else this.#session.refresh('error', true);
      throw error;
    }
  }
}
