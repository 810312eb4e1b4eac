export { OktaElementsError, type ErrorCode } from './errors.js';
export {
  OktaErrorEvent,
  OktaGuardChangeEvent,
  OktaGuardRedirectEvent,
  OktaReadyEvent,
  OktaSessionExpiredEvent,
  OktaSigninStartEvent,
  OktaSignoutCompleteEvent,
  OktaSignoutStartEvent,
  OktaStateChangeEvent,
  type StateChangeReason,
} from './events.js';
export { OktaCallbackElement } from './elements/okta-callback.js';
export { OktaConfigElement } from './elements/okta-config.js';
export { OktaGuardElement } from './elements/okta-guard.js';
export { OktaSigninElement, type SigninState } from './elements/okta-signin.js';
export { OktaSignoutElement } from './elements/okta-signout.js';
export { OktaUserElement } from './elements/okta-user.js';
export type { Decision, GuardState, Missing, Rule } from './guard/decide.js';
export type { OktaClient } from './session/client.js';
export type { ConfigInput, OktaConfig } from './session/config.js';
export { OktaSessionExpiringEvent } from './session/expiring-event.js';
export { configure, getClient } from './session/registry.js';
export { OktaCallbackCompleteEvent, OktaSigninSuccessEvent } from './session/sign-in-events.js';
export type { EmbeddedTransaction, SignInOptions } from './session/sign-in.js';
export type { SignOutOptions } from './session/sign-out.js';
export type { SessionState, SessionStatus, User } from './session/state.js';
export { OktaStepUpRequiredEvent } from './session/step-up-event.js';
export { OktaWidgetErrorEvent, OktaWidgetReadyEvent, OktaWidgetRenderEvent } from './widget/widget-events.js';
