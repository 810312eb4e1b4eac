import type { HttpRequestClient, WidgetResponse } from './http.js';

/** The part of an Identity Engine answer that asks for a mailed code. */
interface Step {
  stateHandle?: string;
  remediation?: { value?: { name?: string; href?: string; accepts?: string }[] };
  currentAuthenticator?: { value?: { key?: string } };
  currentAuthenticatorEnrollment?: { value?: { key?: string } };
}

/**
 * Answers the first step with the code of a mailed link, if that step asks for one, so that the widget begins with what
 * comes after it. The widget has an option for that (`otp`), which does nothing in generation 3.
 */
export function withMailedCode(client: HttpRequestClient, otp: string): HttpRequestClient {
  let isUsed = false;
  return async (method, url, request) => {
    const answer = await client(method, url, request);
    if (isUsed || !url.endsWith('/idp/idx/introspect')) return answer;
    isUsed = true;
    const step = codeStep(answer);
    if (!step || new URL(step.href).origin !== new URL(url).origin) return answer;
    return client('POST', step.href, {
      ...request,
      headers: { ...request.headers, Accept: step.accepts, 'Content-Type': 'application/json' },
      data: { stateHandle: step.stateHandle, credentials: { passcode: otp } },
    });
  };
}

/** Where a mailed code is to be sent, if that is what the answer asks for. */
function codeStep({ responseText }: WidgetResponse) {
  try {
    const { stateHandle, remediation, ...step } = JSON.parse(responseText) as Step;
    const { key } = (step.currentAuthenticatorEnrollment ?? step.currentAuthenticator)?.value ?? {};
    const form = remediation?.value?.find(({ name }) => /^(challenge|enroll)-authenticator$/.test(name ?? ''));
    if (key !== 'okta_email' || !form?.href || !stateHandle) return undefined;
    return { stateHandle, href: form.href, accepts: form.accepts ?? 'application/json; okta-version=1.0.0' };
  } catch {
    return undefined;
  }
}

/**
 * Answers in Okta's place that the code is to be typed where it is waited for: in another browser than this. That is an
 * answer of Okta's, which both generations show, with the code. Nothing is begun.
 */
export function withCodeToType(client: HttpRequestClient, otp: string): HttpRequestClient {
  const message = 'Enter the OTP in your original authentication location.';
  const step = {
    version: '1.0.0',
    stateHandle: 'none',
    intent: 'LOGIN',
    messages: {
      type: 'array',
      value: [{ message, i18n: { key: 'idx.enter.otp.in.original.tab', params: [] }, class: 'INFO' }],
    },
    currentAuthenticator: { type: 'object', value: { key: 'okta_email', type: 'email', contextualData: { otp } } },
  };
  const answered = (body: object): WidgetResponse => ({
    status: 200,
    responseText: JSON.stringify(body),
    headers: {},
    responseType: 'json',
    responseJSON: body,
  });
  return (method, url, request) => {
    if (url.endsWith('/v1/interact')) return Promise.resolve(answered({ interaction_handle: 'none' }));
    return url.includes('/idp/idx/') ? Promise.resolve(answered(step)) : client(method, url, request);
  };
}
