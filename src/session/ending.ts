import { OktaSessionExpiringEvent } from './expiring-event.js';
import type { LiveSession } from './live-session.js';
import type { StoredSession } from './token-store.js';

/** How long before the end the user is warned, milliseconds; half of a shorter idle timeout. */
const WARNING = 60_000;
/** What shows that the user is there. */
const SIGNS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchmove'];
const SECOND = 1000;

/**
 * Warns of the end of a session once a second while it is near, and ends the session of an idle user. Whoever cancels
 * a warning says that the user is there; that, or any sign of the user in any tab, puts off the end of an idle session.
 * @param isEnding whether the session ends with these tokens, as far as is known
 * @returns when the session is over, or a sign-in or sign-out has begun
 */
export function watchEnd(session: LiveSession, isEnding: (tokens: StoredSession) => boolean): Promise<void> {
  const { environment, config, activity } = session;
  const idle = (config.idleTimeout ?? Infinity) * SECOND;
  const warning = Math.min(WARNING, idle / 2);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let warned = false;

  /** Epoch milliseconds; Infinity while the tokens are going to be renewed. */
  function tokensEnd(): number {
    const tokens = session.store.read();
    return tokens && isEnding(tokens) ? tokens.expiresAt * SECOND : Infinity;
  }

  const timeLeft = () => Math.min(activity.last + idle, tokensEnd()) - session.now;

  function look(): void {
    clearTimeout(timer);
    const left = timeLeft();
    if (left <= 0) {
      session.refresh('expired');
      return;
    }
    // Once more when the end is put off, so that whoever shows a countdown can take it away.
    const proceed = (left > warning && !warned) || warn(left);
    warned = left <= warning;
    if (!proceed && warned && stay()) return;
    const wait = warned ? left % SECOND || SECOND : left - warning;
    timer = setTimeout(look, Math.min(wait, 2 ** 31 - 1));
  }

  function warn(left: number): boolean {
    return session.target.dispatchEvent(new OktaSessionExpiringEvent(Math.ceil(left / SECOND)));
  }

  /** @returns whether that puts off the end */
  function stay(): boolean {
    activity.touch();
    session.renew().catch(() => {});
    if (timeLeft() <= warning) return false;
    look();
    return true;
  }

  function hear(): void {
    // Every movement of a pointer is too many to write down.
    if (session.now - activity.last < SECOND) return;
    // A page that slept through the end notices only now.
    if (timeLeft() <= 0) return look();
    activity.touch();
    if (warned) look();
  }

  return new Promise((resolve) => {
    const unsubscribe = session.subscribe(({ status }) => {
      if (status === 'signed-in') return look();
      clearTimeout(timer);
      unsubscribe();
      for (const sign of SIGNS) environment.events.removeEventListener(sign, hear, true);
      resolve();
    });
    for (const sign of SIGNS) environment.events.addEventListener(sign, hear, { capture: true, passive: true });
    look();
  });
}
