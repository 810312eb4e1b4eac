import { OktaElementsError } from '../errors.js';
import { reportError } from '../report.js';
import type { LiveSession } from './live-session.js';

/** How a message begins when the user is signed out of this browser, and Okta does not know. */
export const NOT_AT_OKTA = 'Signed out here, but not at Okta: ';

/**
 * Leaves this page for another. Where that does not come within the time of a request, because it hangs or the user
 * has stopped it, this page goes on, and tells of a `timeout`.
 * @param how whether the way back leads here (default), or the other page takes the place of this one
 */
export function leave(session: LiveSession, address: string, how: 'assign' | 'replace' = 'assign'): void {
  session.assertInForce();
  const { config, environment, state } = session;
  const timer = setTimeout(() => {
    if (session.state === state) stay(session, new URL(address).origin);
  }, config.requestTimeout);
  environment.events.addEventListener('pagehide', () => clearTimeout(timer), { once: true });
  environment.location[how](address);
}

function stay(session: LiveSession, origin: string): void {
  const isSigningOut = session.state.status === 'signing-out';
  const late = `${origin} did not answer within ${session.config.requestTimeout / 1000} s; try again.`;
  const isUntold = isSigningOut && origin !== session.environment.location.origin;
  const error = new OktaElementsError('timeout', isUntold ? NOT_AT_OKTA + late : late);
  if (!isSigningOut && !session.store.read()) {
    session.fail(error);
    return;
  }
  // The user is what the store says, whatever was tried.
  session.refresh(isSigningOut ? 'signout' : 'error', true);
  void reportError(session.target, error, session.config);
}
