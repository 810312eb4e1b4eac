import assert from 'node:assert/strict';
import type { SignInRequest } from '../../src/org/sign-in.js';

/* What comes over the wire is looked at as it is. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Json = any;

/** Speaks to the Identity Engine as the widget does: it sends what a form asks for to where the form says. */
export class IdxClient {
  status = 0;
  headers = new Headers();
  answer: Json;
  browserId: string;
  pageOrigin: string | undefined = 'http://app.example';

  constructor(
    readonly origin: string,
    readonly request: SignInRequest,
    readonly handles: { stateToken: string; interactionHandle: string },
  ) {
    this.browserId = request.browserId;
  }

  /** Sends a body as it is. */
  async post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Json> {
    const response = await fetch(`${this.origin}/idp/idx/${path}`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        ...(this.browserId && { Cookie: `browser=${this.browserId}` }),
        ...(this.pageOrigin && { Origin: this.pageOrigin }),
        ...headers,
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    this.status = response.status;
    this.headers = response.headers;
    this.answer = await response.json();
    assert.equal(this.answer.version, '1.0.0', 'every answer carries the version');
    assert.match(this.headers.get('content-type') ?? '', /^application\/ion\+json; okta-version=1\.0\.0/);
    return this.answer;
  }

  introspect(): Promise<Json> {
    const { stateToken, interactionHandle } = this.handles;
    return this.post('introspect', this.request.kind === 'hosted' ? { stateToken } : { interactionHandle });
  }

  /** Fills in a form or button of the last answer and sends it. */
  async send(name: string, values: object = {}): Promise<Json> {
    const form = this.form(name);
    assert.ok(form, `"${name}" is offered; there are: ${this.names.join(', ')}`);
    const fixed = form.value.filter((field: Json) => field.mutable === false);
    const body = { ...values, ...Object.fromEntries(fixed.map((field: Json) => [field.name, field.value])) };
    return this.post(new URL(form.href).pathname.replace('/idp/idx/', ''), body);
  }

  passcode(name: string, passcode: string): Promise<Json> {
    return this.send(name, { credentials: { passcode } });
  }

  /** Opens the first page and gives identifier and password. */
  async password(identifier: string, passcode: string, rememberMe?: boolean): Promise<Json> {
    await this.introspect();
    return this.identify(identifier, passcode, rememberMe);
  }

  identify(identifier: string, passcode: string, rememberMe?: boolean): Promise<Json> {
    return this.send('identify', { identifier, credentials: { passcode }, rememberMe });
  }

  /** A form or button of the last answer. */
  form(name: string): Json {
    const { remediation, cancel, currentAuthenticator, currentAuthenticatorEnrollment } = this.answer;
    const form = remediation?.value.find((one: Json) => one.name === name);
    const current = (currentAuthenticator ?? currentAuthenticatorEnrollment)?.value;
    return form ?? (name === 'cancel' ? cancel : undefined) ?? current?.[name];
  }

  /** Names of the forms of the last answer. */
  get names(): string[] {
    return (this.answer.remediation?.value ?? []).map((form: Json) => form.name);
  }

  /** Keys of all messages of the last answer. */
  get messages(): string[] {
    const found: string[] = [];
    const look = (value: Json): void => {
      if (typeof value !== 'object' || value === null) return;
      if (typeof value.i18n?.key === 'string') found.push(value.i18n.key);
      Object.values(value).forEach(look);
    };
    look({ messages: this.answer.messages, remediation: this.answer.remediation });
    return found;
  }

  get interactionCode(): string | undefined {
    return this.answer.successWithInteractionCode?.value.find((field: Json) => field.name === 'interaction_code').value;
  }

  get redirectToken(): string | undefined {
    const href = this.answer.success?.href;
    return href && (new URL(href).searchParams.get('stateToken') ?? undefined);
  }

  /** An authenticator as a "select-authenticator" form offers it. */
  option(formName: string, label: string): Json {
    const { options } = this.form(formName).value.find((field: Json) => field.name === 'authenticator');
    const option = options.find((one: Json) => one.label === label);
    assert.ok(option, `"${label}" is offered`);
    return Object.fromEntries(option.value.form.value.map((field: Json) => [field.name, field.value]));
  }

  choose(formName: string, label: string, values: object = {}): Promise<Json> {
    return this.send(formName, { authenticator: this.option(formName, label), ...values });
  }
}
