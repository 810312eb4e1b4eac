/* Events that only lazily loaded code dispatches: apart, so that no page waits for them. */
import type { OktaElementsError } from './errors.js';
import { heard, preventable } from './events.js';
import type { User } from './session/state.js';

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

/**
 * An API wants more proof of who the user is than the sign-in gave (RFC 9470); `client.fetch()` returns its answer as it
 * is. Cancel it to say that the page sees to it.
 */
export class OktaStepUpRequiredEvent extends Event {
  /**
   * @param acrValues authentication context classes, one of which will do; empty when the API names none
   * @param maxAge seconds since the user last signed in actively, at most; undefined when the API does not mind
   * @param url what was asked for
   */
  constructor(
    readonly acrValues: readonly string[],
    readonly maxAge: number | undefined,
    readonly url: string,
  ) {
    super('okta-step-up-required', preventable);
  }
}

/** The embedded widget shows its first form. */
export class OktaWidgetReadyEvent extends Event {
  constructor() {
    super('okta-widget-ready', heard);
  }
}

/** The embedded widget shows another form. */
export class OktaWidgetRenderEvent extends Event {
  constructor(readonly form: string) {
    super('okta-widget-render', heard);
  }
}

/** The embedded widget reports an error; it usually shows it, too. */
export class OktaWidgetErrorEvent extends Event {
  constructor(readonly error: OktaElementsError) {
    super('okta-widget-error', heard);
  }
}

declare global {
  interface GlobalEventHandlersEventMap {
    'okta-signin-success': OktaSigninSuccessEvent;
    'okta-callback-complete': OktaCallbackCompleteEvent;
    'okta-session-expiring': OktaSessionExpiringEvent;
    'okta-step-up-required': OktaStepUpRequiredEvent;
    'okta-widget-ready': OktaWidgetReadyEvent;
    'okta-widget-render': OktaWidgetRenderEvent;
    'okta-widget-error': OktaWidgetErrorEvent;
  }
}
