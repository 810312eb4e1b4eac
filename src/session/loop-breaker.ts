import { OktaElementsError } from '../errors.js';

const KEY = 'okta-elements:redirects';
/** A page that redirects this often by itself within the window is in a loop: no user signs in and out so fast. */
const LIMIT = 3;
/** Milliseconds. */
const WINDOW = 60_000;

/** When the page redirected of late. A value that is not ours counts as never, and the next write mends it. */
function recentRedirects(storage: Storage, now: number): number[] {
  try {
    const times = JSON.parse(storage.getItem(KEY) ?? '[]') as number[];
    return times.filter((time) => time > now - WINDOW && time <= now);
  } catch {
    return [];
  }
}

/**
 * Counts the redirects a page starts by itself, and refuses one too many. A sign-in that succeeds does not make it
 * forget: tokens that are lost at once, or expire at once, make a loop of successes.
 * @throws OktaElementsError `redirect_loop` on the fourth within a minute
 */
export function countRedirect(storage: Storage, now: number): void {
  const times = recentRedirects(storage, now);
  if (times.length >= LIMIT) {
    throw new OktaElementsError(
      'redirect_loop',
      'Signing in came back without a session several times, so this page stopped; check the issuer, the client id, the storage setting and the clock of this device, then try again.',
    );
  }
  try {
    storage.setItem(KEY, JSON.stringify([...times, now]));
  } catch {
    // A storage as full as that refuses the transaction, too, and that ends the sign-in.
  }
}

/** The user acted: start counting anew. */
export function forgetRedirects(storage: Storage | undefined): void {
  storage?.removeItem(KEY);
}
