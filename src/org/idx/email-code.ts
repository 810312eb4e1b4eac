import { randomInt, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../clock.js';

/** How long a code is good for, as in Okta. */
const LIFETIME_MS = 5 * 60_000;
/** Wrong answers after which a code is no longer good. */
const TRIES = 5;

/** A six-digit code for one mail: good once, for a short time and a few tries. */
export class EmailCode {
  readonly code = String(randomInt(1_000_000)).padStart(6, '0');
  #clock: Clock;
  #endsAt: number;
  #triesLeft = TRIES;
  #used = false;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#endsAt = clock.now() + LIFETIME_MS;
  }

  get valid(): boolean {
    return !this.#used && this.#triesLeft > 0 && this.#clock.now() < this.#endsAt;
  }

  /** Whether the tries are used up. */
  get exhausted(): boolean {
    return this.#triesLeft <= 0;
  }

  /** Whether this is the code. A right one is used up by that, a wrong one costs a try. */
  use(given: string): boolean {
    const right = this.matches(given);
    if (right) this.#used = true;
    else this.#triesLeft -= 1;
    return right;
  }

  /** Compares in constant time, without using anything up. */
  matches(given: string): boolean {
    const a = Buffer.from(given);
    const b = Buffer.from(this.code);
    return a.length === b.length && timingSafeEqual(a, b) && this.valid;
  }
}
