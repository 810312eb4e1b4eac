import type { Field, Form } from './form.js';
import { messageJson, type IdxError, type Message } from './messages.js';
import type { IdentityProvider } from './services.js';
import type { Transaction } from './transaction.js';

/** Every answer says so, errors too: it is how the widget knows an Identity Engine answer from another. */
export const VERSION = '1.0.0';
const ION = 'application/ion+json; okta-version=1.0.0';
const JSON_TYPE = 'application/json; okta-version=1.0.0';

export const ION_TYPE = ION;

/** Takes the browser back to the application with an error. */
export const FAILURE_PATH = '/login/error/redirect';

/** An answer without a state, such as "the session has expired". */
export function bareAnswer(message: Message): object {
  return { version: VERSION, intent: 'LOGIN', messages: list([messageJson(message)]) };
}

/** Where identity providers are, followed by the id of one. */
export const PROVIDERS_PATH = '/sso/idps/';

/** What a transaction's step looks like now, with the error of the last call, if it failed. */
export function stepAnswer(tx: Transaction, error?: IdxError): object {
  const view = tx.step!.view();
  const write = (form: Form): object => formJson(form, tx);
  const forms = view.forms.map((form, index) => write(index === 0 && error?.field ? withMessage(form, error) : form));
  const links = (view.providers ?? []).map((provider) => providerLink(provider, tx));
  const onForm = error && !(error.field && forms.length > 0) ? error.shown : view.message;
  const { current, authenticators, enrollments, recoveryAuthenticator } = view;
  return {
    ...head(tx),
    ...(forms.length > 0 && { remediation: list([...forms, ...links]) }),
    ...(onForm && { messages: list([messageJson(onForm)]) }),
    ...(current && {
      [current.as]: object({
        ...current.value,
        ...Object.fromEntries((current.actions ?? []).map((form) => [form.name, write(form)])),
      }),
    }),
    ...(authenticators && { authenticators: list(authenticators) }),
    ...(enrollments && { authenticatorEnrollments: list(enrollments) }),
    ...(recoveryAuthenticator && { recoveryAuthenticator: object(recoveryAuthenticator) }),
    ...tail(tx),
  };
}

/** The button of an identity provider. */
function providerLink({ id, type, name }: IdentityProvider, { request, stateHandle }: Transaction): object {
  const href = `${request.origin}${PROVIDERS_PATH}${encodeURIComponent(id)}?stateToken=${stateHandle}`;
  return { name: 'redirect-idp', type, idp: { id, name }, href, method: 'GET' };
}

/** Hosted: the browser goes back to `/authorize`. */
export function redirectAnswer(tx: Transaction): object {
  const href = `${tx.request.origin}/login/token/redirect?stateToken=${tx.redirectToken}`;
  return { ...head(tx), success: { name: 'success-redirect', href, method: 'GET' }, ...tail(tx) };
}

/** The user has signed in, and gets nothing for it. Okta's pages follow the link; an embedded widget shows the message. */
export function failureAnswer(tx: Transaction, message: Message): object {
  const href = `${tx.request.origin}${FAILURE_PATH}?stateToken=${tx.redirectToken}`;
  return { ...head(tx), messages: list([messageJson(message)]), failure: { name: 'failure-redirect', href } };
}

/** Embedded: the app exchanges the code for tokens. */
export function interactionCodeAnswer(tx: Transaction, interactionCode: string): object {
  const success = {
    rel: ['create-form'],
    name: 'issue',
    href: `${tx.request.origin}/oauth2/default/v1/token`,
    method: 'POST',
    value: [
      { name: 'grant_type', required: true, value: 'interaction_code' },
      { name: 'interaction_code', required: true, value: interactionCode },
      { name: 'client_id', required: true, value: tx.request.clientId },
      { name: 'code_verifier', required: true },
    ],
    accepts: 'application/x-www-form-urlencoded',
  };
  return { ...head(tx), successWithInteractionCode: success, ...tail(tx) };
}

function head(tx: Transaction): object {
  return {
    version: VERSION,
    stateHandle: tx.stateHandle,
    expiresAt: new Date(tx.expiresAt).toISOString(),
    intent: 'LOGIN',
  };
}

function tail(tx: Transaction): object {
  const { clientId } = tx.request;
  const label = tx.services.host.clientLabel(clientId);
  return {
    // Only what was typed: nothing here tells whether there is such a user.
    ...(tx.subject && { user: object({ identifier: tx.subject.identifier }) }),
    cancel: formJson(cancelForm, tx),
    app: object({ name: 'oidc_client', label, id: clientId }),
  };
}

/** Starting over is always possible. */
export const cancelForm: Omit<Form, 'submit'> = { name: 'cancel', path: 'cancel', fields: [] };

function formJson(form: Omit<Form, 'submit'>, tx: Transaction): object {
  const { name, path, relatesTo, refresh, fields } = form;
  return {
    rel: ['create-form'],
    name,
    ...(relatesTo && { relatesTo: [relatesTo] }),
    href: `${tx.request.origin}/idp/idx/${path}`,
    method: 'POST',
    produces: ION,
    ...(refresh && { refresh }),
    value: [...fields, { name: 'stateHandle', required: true, value: tx.stateHandle, visible: false, mutable: false }],
    accepts: JSON_TYPE,
  };
}

/** Puts an error beside the field it is about. */
function withMessage(form: Form, { field, shown }: IdxError): Form {
  const place = (fields: readonly Field[], parent: string): Field[] =>
    fields.map((one) => {
      const path = parent === '' ? one.name : `${parent}.${one.name}`;
      if (path === field) return { ...one, messages: list([messageJson(shown)]) } as Field;
      return one.form ? { ...one, form: { value: place(one.form.value, path) } } : one;
    });
  return { ...form, fields: place(form.fields, '') };
}

function list(value: object[]) {
  return { type: 'array', value };
}

function object(value: object) {
  return { type: 'object', value };
}
