import type { StepUp } from './challenge.js';
import type { Environment } from './environment.js';
import type { User } from './state.js';

/** `begun`: the browser left to ask for it. `ended`: it came back with less than was asked for, or with a refusal. */
export type StepUpAttempt = 'begun' | 'ended';

const PREFIX = 'okta-elements:step-up:';
/** Where the browser blocks storage, a step-up without a page load is still remembered. */
const memory = new Map<string, string>();

/**
 * How this proof was last asked for in this tab, while who is signed in and how they signed in are still the same: a
 * new sign-in is a new chance.
 */
export function findStepUp(asked: StepUp, user: User, { sessionStorage }: Environment): StepUpAttempt | undefined {
  const key = keyOf(asked);
  const value = memory.get(key) ?? sessionStorage?.getItem(key);
  return (['begun', 'ended'] as const).find((attempt) => value === record(attempt, user));
}

/** Remembers an attempt, so that it is neither repeated by itself nor forgotten with the page. */
export function noteStepUp(asked: StepUp, user: User, attempt: StepUpAttempt, { sessionStorage }: Environment): void {
  const key = keyOf(asked);
  const value = record(attempt, user);
  memory.set(key, value);
  try {
    sessionStorage?.setItem(key, value);
  } catch {
    // A full storage: remembered as long as the page.
  }
}

/** The user wants to try again, or has given the proof. */
export function forgetStepUp(asked: StepUp, { sessionStorage }: Environment): void {
  const key = keyOf(asked);
  memory.delete(key);
  sessionStorage?.removeItem(key);
}

/**
 * Takes down how a sign-in that asked for more proof has ended.
 * @param user who is signed in now
 * @param failure whether it did, so that this is who was signed in before
 */
export function endStepUp(asked: StepUp, user: User, failure: boolean, environment: Environment): void {
  const { auth_time: time } = user;
  const { maxAge } = asked;
  // The checks of an ID token allow for clocks that differ. A guard does not, and would ask again and again.
  const stale = maxAge !== undefined && !(typeof time === 'number' && environment.now() / 1000 <= time + maxAge);
  if (failure || stale) noteStepUp(asked, user, 'ended', environment);
  else forgetStepUp(asked, environment);
}

function keyOf({ acrValues, maxAge }: StepUp): string {
  return `${PREFIX}${JSON.stringify([acrValues, maxAge ?? null])}`;
}

function record(attempt: StepUpAttempt, { iss, sub, auth_time, acr }: User): string {
  return JSON.stringify([attempt, iss, sub, auth_time, acr]);
}
