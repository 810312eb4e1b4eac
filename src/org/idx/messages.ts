/**
 * Everything the Identity Engine says. The keys are Okta's, so that the widget finds its own wording and translation;
 * the text is for clients without a translation.
 */
export interface Message {
  text: string;
  /** Okta's i18n key. */
  key: string;
  params?: readonly string[];
  class: 'ERROR' | 'INFO';
}

function error(key: string, text: string, params?: readonly string[]): Message {
  return { text, key, params, class: 'ERROR' };
}

function info(key: string, text: string): Message {
  return { text, key, class: 'INFO' };
}

export const messages = {
  authenticationFailed: error('errors.E0000004', 'Authentication failed'),
  wrongPassword: error('incorrectPassword', 'Password is incorrect'),
  locked: error('errors.E0000119', 'Your account is locked. Please contact your administrator.'),
  wrongCode: error('api.authn.error.PASSCODE_INVALID', 'Invalid code. Try again.'),
  usedCode: error(
    'authfactor.challenge.soft_token.used_passcode',
    'Each code can only be used once. Please wait for a new code and try again.',
  ),
  tooManyAttempts: error('tooManyRequests', 'Too many attempts. Try again later.'),
  sessionExpired: error('idx.session.expired', 'The session has expired.'),
  notAllowed: error('security.access_denied', 'You do not have permission to perform the requested action.'),
  noMatchingPolicy: error(
    'idx.error.code.no_matching_policy',
    'You are not allowed to access this app. To request access, contact an admin.',
  ),
  notFound: error('errors.E0000008', 'The requested path was not found'),
  wrongMethod: error('errors.E0000022', 'The endpoint does not support the provided HTTP method'),
  wrongMediaType: error('errors.E0000012', 'Unsupported media type.'),
  malformed: error('errors.E0000003', 'The request body was not well-formed.'),
  internal: error('errors.E0000009', 'Internal Server Error'),
  blank: error('model.validation.field.blank', 'This field cannot be left blank'),
  tooLong: error('errors.E0000001', 'The value is too long.', ['The value is too long.']),
  invalidEmail: error('registration.error.invalidLoginEmail', "'Email' must be in the form of an email address", [
    'Email',
  ]),
  unlocked: info('oie.selfservice.unlock_user.success.message', 'Account successfully unlocked!'),
  registrationFailed: error(
    'registration.error.generic',
    'There was an error creating your account. Please try registering again.',
  ),
} as const;

/** A field that holds something else than the form asks for. */
export function invalidField(name: string): Message {
  return error('errors.E0000001', `Api validation failed: ${name}`, [name]);
}

export function weakPassword(requirements: string): Message {
  return error('password.passwordRequirementsNotMet', `Password requirements were not met. ${requirements}`, [
    requirements,
  ]);
}

/** A message as it is sent. */
export function messageJson(message: Message) {
  const { text, key, params = [], class: kind } = message;
  return { message: text, i18n: { key, params }, class: kind };
}

/** Ends a step with a message and an HTTP status. The step itself stays as it is, so that the user can try again. */
export class IdxError extends Error {
  constructor(
    readonly status: number,
    readonly shown: Message,
    /** Path of the field the message belongs to, such as `credentials.passcode`. Left out: the whole form. */
    readonly field?: string,
  ) {
    super(shown.text);
    this.name = 'IdxError';
  }
}
