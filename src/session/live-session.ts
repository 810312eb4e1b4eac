import type { OktaElementsError } from '../errors.js';
import { OktaReadyEvent, OktaSessionExpiredEvent, OktaStateChangeEvent, type StateChangeReason } from '../events.js';
import { explainError, reportError } from '../report.js';
import { Activity } from './activity.js';
import type { OktaConfig } from './config.js';
import type { Environment } from './environment.js';
import { OtherPages, signalOf } from './other-pages.js';
import { loaded, loadVerbs } from './parts.js';
import type { Provider } from './provider.js';
import type { RenewalPause } from './renewal.js';
import type { Session } from './session.js';
import type { SessionState } from './state.js';
import { TokenStore, type StoredSession } from './token-store.js';
import type { Upkeep } from './upkeep.js';

/** The longest a browser timer can wait, milliseconds. */
const LONGEST = 2 ** 31 - 1;
/** How often a renewal is thought of after the tokens have expired, milliseconds; its pauses grow beyond that. */
const RETRY = 5000;
/** What tells of a session that may be over: the page slept, was in the back/forward cache or without a network. */
const WAKING = ['pageshow', 'visibilitychange', 'online'];

/**
 * Who is signed in on this page, and what keeps that true as time passes: expiry, renewal, idle users, waking up, and
 * what other tabs do. It starts no sign-in.
 */
export class LiveSession implements Session {
  readonly config: OktaConfig;
  readonly environment: Environment;
  readonly store: TokenStore;
  /** When the user last gave a sign of life. */
  readonly activity: Activity;
  /** Who hears of it where the tokens are not shared. */
  readonly others: OtherPages;
  /** Resolves with the first state that is neither `pending` nor `signing-in`. */
  readonly ready: Promise<SessionState>;
  /** How often the session was dropped: a sign-in that began before does not bring it back. */
  drops = 0;

  /** Why the last renewal ended the session; renewal.ts sets it. */
  ended: OktaElementsError | undefined;

  provider: Provider | undefined;

  /** Keeps renewals from being tried again too soon; renewal.ts sets it. */
  pause: RenewalPause | undefined;

  #target: EventTarget;
  readonly #listeners = new Set<(state: SessionState) => void>();
  #state: SessionState = { status: 'pending' };
  #settle!: (state: SessionState) => void;
  #settled = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #renewal: Promise<StoredSession | undefined> | undefined;
  #upkeep: Promise<Upkeep> | undefined;
  #suspended: OktaElementsError | undefined;

  constructor(config: OktaConfig, environment: Environment, target: EventTarget) {
    this.config = config;
    this.environment = environment;
    this.#target = target;
    this.store = new TokenStore(config, environment);
    this.activity = new Activity(this.store.key, environment);
    this.others = new OtherPages(this.store.key, config, environment);
    this.ready = new Promise((resolve) => (this.#settle = resolve));
  }

  /** Where session events are dispatched: the page's `<okta-config>`, or the document, which hears of them all. */
  get target(): EventTarget {
    const { isConnected = true } = this.#target as Node;
    return isConnected ? this.#target : this.environment.document!;
  }

  set target(target: EventTarget) {
    this.#target = target;
  }

  get state(): SessionState {
    return this.#state;
  }

  /** Whether a sign-in or a sign-out is under way. */
  get isBusy(): boolean {
    return this.#state.status.startsWith('signing');
  }

  /** Epoch milliseconds. */
  get now(): number {
    return this.environment.now();
  }

  /** Calls `listener` with every new state. @returns how to stop */
  subscribe(listener: (state: SessionState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Listens to other tabs, and to the page waking up. */
  listen(): void {
    const { events } = this.environment;
    events.addEventListener('storage', (event) => {
      const { key, newValue } = event as StorageEvent;
      // Somebody signed out there; what is ending here does not bring them back.
      if (key === this.store.key && !newValue) {
        this.drops++;
        this.others.forget();
      }
      if (key === this.store.key || key === null) this.refresh('other-tab');
      else if (key === this.others.signal && newValue) this.#hear(newValue);
    });
    for (const waking of WAKING) {
      events.addEventListener(waking, (event) => {
        if (waking === 'online') this.pause = undefined;
        const { persisted } = event as PageTransitionEvent;
        // A page that has just been loaded has just looked. What was under way when it was left for the cache will not
        // go on.
        if (this.#settled && persisted !== false) this.refresh('other-tab', persisted);
      });
    }
  }

  /** Takes over what the store holds; `anyway`, even while a sign-in or a sign-out is under way. */
  refresh(reason: StateChangeReason, anyway?: boolean): void {
    if (this.#suspended || (this.isBusy && !anyway)) return;
    const tokens = this.store.read();
    if (!tokens && reason === 'loaded' && this.isRemembered) {
      this.change({ status: 'pending' }, reason);
      // Whatever was begun meanwhile has the last word.
      this.renew().catch(() => this.isBusy || this.change({ status: 'signed-out' }, reason));
    } else if (!tokens) {
      // A failure stays to be read until something is done about it.
      if (this.#state.status !== 'error' || reason !== 'other-tab') this.change({ status: 'signed-out' }, reason);
    } else if (this.#isIdle) {
      this.end();
    } else if (tokens.expiresAt * 1000 > this.now) {
      this.signedIn(tokens, reason);
    } else if (this.config.renew !== 'off') {
      if (this.#state.status !== 'error') this.change({ status: 'pending' }, 'expired');
      this.renew().catch((error: OktaElementsError) => {
        // Told once, tried again now and then: the network comes back without telling.
        if (this.#state.status === 'pending') this.fail(error);
        this.#refreshIn(RETRY);
      });
    } else {
      this.store.clear();
      this.expired();
    }
  }

  /** Stops the session while its configuration is not in force; `undefined` has it go on. */
  suspend(reason: OktaElementsError | undefined): void {
    if (Boolean(reason) === Boolean(this.#suspended)) return;
    if (reason) {
      // A sign-in that is under way does not store its tokens.
      this.drops++;
      this.change({ status: 'error', error: reason }, 'error');
    }
    this.#suspended = reason;
    if (!reason) this.refresh('loaded', true);
  }

  /** @throws OktaElementsError why the configuration of this session is not in force */
  assertInForce(): void {
    if (this.#suspended) throw this.#suspended;
  }

  /** These tokens are the session from now on. */
  signedIn(tokens: StoredSession, reason: StateChangeReason): void {
    const { user, scopes, expiresAt, clockSkew } = tokens;
    if (reason === 'loaded' && this.config.idleTimeout) this.activity.touch();
    this.change({ status: 'signed-in', user, scopes, expiresAt, clockSkew }, reason);
    // The session must outlive neither its tokens nor an idle user, even when nothing more can be loaded.
    this.#refreshIn(Math.min(expiresAt * 1000 - this.now, (this.config.idleTimeout ?? LONGEST) * 1000, LONGEST));
    this.#upkeep ??= loaded(import('./upkeep.js')).then(({ Upkeep }) => new Upkeep(this));
    this.#upkeep.then(
      (upkeep) => upkeep.schedule(),
      () => (this.#upkeep = undefined),
    );
  }

  #refreshIn(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.refresh('expired'), milliseconds);
  }

  /** Ends the session here and now, and revokes its tokens as far as that is possible. */
  end(): void {
    const tokens = this.store.read();
    this.drop();
    this.expired('idle');
    void loadVerbs()
      .then(({ revokeStored }) => revokeStored(this, tokens))
      .catch(() => {});
  }

  /** Nothing is left of the session in this browser; other tabs hear of it. */
  drop(): void {
    this.drops++;
    this.store.clear();
    this.activity.clear();
    this.others.forget();
    this.others.tell('', this.store.isInMemory);
  }

  /** One renewal at a time on this page; renewal.ts sees to the other tabs. */
  async renew(refused?: string): Promise<StoredSession | undefined> {
    this.assertInForce();
    return (this.#renewal ??= loadVerbs()
      .then(({ renewSession }) => renewSession(this, refused))
      .finally(() => (this.#renewal = undefined)));
  }

  fail(error: OktaElementsError): void {
    this.change({ status: 'error', error }, 'error');
    void reportError(this.target, error, this.config);
  }

  /** @param cause why it ended, for `expired` */
  change(state: SessionState, reason: StateChangeReason, cause?: OktaElementsError): void {
    if (this.#suspended) return;
    const previous = this.#state;
    const identity = ({ status, expiresAt, user }: SessionState) =>
      [status, expiresAt, user?.sub, user?.acr, user?.auth_time].join();
    if (identity(state) !== identity(previous) || state.error !== previous.error) {
      this.#state = state;
      if (state.status !== 'signed-in') clearTimeout(this.#timer);
      for (const listener of this.#listeners) {
        // A listener that throws does not stop the others, nor the operation in progress.
        try {
          listener(this.#state);
        } catch (failure) {
          globalThis.reportError(failure);
        }
      }
      this.target.dispatchEvent(new OktaStateChangeEvent(state, previous, reason, cause));
    }
    if (!this.#settled && state.status !== 'pending' && state.status !== 'signing-in') {
      this.#settled = true;
      this.#settle(state);
      this.target.dispatchEvent(new OktaReadyEvent(state));
    }
  }

  /** Whether the tokens may be had again in a hidden frame, though there are none to renew. */
  get isRemembered(): boolean {
    return this.config.renew !== 'off' && this.others.isRemembered;
  }

  /** @param message what another tab told of its user */
  #hear(message: string): void {
    const tokens = this.store.read();
    // Without tokens there may still be a way to them, which a sign-out closes.
    if (message.startsWith(signalOf(tokens?.user.sub)) === Boolean(tokens)) return;
    this.drops++;
    this.store.clear();
    // Or the next load of this page would sign in again what another tab has just signed out.
    this.others.forget();
    this.refresh('other-tab');
  }

  get #isIdle(): boolean {
    const { idleTimeout } = this.config;
    const last = idleTimeout && this.activity.last;
    return Boolean(last && this.now - last >= idleTimeout * 1000);
  }

  /** The session has ended by itself. */
  expired(reason?: 'idle'): void {
    if (this.#suspended) return;
    const error = reason ? undefined : this.ended;
    this.ended = undefined;
    this.others.forget();
    this.change({ status: 'signed-out' }, 'expired', error);
    if (error) void explainError(error, this.target, this.config);
    this.target.dispatchEvent(new OktaSessionExpiredEvent(reason ?? error?.code ?? 'expired', error));
  }
}
