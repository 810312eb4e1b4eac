import type { LiveSession } from './live-session.js';
import { loaded } from './parts.js';
import type { StoredSession } from './token-store.js';

/** The longest a browser timer can wait, milliseconds. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** How long before expiry tokens are renewed, milliseconds; as in renewal.ts, which is not loaded for this. */
const RENEW_AHEAD_MS = 60_000;

/**
 * Renews the tokens of a signed-in user before they expire, and loads the code that warns of the end. Loaded lazily:
 * without it, the session still ends when its tokens expire.
 */
export class Upkeep {
  readonly #session: LiveSession;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The id of the tokens whose renewal was tried: the end of the session is no longer put off. */
  #ending: string | undefined;
  #isWatched = false;

  constructor(session: LiveSession) {
    this.#session = session;
    session.subscribe(({ status }) => {
      if (status !== 'signed-in') clearTimeout(this.#timer);
    });
  }

  /** Sets the timer for what is due next: a renewal ahead of expiry, or another attempt at it. */
  schedule(): void {
    const session = this.#session;
    const tokens = session.store.read();
    // The user may have signed out while this file was loading.
    if (!tokens || session.state.status !== 'signed-in') return;
    const left = tokens.expiresAt * 1000 - session.now;
    // More often as the end comes near; tokens with a short life are not renewed at once.
    const wait = left > 2 * RENEW_AHEAD_MS ? left - RENEW_AHEAD_MS : Math.max(left / 2, 1000);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), Math.min(wait, left, LONGEST_TIMER_MS));
    if (session.config.idleTimeout || (left <= RENEW_AHEAD_MS && this.#isEnding(tokens))) this.#watch();
  }

  #look(): void {
    const session = this.#session;
    const tokens = session.store.read();
    const left = (tokens?.expiresAt ?? 0) * 1000 - session.now;
    if (tokens && session.config.renew === 'auto' && left > 0 && left <= RENEW_AHEAD_MS) {
      this.#ending = tokens.id;
      // Tokens whose renewal failed count until they expire.
      session.renew().catch(() => session.refresh('expired'));
    } else {
      session.refresh('expired');
    }
  }

  /** Whether the session ends with these tokens, as far as is known. */
  readonly #isEnding = ({ id }: StoredSession): boolean => this.#session.config.renew === 'off' || this.#ending === id;

  /** Warns of an end that is near, and ends the session of an idle user. */
  #watch(): void {
    if (this.#isWatched) return;
    this.#isWatched = true;
    loaded(import('./ending.js'))
      .then(({ watchEnd }) => watchEnd(this.#session, this.#isEnding))
      .finally(() => (this.#isWatched = false))
      .catch(() => {});
  }
}
