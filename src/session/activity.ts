import type { Environment } from './environment.js';

/** When the user last gave a sign of life, known to all tabs. */
export class Activity {
  readonly #key: string;
  readonly #environment: Environment;
  /** Where the browser blocks storage, each tab knows only of its own. */
  #last = 0;

  /** @param key of the token store; a sign of life is kept per configuration */
  constructor(key: string, environment: Environment) {
    this.#key = `${key}:active`;
    this.#environment = environment;
  }

  /** Epoch milliseconds; 0 when there was none yet. */
  get last(): number {
    // Another script may have written anything, but no later time than now.
    const stored = Number(this.#environment.localStorage?.getItem(this.#key)) || 0;
    return Math.min(Math.max(stored, this.#last), this.#environment.now());
  }

  /** The user is there. */
  touch(): void {
    this.#last = this.#environment.now();
    try {
      this.#environment.localStorage?.setItem(this.#key, String(this.#last));
    } catch {
      // A full storage: this tab still knows.
    }
  }

  clear(): void {
    this.#last = 0;
    this.#environment.localStorage?.removeItem(this.#key);
  }
}
