import type { ReactiveController, ReactiveControllerHost } from '@lit/reactive-element';
import { reportError } from '../report.js';
import type { OktaClient } from './client.js';
import { readPageConfiguration } from './page-configuration.js';
import { findClient, findFailure, missing, noteFailure, onConfigured } from './registry.js';
import type { SessionState } from './state.js';

const PENDING: SessionState = { status: 'pending' };
/** How long a page may take to bring its configuration, milliseconds. One that comes later still counts. */
const PATIENCE = 5000;

/** An element that a session controller can serve. */
export interface SessionHost extends ReactiveControllerHost, EventTarget {
  /** Name of the configuration; empty for the default one. */
  config: string;
  readonly isConnected: boolean;
  requestUpdate(name?: string): void;
  dispatchEvent(event: Event): boolean;
}

/** Tells an element who is signed in, whenever the page's configuration turns up. */
export class SessionController implements ReactiveController {
  readonly #host: SessionHost;
  #client: OktaClient | undefined;
  #stopLooking: (() => void) | undefined;
  #stopListening: (() => void) | undefined;
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
    const error = findFailure(this.#host.config);
    return error ? { status: 'error', error } : PENDING;
  }

  hostConnected(): void {
    this.#stopLooking = onConfigured(() => this.#look());
    readPageConfiguration();
    this.#look();
  }

  hostUpdate(): void {
    // Whatever has changed, the attribute says it.
    this.#host.requestUpdate('state');
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

  /** It has been waited for long enough. */
  #giveUp(): void {
    const { config } = this.#host;
    if (findFailure(config)) return;
    const error = missing(config);
    noteFailure(config, error);
    void reportError(this.#host, error);
  }
}
