import type { OktaElementsError } from '../errors.js';
import { OktaSignoutCompleteEvent } from '../events.js';
import { explainError } from '../report.js';
import type { OktaConfig } from './config.js';
import type { Environment } from './environment.js';
import { LiveSession } from './live-session.js';
import { loaded, loadVerbs } from './parts.js';
import { own } from './own.js';
import type { Completed } from './completion.js';
import type { EmbeddedTransaction, SignInOptions } from './sign-in.js';
import type { SignOutOptions } from './sign-out.js';
import type { SessionState, User } from './state.js';
import { hasResponse } from './redirect-uri.js';
import type { Verbs } from './verbs.js';

/** How long an `<okta-callback>` may take to turn up, milliseconds. */
const PATIENCE = 5000;

/**
 * The session of this page, and the operations that change it. The code that reads the session is here; the code that
 * changes it is loaded when an operation is used.
 */
export class OktaClient {
  readonly config: OktaConfig;
  readonly #session: LiveSession;
  #callback: Promise<boolean> | undefined;
  #loadedVerbs: Promise<Verbs> | undefined;
  #popup: Window | null = null;
  #inPopup: Promise<void> | undefined;

  constructor(config: OktaConfig, environment: Environment, target: EventTarget) {
    this.config = config;
    this.#session = new LiveSession(config, environment, target);
  }

  /**
   * Looks at the address and the store, and listens to other tabs; in a prerendered page, once it is activated. Called
   * once, by the registry.
   */
  start(): void {
    const page = this.#session.environment.document;
    // A page that nobody may ever see goes nowhere, asks nothing and counts nothing.
    if (page?.prerendering) page.addEventListener('prerenderingchange', () => this.#start(), { once: true });
    else this.#start();
  }

  #start(): void {
    this.#session.listen();
    if (!this.#isReturn) this.#session.refresh('loaded');
    else if (this.config.callback === 'auto') void this.handleCallback();
    // An `<okta-callback>` is on its way; on a page without one the answer is nobody's.
    else setTimeout(() => this.state.status === 'pending' && this.#session.refresh('loaded'), PATIENCE);
  }

  /**
   * Stops this client while its configuration is not in force, with the reason; `undefined` has it go on. A sign-in that
   * is under way then rejects with that error and stores nothing.
   */
  suspend(reason: OktaElementsError | undefined): void {
    this.#session.suspend(reason);
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
      .then((verbs) => verbs.prepare())
      .catch(() => {});
  }

  /**
   * Leaves for Okta's sign-in page; with `display: 'popup'`, which only works in a click, opens a window for it, or
   * brings forward the one that is open.
   * @param target where the success of a popup is told; default the client's
   * @returns when the browser is about to leave, or somebody has signed in in the popup
   * @throws OktaElementsError when it cannot: `discovery_failed`, `network`, `timeout`, `storage_unavailable`, …, and
   * with a popup `popup_blocked`, `popup_closed` and whatever the sign-in ended with
   */
  signIn(said: SignInOptions = {}, target = this.target): Promise<void> {
    const options = own(said);
    // Without a click, a popup would be blocked.
    if (options.display !== 'popup' || options.automatic) {
      return this.#attempt((verbs) => verbs.startHosted(options, target), target, options.automatic);
    }
    this.#popup?.focus();
    return (this.#inPopup ??= this.#signInWithPopup(options, target).finally(() => (this.#inPopup = undefined)));
  }

  /** Begins a sign-in for the embedded widget. */
  async beginEmbedded(options: SignInOptions = {}): Promise<EmbeddedTransaction> {
    return (await this.#verbs()).startEmbedded(options);
  }

  /**
   * Ends a sign-in with what the embedded widget returned.
   * @param target where the success is told: the element that showed the widget
   * @throws OktaElementsError the session is then as it was before
   */
  completeEmbedded(state: string, interactionCode: string, target = this.target): Promise<Completed> {
    return this.#attempt((verbs) => verbs.completeEmbedded(state, interactionCode, target), target);
  }

  /** Goes to a same-origin address. @returns whether that is this page, which then needs no load */
  async goTo(address: string): Promise<boolean> {
    return (await this.#verbs()).goTo(address);
  }

  /** Handles a return from Okta, once however many ask. @returns whether this page is one */
  handleCallback(): Promise<boolean> {
    return (this.#callback ??= this.#handleCallback());
  }

  /**
   * Signs out.
   * @throws OktaElementsError when Okta could not be told; the tokens are gone from this browser all the same
   */
  async signOut(said: SignOutOptions = {}): Promise<void> {
    const session = this.#session;
    const options = own(said);
    const { scope = 'global', returnTo } = options;
    const tokens = session.store.read();
    session.drop();
    // "signed-out" would be a reason to sign in again, which must not overtake a page that is about to leave.
    const leaves = returnTo || (tokens && scope === 'global');
    session.change({ status: leaves ? 'signing-out' : 'signed-out' }, 'signout');
    session.target.dispatchEvent(new OktaSignoutCompleteEvent());
    return loadVerbs()
      .then((part) => part.signOut(session, options, tokens))
      .catch((error: unknown) => {
        if (leaves) session.refresh('signout', true);
        return this.#reject(error);
      });
  }

  /** The access token, renewed first when it is about to expire; undefined when nobody is signed in. */
  async getAccessToken(): Promise<string | undefined> {
    try {
      this.#session.assertInForce();
      return this.#session.store.read() && (await (await this.#verbs()).getAccessToken());
    } catch (error) {
      return this.#reject(error);
    }
  }

  /**
   * Claims from the userinfo endpoint, some of which the ID token leaves out; asked for anew each time.
   * @throws OktaElementsError `login_required` when nobody is signed in; `userinfo_failed`, `network`, `timeout`, …
   */
  async getUserInfo(): Promise<User> {
    return this.#verbs()
      .then((verbs) => verbs.getUserInfo())
      .catch(this.#reject);
  }

  /**
   * `fetch` with the access token, and with `dpop` a proof, for the page's own origin and those of `allowed-origins`.
   * Waits until it is known who is signed in, and renews first; sends the request again for a 401, a DPoP nonce and a
   * short `Retry-After`, once each. Tells of a step-up by `okta-step-up-required`. Follows no redirect.
   * @param target where a step-up is told; default the client's
   * @throws OktaElementsError `origin_not_allowed` for any other origin, and nothing is sent; `login_required` when the
   * key of the tokens is gone; what keeps a needed renewal from working
   */
  async fetch(input: RequestInfo | URL, init?: RequestInit, target = this.target): Promise<Response> {
    const session = this.#session;
    session.assertInForce();
    return loaded(import('./fetch.js'))
      .then(({ fetchWithToken }) => fetchWithToken({ client: this, session, target }, input, init))
      .catch(this.#reject);
  }

  async #verbs(): Promise<Verbs> {
    const session = this.#session;
    session.assertInForce();
    const verbs = await (this.#loadedVerbs ??= loadVerbs().then(
      (part) => new part.Verbs(session),
      (error: unknown) => {
        this.#loadedVerbs = undefined;
        throw error;
      },
    ));
    // Another configuration may have come into force meanwhile.
    session.assertInForce();
    return verbs;
  }

  /** Explains why a promise of this client rejects, before it does. */
  readonly #reject = async (error: unknown, where: EventTarget | OktaClient = this): Promise<never> => {
    await explainError(error as OktaElementsError, where, this.config);
    throw error;
  };

  /** Whether the address is the answer to a sign-in that this package began. */
  get #isReturn(): boolean {
    return hasResponse(this.#session.environment.location.href);
  }

  async #handleCallback(): Promise<boolean> {
    if (!this.#isReturn) return false;
    this.#session.change({ status: 'signing-in' }, 'callback');
    try {
      await (await this.#verbs()).handleCallback();
    } catch (error) {
      this.#session.fail(error as OktaElementsError);
    }
    return true;
  }

  #signInWithPopup(options: SignInOptions, target: EventTarget): Promise<void> {
    const popup = (this.#popup = this.#session.environment.openWindow());
    this.#verbs().catch(() => popup?.close());
    return this.#attempt((verbs) => verbs.signInWithPopup(options, popup, target), target);
  }

  /** Signs in. When that fails, who was signed in still is, and the failure is the caller's to show. */
  async #attempt<T>(verb: (verbs: Verbs) => Promise<T>, where: EventTarget, automatic = false): Promise<T> {
    const { status } = this.state;
    // Who is asked for more proof is signed in all the while, and so is the rest of the page.
    const steppingUp = status === 'signed-in';
    if (!steppingUp) this.#session.change({ status: 'signing-in' }, 'signin');
    try {
      return await verb(await this.#verbs());
    } catch (error) {
      if (!steppingUp) {
        // Nobody called, or an earlier failure is shown already.
        if (automatic || status === 'error') this.#session.fail(error as OktaElementsError);
        else this.#session.refresh('error', true);
      }
      return this.#reject(error, where);
    }
  }
}
