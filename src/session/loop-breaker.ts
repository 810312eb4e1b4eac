import { OktaElementsError } from '../errors.js';

const KEY = 'okta-elements:redirects';
/** A user who signs out and in again is faster than nobody; a loop is faster than everybody. */
const LIMIT = 3;
/** Milliseconds. */
const WINDOW = 60_000;

/**
 * Counts the redirects a page starts by itself, and refuses one too many.
 * @throws OktaElementsError `redirect_loop` on the fourth within a minute
 */
export function countRedirect(storage: Storage | undefined, now: number): void {
  let times: number[] = [];
  try {
    times = (JSON.parse(storage?.getItem(KEY) ?? '[]') as number[]).filter(
      (time) => time > now - WINDOW && time <= now,
    );
    storage?.setItem(KEY, JSON.stringify([...times.slice(-LIMIT), now]));
  } catch {
    // A value that is not ours counts as none; a full storage keeps what it has.
  }
  if (times.length >= LIMIT) {
    throw new OktaElementsError(
      'redirect_loop',
      'Signing in came back without a session several times, so this page stopped; check the issuer, the client id and the clock of this device, then try again.',
    );
  }
}

/** The user acted, or a sign-in succeeded: start counting anew. */
export function forgetRedirects(storage: Storage | undefined): void {
  storage?.removeItem(KEY);
}
