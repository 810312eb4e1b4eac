/** Every way this package can fail. The literal is the API: match on it, show the message. */
export type ErrorCode =
  | 'config_invalid'
  | 'config_missing'
  | 'config_conflict'
  | 'config_not_allowed'
  | 'guard_empty'
  | 'guard_invalid'
  | 'discovery_failed'
  | 'issuer_mismatch'
  | 'callback_invalid'
  | 'state_mismatch'
  | 'transaction_missing'
  | 'access_denied'
  | 'login_required'
  | 'server_error'
  | 'token_exchange_failed'
  | 'id_token_invalid'
  | 'renewal_failed'
  | 'userinfo_failed'
  | 'redirect_loop'
  | 'network'
  | 'timeout'
  | 'offline'
  | 'storage_unavailable'
  | 'popup_blocked'
  | 'popup_closed'
  | 'widget_load_failed'
  | 'widget_failed'
  | 'origin_not_allowed';

/** Failures that trying again cannot mend: something has to be changed first. */
const FINAL = /^((config|guard)_.*|issuer_mismatch|origin_not_allowed)$/;

/**
 * The one error class of this package. `message` is for developers: it names the setting to change. `userMessage` is for
 * visitors. Neither ever holds a token.
 */
export class OktaElementsError extends Error {
  /** What went wrong. */
  readonly code: ErrorCode;
  /** Whether trying again, with nothing changed, may succeed. */
  readonly recoverable: boolean;
  /** One short sentence for visitors, in the page's language. Set before the error is dispatched; see explain.ts. */
  userMessage = 'Something went wrong. Try again.';
  /** Language of `userMessage` (BCP 47). Default `en`. */
  userMessageLanguage = 'en';

  constructor(code: ErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = 'OktaElementsError';
    this.code = code;
    this.recoverable = !FINAL.test(code);
  }
}
