import type { ErrorCode } from '../errors.js';

/** English: the labels that the elements show, and one sentence for each kind of failure. */
export const en = {
  language: 'en',
  labels: {
    'Sign in': 'Sign in',
    'Sign out': 'Sign out',
    'Try again': 'Try again',
    'Verify your identity to see this.': 'Verify your identity to see this.',
    'Verify your identity': 'Verify your identity',
    'We couldn’t verify your identity. Try again.': 'We couldn’t verify your identity. Try again.',
    'One moment…': 'One moment…',
  },
  sentences: {
    unavailable: 'Sign-in isn’t available on this page right now. Try again later.',
    content: 'This content could not be loaded.',
    unfinished: 'We couldn’t finish signing you in. Try again.',
    denied: 'You don’t have access. Ask the owner of this site for access, or sign in with another account.',
    ended: 'Your session has ended. Sign in again.',
    busy: 'The service isn’t available right now. Try again in a moment.',
    details: 'We couldn’t load your details. Try again.',
    loop: 'Signing in didn’t work. Check the date and time of your device, then try again.',
    network: 'We couldn’t connect. Check your internet connection, then try again.',
    timeout: 'This is taking too long. Check your internet connection, then try again.',
    offline: 'You’re offline. Connect to the internet, then try again.',
    storage: 'Your browser doesn’t save data for this site. Allow it in the browser settings, then try again.',
    popupBlocked: 'Your browser blocked the sign-in window. Try again to sign in on this page.',
    popupClosed: 'The sign-in window was closed before you signed in. Try again.',
    formMissing: 'The sign-in form could not be loaded. Try again.',
    formFailed: 'The sign-in form stopped working. Reload the page, then try again.',
  },
};

export type Label = keyof (typeof en)['labels'];
export type Sentence = keyof (typeof en)['sentences'];

/** One language. A key that is missing is a type error. */
export interface Words {
  /** BCP 47 tag for the `lang` attribute. */
  readonly language: string;
  readonly labels: Readonly<Record<Label, string>>;
  readonly sentences: Readonly<Record<Sentence, string>>;
}

/** Which sentence a visitor reads for which error. */
export const SENTENCES: Readonly<Record<ErrorCode, Sentence>> = {
  config_invalid: 'unavailable',
  config_missing: 'unavailable',
  config_conflict: 'unavailable',
  config_not_allowed: 'unavailable',
  guard_empty: 'content',
  guard_invalid: 'content',
  discovery_failed: 'unavailable',
  issuer_mismatch: 'unavailable',
  callback_invalid: 'unfinished',
  state_mismatch: 'unfinished',
  transaction_missing: 'unfinished',
  access_denied: 'denied',
  login_required: 'ended',
  server_error: 'busy',
  token_exchange_failed: 'unfinished',
  id_token_invalid: 'unfinished',
  renewal_failed: 'ended',
  userinfo_failed: 'details',
  redirect_loop: 'loop',
  network: 'network',
  timeout: 'timeout',
  offline: 'offline',
  storage_unavailable: 'storage',
  popup_blocked: 'popupBlocked',
  popup_closed: 'popupClosed',
  widget_load_failed: 'formMissing',
  widget_failed: 'formFailed',
  origin_not_allowed: 'content',
};
