import { OktaElementsError } from '../errors.js';
import { OktaCallbackCompleteEvent, OktaErrorEvent, OktaSigninSuccessEvent } from '../events.js';
import { withoutResponse } from './callback.js';
import { loaded, type LiveSession } from './live-session.js';
import {
  completeEmbedded,
  completeHosted,
  prepare,
  startEmbedded,
  startHosted,
  type Completed,
  type EmbeddedTransaction,
  type SignInOptions,
} from './sign-in.js';
import { own } from './own.js';
import { safeReturnTo } from './return-to.js';
import type { User } from './state.js';
import { stateKind } from './state-kind.js';
import { findTransaction } from './transaction.js';
import { fetchUserInfo } from './userinfo.js';

// What needs the SDK comes in one file, so that nobody waits for two in a row.
export { renew } from './renewal.js';
export { revoke, signOut } from './sign-out.js';

/** What a client does to sign somebody in. Loaded when the first of it is used. */
export class Verbs {
  readonly #session: LiveSession;
  /** Where a sign-in began that came back failed: trying again leads there. */
  #interrupted: string | undefined;
  /** Okta knows the user and has refused: trying again must ask who it is, or it is refused again. */
  #denied = false;

  constructor(session: LiveSession) {
    this.#session = session;
    session.subscribe(({ status, error }) => {
      if (status === 'signed-in') this.#denied = false;
      else this.#note(error);
    });
  }

  prepare(): Promise<void> {
    return prepare(this.#session);
  }

  startHosted(options: SignInOptions): Promise<void> {
    const asked = this.#anew(options);
    asked.returnTo ||= this.#interrupted;
    return this.#noted(startHosted(this.#session, asked));
  }

  startEmbedded(options: SignInOptions): Promise<EmbeddedTransaction> {
    return startEmbedded(this.#session, this.#anew(options));
  }

  async completeEmbedded(state: string, interactionCode: string, target: EventTarget): Promise<Completed> {
    const completed = await this.#noted(completeEmbedded(this.#session, state, interactionCode));
    this.#welcome(completed, target);
    return completed;
  }

  async getUserInfo(): Promise<User> {
    const tokens = this.#session.store.read();
    if (!tokens) throw new OktaElementsError('login_required', 'Nobody is signed in; sign in, then ask again.');
    return fetchUserInfo(this.#session, tokens);
  }

  async signInWithPopup(options: SignInOptions, popup: Window | null, target: EventTarget): Promise<void> {
    const { signInWithPopup } = await loaded(import('./popup.js'));
    const asked = this.#anew(options);
    const returnTo = (asked.returnTo ||= this.#interrupted);
    const completed = await this.#noted(signInWithPopup(this.#session, asked, popup));
    this.#welcome(completed, target);
    if (returnTo) this.goTo(completed.returnTo);
  }

  /** Handles the answer in the address, whose state is one of this package's. */
  async handleCallback(): Promise<void> {
    const session = this.#session;
    const { config, environment, store } = session;
    const { location, history } = environment;
    const { href } = location;
    const state = new URL(href).searchParams.get('state')!;
    const kind = stateKind(state);
    const relay = kind === 'popup' || kind === 'silent' ? await loaded(import('./relay.js')) : undefined;
    if (await relay?.relayAnswer(href, environment)) return;
    const transaction = findTransaction(state, environment);
    if (transaction && (transaction.issuer !== config.issuer || transaction.clientId !== config.clientId)) {
      // It answers another configuration of this page.
      session.refresh('loaded', true);
      return;
    }
    // The code leaves the address before anything else can read it there.
    history.replaceState(history.state, '', withoutResponse(href));
    if (!transaction && store.read()) {
      // A used link, or the way back through the history: the user is signed in all the same.
      session.refresh('loaded', true);
      return;
    }
    this.#interrupted = transaction?.returnTo;
    const completed = await this.#noted(completeHosted(session, href, state)).catch((error: unknown) => {
      if (!transaction || !store.read()) throw error;
      // Who was signed in still is, and goes on where more was asked of them.
      session.target.dispatchEvent(new OktaErrorEvent(error as OktaElementsError));
      if (this.goTo(safeReturnTo(transaction.returnTo, href))) session.refresh('error', true);
    });
    if (!completed) return;
    const { tokens, returnTo } = completed;
    session.begin(tokens);
    // The page that opened this window has been left or has given up: the others hear of it through the storage.
    if (kind === 'popup' && config.storage === 'local') await relay!.closeWindow();
    session.target.dispatchEvent(new OktaSigninSuccessEvent(tokens.user, returnTo));
    const proceed = session.target.dispatchEvent(new OktaCallbackCompleteEvent(returnTo));
    if (!proceed || this.goTo(returnTo)) session.signedIn(tokens, 'callback');
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

  /** Somebody has signed in without leaving the page. */
  #welcome({ tokens, returnTo }: Completed, target: EventTarget): void {
    this.#session.begin(tokens);
    // Before the state changes: a guard may take the element away then.
    target.dispatchEvent(new OktaSigninSuccessEvent(tokens.user, returnTo));
    this.#session.signedIn(tokens, 'signin');
  }

  #anew(said: SignInOptions): SignInOptions {
    const options = own(said);
    if (this.#denied) options.prompt ||= 'login';
    return options;
  }

  async #noted<T>(attempt: Promise<T>): Promise<T> {
    try {
      return await attempt;
    } catch (error) {
      this.#note(error as OktaElementsError);
      throw error;
    }
  }

  #note(error: OktaElementsError | undefined): void {
    this.#denied ||= error?.code === 'access_denied';
  }
}
