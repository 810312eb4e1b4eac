import type { Clock } from '../clock.js';

interface Window {
  count: number;
  endsAt: number;
}

/** Keys remembered at most, so that a flood of invented names cannot fill the memory. The oldest go first. */
const CAPACITY = 10_000;

/** Counts events by key within a fixed window of time. */
export class RateLimit {
  #clock: Clock;
  #limit: number;
  #windowMs: number;
  #windows = new Map<string, Window>();

  /** @param windowMs milliseconds; Infinity counts for ever */
  constructor(clock: Clock, limit: number, windowMs: number) {
    this.#clock = clock;
    this.#limit = limit;
    this.#windowMs = windowMs;
  }

  reached(key: string): boolean {
    return this.count(key) >= this.#limit;
  }

  count(key: string): number {
    return this.#window(key)?.count ?? 0;
  }

  set(key: string, count: number): void {
    if (count <= 0) {
      this.#windows.delete(key);
      return;
    }
    const window = this.#window(key) ?? { count: 0, endsAt: this.#clock.now() + this.#windowMs };
    window.count = count;
    this.#windows.set(key, window);
    if (this.#windows.size > CAPACITY) this.#windows.delete(this.#windows.keys().next().value!);
  }

  add(key: string): void {
    this.set(key, this.count(key) + 1);
  }

  #window(key: string): Window | undefined {
    const window = this.#windows.get(key);
    if (window && window.endsAt <= this.#clock.now()) {
      this.#windows.delete(key);
      return undefined;
    }
    return window;
  }
}
