import type { ErrorCode, OktaElementsError } from './errors.js';
import type { SessionState } from './session/state.js';
import type { Missing, GuardState } from './guard/decide.js';

/** All events bubble and cross shadow roots, so that one listener on `document` hears them. None ever holds a token. */
export const heard = { bubbles: true, composed: true };
export const preventable = { ...heard, cancelable: true };

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
    'okta-guard-change': OktaGuardChangeEvent;
    'okta-guard-redirect': OktaGuardRedirectEvent;
    'okta-session-expired': OktaSessionExpiredEvent;
    'okta-signout-start': OktaSignoutStartEvent;
    'okta-signout-complete': OktaSignoutCompleteEvent;
    'okta-error': OktaErrorEvent;
  }
}
