import type { ReactiveController, ReactiveControllerHost } from '@lit/reactive-element';
import type { OktaClient } from './client.js';
import { findClient, findFailure, missing, onConfigured } from './registry.js';
import type { SessionState } from './state.js';

const PENDING: SessionState = { status: 'pending' };
/** How long a page may take to bring its configuration, milliseconds. One that comes later still counts. */
const PATIENCE = 5000;

/** An element that a session controller can serve. */
export interface SessionHost extends ReactiveControllerHost {
  /** Name of the configuration; empty for the default one. */
  config: string;
  readonly isConnected: boolean;
}

/** Tells an element who is signed in, whenever the page's configuration turns up. */
export class SessionController implements ReactiveController {
  readonly #host: SessionHost;
  #client: OktaClient | undefined;
  #stopLooking: (() => void) | undefined;
  #stopListening: (() => void) | undefined;
  /** It has been waited for long enough. */
  #isMissing = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: SessionHost) {
    this.#host = host;
    host.addController(this);
  }

  /** Undefined until the page is configured. */
  get client(): OktaClient | undefined {
    return this.#client;
  }

  get state(): SessionState {
    if (this.#client) return this.#client.state;
    const { config } = this.#host;
    const error = findFailure(config) ?? (this.#isMissing ? missing(config) : undefined);
    return error ? { status: 'error', error } : PENDING;
  }

  hostConnected(): void {
    this.#stopLooking = onConfigured(() => this.#look());
    this.#look();
  }

  hostUpdate(): void {
    // An element may update once more after it was taken out; it must not be kept alive by that.
    if (this.#host.isConnected && findClient(this.#host.config) !== this.#client) this.#look();
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer);
    this.#stopLooking?.();
    this.#stopListening?.();
    this.#client = undefined;
  }

  #look(): void {
    const client = findClient(this.#host.config);
    this.#stopListening?.();
    this.#client = client;
    this.#stopListening = client?.subscribe(() => this.#host.requestUpdate());
    this.#host.requestUpdate();
    clearTimeout(this.#timer);
    if (!client) this.#timer = setTimeout(() => this.#giveUp(), PATIENCE);
  }

  #giveUp(): void {
    this.#isMissing = true;
    this.#host.requestUpdate();
  }
}
