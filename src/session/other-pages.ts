import type { OktaConfig } from './config.js';
import type { Environment } from './environment.js';

/** How a message to the other tabs about this user begins; the time follows, so that each is another. */
export function signalOf(sub = ''): string {
  return `[${JSON.stringify(sub)},`;
}

/** What pages tell each other where they do not share the tokens. None of it is a token. */
export class OtherPages {
  readonly #config: OktaConfig;
  readonly #environment: Environment;
  /** Where other tabs hear who is signed in. */
  readonly signal: string;
  /** Where the next page of this tab learns that somebody signed in here, though the tokens went with this page. */
  readonly memo: string;

  /** @param key of the token store; what is told is about its configuration */
  constructor(key: string, config: OktaConfig, environment: Environment) {
    this.#config = config;
    this.#environment = environment;
    this.signal = `${key}:signal`;
    this.memo = `${key}:resume`;
  }

  /**
   * Notifies the other tabs of the signed-in user, and removes the notice at once.
   * @param sub empty when the user signed out
   * @param isInMemory whether the tokens go with the page, also where the browser keeps no key to encrypt them with
   */
  tell(sub: string, isInMemory: boolean): void {
    // The other tabs see the stored tokens.
    if (this.#config.storage === 'local' && !isInMemory) return;
    const { localStorage, now } = this.#environment;
    try {
      localStorage?.setItem(this.signal, `${signalOf(sub)}${now()}]`);
      localStorage?.removeItem(this.signal);
    } catch {
      // A full storage: the other tabs learn of it when their tokens expire.
    }
  }

  forget(): void {
    this.#environment.sessionStorage?.removeItem(this.memo);
  }

  get isRemembered(): boolean {
    return Boolean(this.#environment.sessionStorage?.getItem(this.memo));
  }
}
