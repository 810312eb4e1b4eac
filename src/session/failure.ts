import { OktaElementsError, type ErrorCode } from '../errors.js';
import { oauthError } from './callback.js';
import { ownMembers } from './validate/check.js';

/** Messages of errors for a request that was never answered. */
export const TIMEOUT = 'okta:timeout';
export const UNREACHABLE = 'okta:unreachable';

/** An HTTP response that is no success. */
interface FailedResponse {
  readonly status: number;
  readonly responseText?: string;
}

/** What a failed request was about. */
export interface FailureContext {
  readonly issuer: string;
  /** Milliseconds. */
  readonly requestTimeout: number;
  readonly offline: boolean;
  /** What it means when the provider refuses, or what it sent is refused. */
  readonly refused: ErrorCode;
  /** What it means when the answer is none that the protocol knows. */
  readonly unusable: ErrorCode;
}

/** Makes whatever a request throws an error of ours. */
export function translateFailure(cause: unknown, context: FailureContext): OktaElementsError {
  const { issuer, requestTimeout, offline, refused, unusable } = context;
  const response = cause as FailedResponse;
  const { status } = response;
  // Of an answer, which may say again what it was asked with, only the status goes on to the page.
  const fail = (code: ErrorCode, message: string) =>
    new OktaElementsError(code, message, { cause: status ? new Error(`HTTP status ${status}`) : cause });
  if (status) {
    if (status === 429 || status >= 500) {
      return fail('server_error', `Okta answered with status ${status}; try again in a moment.`);
    }
    const { error, description } = oauthErrorIn(response);
    if (error) return oauthError(error, description, refused);
    // A refusal says why (RFC 6749 section 5.2), but there are providers whose 400 is all they say.
    if (status === 400 && !response.responseText) {
      return fail(refused, 'Okta refused without saying why; sign in again, and check issuer and client-id.');
    }
    return fail(unusable, `Okta answered with status ${status}; check issuer ("${issuer}").`);
  }
  const { name, message } = cause as Error;
  if (message === TIMEOUT) {
    return fail('timeout', `${issuer} did not answer within ${requestTimeout / 1000} s; try again.`);
  }
  if (message === UNREACHABLE) {
    return offline
      ? fail('offline', 'This device is offline; connect it, then try again.')
      : fail(
          'network',
          `${issuer} could not be reached; check the connection, and that this page's origin is a Trusted Origin in Okta.`,
        );
  }
  // The answer is not JSON. Nothing of it is handed on: it may be a token cut short.
  if (name === 'SyntaxError') {
    return new OktaElementsError(unusable, `What Okta answered is not JSON; check issuer ("${issuer}").`);
  }
  return fail(refused, `Okta's answer was refused (${message}); sign in again, and check issuer and client-id.`);
}

/** The OAuth error in a response (RFC 6749 section 5.2). */
export function oauthErrorIn({ responseText }: Pick<FailedResponse, 'responseText'>): {
  error?: string;
  description?: string;
} {
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
  try {
    const body = ownMembers(JSON.parse(responseText ?? ''));
    return { error: text(body.error), description: text(body.error_description) };
  } catch {
    return {};
  }
}
