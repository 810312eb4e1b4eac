import { preventable } from '../events.js';

/**
 * The session is about to end: its tokens cannot be renewed, or the user has been idle. Comes every second in the last
 * minute, and once more when the end has been put off. Cancel it to say that the user is there.
 */
export class OktaSessionExpiringEvent extends Event {
  /** @param secondsLeft whole seconds; more than 60, or Infinity, when the end has been put off */
  constructor(readonly secondsLeft: number) {
    super('okta-session-expiring', preventable);
  }
}

declare global {
  interface GlobalEventHandlersEventMap {
    'okta-session-expiring': OktaSessionExpiringEvent;
  }
}
