import { OktaElementsError } from '../errors.js';

const KEY = 'okta-elements:redirects';
/** A page that redirects this often by itself within the window is in a loop: no user signs in and out so fast. */
const LIMIT = 3;
/** Milliseconds. */
const WINDOW = 60_000;

/** When the page redirected, oldest first. A value that is not ours counts as never, and the next write mends it. */
function redirects(storage: Storage): number[] {
  try {
    return (JSON.parse(storage.getItem(KEY) ?? '[]') as number[]).filter(Number.isFinite);
  } catch {
    return [];
  }
}

function keep(storage: Storage, times: number[]): void {
  try {
    storage.setItem(KEY, JSON.stringify(times));
  } catch {
    // A storage as full as that refuses the transaction, too, and that ends the sign-in.
  }
}

/**
 * Counts the redirects a page starts by itself, and refuses one too many. A sign-in that succeeds does not make it
 * forget: tokens that are lost at once, or expire at once, make a loop of successes.
 * @throws OktaElementsError `redirect_loop` on the fourth within a minute
 */
export function countRedirect(storage: Storage, now: number): void {
  const times = redirects(storage).filter((time) => time > now - WINDOW && time <= now);
  if (times.length >= LIMIT) {
    throw new OktaElementsError(
      'redirect_loop',
      'The page redirected to Okta three times in a minute without a session. Check issuer, client-id, storage and the clock of this device.',
    );
  }
  keep(storage, [...times, now]);
}

/** The browser was back from Okta: what that took does not count, or a slow provider's loop would be none. */
export function countReturn(storage: Storage | undefined, now: number): void {
  const times = storage ? redirects(storage) : [];
  const away = now - Math.max(...times);
  if (storage && times.length > 0 && away > 0) {
    keep(
      storage,
      times.map((time) => time + away),
    );
  }
}

/** The user acted: start counting anew. */
export function forgetRedirects(storage: Storage | undefined): void {
  storage?.removeItem(KEY);
}
