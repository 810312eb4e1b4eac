import type { ErrorCode, OktaElementsError } from './errors.js';
import type { SessionState, User } from './session/state.js';
import type { Missing, GuardState } from './guard/decide.js';

/** All events bubble and cross shadow roots, so that one listener on `document` hears them. None ever holds a token. */
const heard = { bubbles: true, composed: true };
const preventable = { ...heard, cancelable: true };

/** The session is known for the first time on this page. */
export class OktaReadyEvent extends Event {
  constructor(readonly state: SessionState) {
    super('okta-ready', heard);
  }
}

/** Why a session changed. */
export type StateChangeReason =
  'loaded' | 'signin' | 'signout' | 'renewal' | 'expired' | 'other-tab' | 'callback' | 'error';

/** Who is signed in has changed. */
export class OktaStateChangeEvent extends Event {
  /** @param error with the reason `expired`: why the session could not be renewed, where that is known */
  constructor(
    readonly state: SessionState,
    readonly previous: SessionState,
    readonly reason: StateChangeReason,
    readonly error?: OktaElementsError,
  ) {
    super('okta-state-change', heard);
  }
}

/** A sign-in is about to start. Cancel it to keep it from starting. */
export class OktaSigninStartEvent extends Event {
  constructor(readonly mode: 'hosted' | 'embedded') {
    super('okta-signin-start', preventable);
  }
}

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

/** A guard shows something else than before. */
export class OktaGuardChangeEvent extends Event {
  constructor(
    readonly state: GuardState,
    readonly missing: Missing,
  ) {
    super('okta-guard-change', heard);
  }
}

/** A guard is about to send the user to sign in. Cancel it to stay. */
export class OktaGuardRedirectEvent extends Event {
  constructor() {
    super('okta-guard-redirect', preventable);
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

/** The session ended because its tokens expired and could not be renewed, or because the user was idle. */
export class OktaSessionExpiredEvent extends Event {
  /**
   * @param reason the code of `error`; `idle` after `idle-timeout`; `expired` when nothing could or should renew it
   * @param error why the tokens could not be renewed
   */
  constructor(
    readonly reason: ErrorCode | 'idle' | 'expired',
    readonly error?: OktaElementsError,
  ) {
    super('okta-session-expired', heard);
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

/** A sign-out is about to start. Cancel it to stay signed in. */
export class OktaSignoutStartEvent extends Event {
  constructor() {
    super('okta-signout-start', preventable);
  }
}

/** Tokens are gone from this browser. With the scope `global` the browser leaves for Okta's sign-out next. */
export class OktaSignoutCompleteEvent extends Event {
  constructor() {
    super('okta-signout-complete', heard);
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

/** Something failed. */
export class OktaErrorEvent extends Event {
  readonly code: OktaElementsError['code'];
  /** For developers: names the setting to change. */
  readonly message: string;
  /** For visitors: one short sentence in the page's language. */
  readonly userMessage: string;
  readonly recoverable: boolean;
  readonly cause: unknown;

  constructor(readonly error: OktaElementsError) {
    super('okta-error', heard);
    this.code = error.code;
    this.message = error.message;
    this.userMessage = error.userMessage;
    this.recoverable = error.recoverable;
    this.cause = error.cause;
  }
}

declare global {
  interface GlobalEventHandlersEventMap {
    'okta-ready': OktaReadyEvent;
    'okta-state-change': OktaStateChangeEvent;
    'okta-signin-start': OktaSigninStartEvent;
    'okta-signin-success': OktaSigninSuccessEvent;
    'okta-callback-complete': OktaCallbackCompleteEvent;
    'okta-guard-change': OktaGuardChangeEvent;
    'okta-guard-redirect': OktaGuardRedirectEvent;
    'okta-session-expiring': OktaSessionExpiringEvent;
    'okta-session-expired': OktaSessionExpiredEvent;
    'okta-step-up-required': OktaStepUpRequiredEvent;
    'okta-signout-start': OktaSignoutStartEvent;
    'okta-signout-complete': OktaSignoutCompleteEvent;
    'okta-widget-ready': OktaWidgetReadyEvent;
    'okta-widget-render': OktaWidgetRenderEvent;
    'okta-widget-error': OktaWidgetErrorEvent;
    'okta-error': OktaErrorEvent;
  }
}
