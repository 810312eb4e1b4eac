import { heard, preventable } from '../events.js';
import type { User } from './state.js';

/** Somebody signed in: the tokens have passed every check and are stored. */
export class OktaSigninSuccessEvent extends Event {
  constructor(
    readonly user: User,
    readonly returnTo: string,
  ) {
    super('okta-signin-success', heard);
  }
}

/** The return from Okta is handled. Cancel it to route to `returnTo` yourself. */
export class OktaCallbackCompleteEvent extends Event {
  constructor(readonly returnTo: string) {
    super('okta-callback-complete', preventable);
  }
}

declare global {
  interface GlobalEventHandlersEventMap {
    'okta-signin-success': OktaSigninSuccessEvent;
    'okta-callback-complete': OktaCallbackCompleteEvent;
  }
}
