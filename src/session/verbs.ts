import { OktaElementsError } from '../errors.js';
import { OktaCallbackCompleteEvent, OktaSigninSuccessEvent } from './sign-in-events.js';
import { reportError } from '../report.js';
import { withoutResponse } from './callback.js';
import { completeEmbedded, completeHosted, type Completed } from './completion.js';
import { formElsewhere, readEmbeddedReturn, type EmbeddedReturn } from './embedded-return.js';
import { leave } from './leave.js';
import type { LiveSession } from './live-session.js';
import { loaded } from './parts.js';
import { countRedirect, countReturn } from './loop-breaker.js';
import { own } from './own.js';
import { openTokens } from './renewal.js';
import { safeReturnTo } from './return-to.js';
import { prepare, startEmbedded, startHosted, type EmbeddedTransaction, type SignInOptions } from './sign-in.js';
import type { User } from './state.js';
import { stateKind } from './state-kind.js';
import type { StoredSession } from './token-store.js';
import { findTransaction } from './transaction.js';
import { fetchUserInfo } from './userinfo.js';

// All operations are in one file, so that no page waits for two in a row.
export { watchLostResponses } from './lost-response.js';
export { openTokens, renewSession } from './renewal.js';
export { revokeStored, signOut } from './sign-out.js';

/** How long it may take until a form goes on with a sign-in, milliseconds. */
const PATIENCE = 5000;

/** Seconds of life below which an access token is not handed out without trying to renew it. */
const FRESH_SECONDS = 30;

/** A session begins with these tokens: the user is there, and other pages hear of it. */
function begin({ config, activity, others, store }: LiveSession, { user }: StoredSession): void {
  if (config.idleTimeout) activity.touch();
  others.tell(user.sub, store.isInMemory);
}

/** What a client does to sign somebody in. Loaded when the first of it is used. */
export class Verbs {
  readonly #session: LiveSession;
  /** Where a sign-in began that came back failed: trying again leads there. */
  #interrupted: string | undefined;
  /** Okta knows the user and has refused: trying again must ask who it is, or it is refused again. */
  #denied = false;
  /** What the address led back to. The next form goes on with it. */
  #back: EmbeddedReturn | undefined;

  constructor(session: LiveSession) {
    this.#session = session;
    session.subscribe(({ status, error }) => {
      if (status === 'signed-in') {
        this.#denied = false;
        this.#interrupted = undefined;
      } else this.#note(error);
    });
  }

  prepare(): Promise<void> {
    return prepare(this.#session);
  }

  /** @throws OktaElementsError `login_required` in a frame, when the page starts it by itself */
  async startHosted(options: SignInOptions, target: EventTarget): Promise<void> {
    // Okta's page refuses to be shown in a frame (X-Frame-Options, frame-ancestors).
    if (globalThis.top !== globalThis.self) {
      if (options.automatic) throw inFrame();
      return this.signInWithPopup(options, this.#session.environment.openWindow(), target);
    }
    const asked = this.#anew(options);
    asked.returnTo ||= this.#interrupted;
    return this.#noted(startHosted(this.#session, asked));
  }

  startEmbedded(options: SignInOptions): Promise<EmbeddedTransaction> {
    const back = this.#back;
    this.#back = undefined;
    return startEmbedded(this.#session, this.#anew(options), back);
  }

  async completeEmbedded(state: string, interactionCode: string, target: EventTarget): Promise<Completed> {
    const completed = await this.#noted(completeEmbedded(this.#session, state, interactionCode));
    this.#welcome(completed, target);
    return completed;
  }

  /** The access token, renewed first when it is about to expire; undefined when the user is signed out by then. */
  async getAccessToken(): Promise<string | undefined> {
    const session = this.#session;
    const stored = session.store.read();
    const isFresh = !stored || stored.expiresAt - session.now / 1000 > FRESH_SECONDS;
    return (await openTokens(session, isFresh ? stored : await session.renew()))?.accessToken;
  }

  async getUserInfo(): Promise<User> {
    const session = this.#session;
    await this.getAccessToken();
    const tokens = await openTokens(session, session.store.read());
    if (!tokens) throw new OktaElementsError('login_required', 'getUserInfo(): the user is signed out. Sign in first.');
    return fetchUserInfo(session, tokens);
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
    if (!kind) {
      // Another configuration of this page, whose answer it was, has taken it out of the address meanwhile.
      session.refresh('loaded', true);
      return;
    }
    const relay = kind === 'popup' || kind === 'silent' ? await loaded(import('./relay.js')) : undefined;
    if (await relay?.relayAnswer(href, environment)) return;
    const back = readEmbeddedReturn(href, environment);
    const transaction = back ? back.transaction : findTransaction(state, environment);
    if (transaction && (transaction.issuer !== config.issuer || transaction.clientId !== config.clientId)) {
      // It answers another configuration of this page.
      session.refresh('loaded', true);
      return;
    }
    // The code leaves the address before anything else can read it there.
    history.replaceState(history.state, '', withoutResponse(href));
    if (!transaction && (store.read() || session.isRemembered)) {
      // A used link, or the way back through the history: the user is signed in all the same, or can be without a word.
      session.refresh('loaded', true);
      return;
    }
    if (back) {
      this.#goOn(back, href);
      return;
    }
    this.#interrupted = transaction?.returnTo;
    const completing = completeHosted(session, href, state).finally(() => {
      if (transaction) countReturn(environment.sessionStorage, session.now);
    });
    const completed = await this.#noted(completing).catch(async (error: unknown) => {
      if (!transaction || !store.read()) throw error;
      // Who was signed in still is, and goes on where more was asked of them.
      await reportError(session.target, error as OktaElementsError, config);
      if (this.goTo(transaction.returnTo)) session.refresh('error', true);
    });
    if (!completed) return;
    const { tokens, returnTo } = completed;
    begin(session, tokens);
    // The page that opened this window has been left or has given up: the others hear of it through the storage.
    if (kind === 'popup' && config.storage === 'local' && !store.isInMemory) await relay!.closeWindow();
    session.target.dispatchEvent(new OktaSigninSuccessEvent(tokens.user, returnTo));
    const proceed = session.target.dispatchEvent(new OktaCallbackCompleteEvent(returnTo));
    if (!proceed || this.goTo(returnTo)) session.signedIn(tokens, 'callback');
  }

  /** Goes to a same-origin address; to `/` for any other. @returns whether that is this page, which then needs no load */
  goTo(address: string): boolean {
    const session = this.#session;
    const { location, history } = session.environment;
    const here = new URL(location.href);
    const there = new URL(safeReturnTo(address, here.href), here);
    if (here.pathname !== there.pathname || here.search !== there.search) {
      // Whoever is neither signing in nor out has nothing to lose by a page that does not come.
      if (session.isBusy) leave(session, there.href, 'replace');
      else location.replace(there.href);
      return false;
    }
    history.replaceState(history.state, '', there.href);
    // Only a real fragment navigation scrolls to it.
    if (there.hash) location.replace(there.href);
    return true;
  }

  /** Has the form shown again, on its own page. */
  #goOn(back: EmbeddedReturn, href: string): void {
    const session = this.#session;
    const { sessionStorage } = session.environment;
    const form = formElsewhere(back, href);
    if (form) {
      if (sessionStorage) countRedirect(sessionStorage, session.now);
      leave(session, form, 'replace');
      return;
    }
    this.#back = back;
    session.refresh('loaded', true);
    // A page without a form cannot show the code; whoever opened the link has it in the mail.
    const look = (): void => {
      if (this.#back !== back || session.isBusy || session.store.read()) return;
      // It is being asked in a hidden frame who is signed in; until that is known, no form comes.
      if (session.state.status === 'pending') {
        setTimeout(look, PATIENCE);
        return;
      }
      const message = back.transaction
        ? 'This sign-in has no form on this page to go on with; put <okta-signin mode="embedded"> on the page of redirect-uri.'
        : 'This sign-in was begun in another browser; type the code from the mail there.';
      session.fail(new OktaElementsError('transaction_missing', message));
    };
    setTimeout(look, PATIENCE);
  }

  /** Somebody has signed in without leaving the page. */
  #welcome({ tokens, returnTo }: Completed, target: EventTarget): void {
    begin(this.#session, tokens);
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

function inFrame(): OktaElementsError {
  return new OktaElementsError(
    'login_required',
    'This page is in a frame, where Okta does not show its sign-in page; sign in with a click, which opens a window, or open this page outside the frame.',
  );
}
