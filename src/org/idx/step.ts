import type { Form } from './form.js';
import type { Message } from './messages.js';
import type { IdentityProvider } from './services.js';

/** One screen of a sign-in. */
export interface Step {
  /** Built anew for every answer. Has no effects. */
  view(): View;
}

/** What a step shows and takes. */
export interface View {
  /** The remediations, most wanted first. */
  forms: Form[];
  /** Links to other places to sign in at. */
  providers?: readonly IdentityProvider[];
  current?: Current;
  authenticators?: object[];
  enrollments?: object[];
  /** In a password recovery: the authenticator that will be reset. */
  recoveryAuthenticator?: object;
  message?: Message;
}

/** The authenticator a step is about, and the buttons that go with it, such as "resend". */
export interface Current {
  as: 'currentAuthenticator' | 'currentAuthenticatorEnrollment';
  value: object;
  actions?: Form[];
}
