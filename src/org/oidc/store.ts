import type { Adapter, AdapterPayload } from 'oidc-provider';
import type { Clock } from '../clock.js';

/**
 * Where oidc-provider keeps what it must remember: sessions, grants, codes, tokens. One store serves the providers of
 * all host names, so that they are one org.
 *
 * oidc-provider reads the machine's clock and nothing else. The store translates: it keeps times as the org's clock
 * has them, and hands them out shifted back to the machine's. A token that expires in an hour is so found expired
 * after `clock.advance(3_600_000)`.
 */
export class Store {
  readonly #clock: Clock;
  readonly #entries = new Map<string, AdapterPayload>();
  #writes = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Seconds the org's clock is ahead of the machine's. */
  get #offset(): number {
    return Math.floor(this.#clock.now() / 1000) - Math.floor(Date.now() / 1000);
  }

  get(key: string): AdapterPayload | undefined {
    const entry = this.#entries.get(key);
    return entry && shift(entry, -this.#offset);
  }

  set(key: string, payload: AdapterPayload): void {
    this.#entries.set(key, shift(payload, this.#offset));
    this.#writes += 1;
    if (this.#writes % 500 === 0) this.#sweep();
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  /** Entries of a model for which the test holds, with their keys. */
  *entries(model: string): Iterable<[key: string, payload: AdapterPayload]> {
    for (const [key, payload] of this.#entries) {
      if (key.startsWith(`${model}:`)) yield [key, payload];
    }
  }

  adapter = (model: string): Adapter => new StoreAdapter(this, model);

  #sweep(): void {
    const now = this.#clock.now() / 1000;
    for (const [key, { exp }] of this.#entries) {
      if (exp !== undefined && exp < now) this.#entries.delete(key);
    }
  }
}

const TIMES = ['iat', 'exp', 'iiat'] as const;

function shift(payload: AdapterPayload, seconds: number): AdapterPayload {
  const copy = structuredClone(payload) as AdapterPayload & Partial<Record<(typeof TIMES)[number], number>>;
  for (const name of TIMES) {
    if (typeof copy[name] === 'number') copy[name] += seconds;
  }
  return copy;
}

class StoreAdapter implements Adapter {
  readonly #store: Store;
  readonly #model: string;

  constructor(store: Store, model: string) {
    this.#store = store;
    this.#model = model;
  }

  #key(id: string): string {
    return `${this.#model}:${id}`;
  }

  async upsert(id: string, payload: AdapterPayload): Promise<void> {
    this.#store.set(this.#key(id), payload);
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    return this.#store.get(this.#key(id));
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    for (const [key, payload] of this.#store.entries(this.#model)) {
      if (payload.uid === uid) return this.#store.get(key);
    }
    return undefined;
  }

  /** Only the device flow asks for it, and that is off. */
  async findByUserCode(): Promise<undefined> {
    return undefined;
  }

  async consume(id: string): Promise<void> {
    const payload = this.#store.get(this.#key(id));
    if (payload) this.#store.set(this.#key(id), { ...payload, consumed: Math.floor(Date.now() / 1000) });
  }

  async destroy(id: string): Promise<void> {
    this.#store.delete(this.#key(id));
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    for (const [key, payload] of this.#store.entries(this.#model)) {
      if (payload.grantId === grantId) this.#store.delete(key);
    }
  }
}
