import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import type { Org } from '../../../src/org/index.js';
import { totpCode, totpCounter } from '../../../src/org/totp.js';
import { UserAgent, type Answer, type Json, type Sending } from './user-agent.js';

export const APP = 'http://app.example';
export const REDIRECT_URI = `${APP}/callback`;
export const TOTP_SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';

/** People and one client, for every test of this half. */
export const people = {
  users: [
    { login: 'ada@example.com', firstName: 'Ada', lastName: 'Lovelace', password: 'ada-password', groups: ['Members'] },
    {
      login: 'grace@example.com',
      firstName: 'Grace',
      lastName: 'Hopper',
      password: 'grace-password',
      groups: ['Members', 'Warehouse staff'],
    },
    {
      login: 'alan@example.com',
      firstName: 'Alan',
      lastName: 'Turing',
      password: 'alan-password',
      totpSecret: TOTP_SECRET,
    },
  ],
  groups: ['Members', 'Warehouse staff'],
  clients: [{ id: 'app', label: 'The app', redirectUris: [REDIRECT_URI], postLogoutRedirectUris: [`${APP}/`] }],
  trustedOrigins: [APP],
};

export interface Challenge {
  verifier: string;
  challenge: string;
}

export function createChallenge(): Challenge {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}

/** Claims of a JSON Web Token, unchecked. */
export function claimsOf(token: string): Json {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
}

/** An application and the browser it runs in, against one org. */
export class App {
  readonly agent: UserAgent;
  readonly pkce = createChallenge();
  readonly issuer: string;

  constructor(
    readonly org: Org,
    readonly origin: string,
    { agent = new UserAgent() }: { agent?: UserAgent } = {},
  ) {
    this.agent = agent;
    this.issuer = `${origin}/oauth2/default`;
  }

  authorizeUrl(params: Record<string, string | undefined> = {}): string {
    const all = {
      client_id: 'app',
      redirect_uri: REDIRECT_URI,
      response_type: 'code',
      scope: 'openid profile email',
      state: 'the state',
      nonce: 'the nonce',
      code_challenge: this.pkce.challenge,
      code_challenge_method: 'S256',
      ...params,
    };
    const present = Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined);
    return `${this.issuer}/v1/authorize?${new URLSearchParams(present).toString()}`;
  }

  authorize(params?: Record<string, string | undefined>): Promise<Answer> {
    return this.agent.get(this.authorizeUrl(params), { Accept: 'text/html' });
  }

  /** Parameters that authorize sent back to the application. */
  async authorizeSilently(params: Record<string, string | undefined> = {}): Promise<Record<string, string>> {
    return callbackParams(await this.authorize({ prompt: 'none', ...params }));
  }

  /** Goes through the hosted sign-in page as a person would, and returns what the application is called back with. */
  async signIn(
    login: string,
    params?: Record<string, string | undefined>,
    remember = false,
  ): Promise<Record<string, string>> {
    const page = await this.authorize(params);
    if (page.status !== 200) return callbackParams(page);
    return this.finish(await this.passPage(page, login, remember));
  }

  /** Answers what the page asks, and returns the address the page goes to. */
  async passPage(page: Answer, login: string, remember = false): Promise<string> {
    assert.equal(page.status, 200, page.text);
    let step = await this.idx('introspect', { stateToken: stateTokenOf(page) });
    for (let count = 0; count < 5 && !step.success; count += 1) step = await this.#answer(step, login, remember);
    assert.ok(step.success, JSON.stringify(step));
    return step.success.href as string;
  }

  /** Goes through an embedded sign-in as the widget would, and returns the last answer. */
  async embed(login: string, params: Record<string, string> = {}, remember = false): Promise<Json> {
    const form = {
      client_id: 'app',
      redirect_uri: REDIRECT_URI,
      scope: 'openid profile email',
      state: 'the state',
      nonce: 'the nonce',
      code_challenge: this.pkce.challenge,
      code_challenge_method: 'S256',
      ...params,
    };
    const begun = await this.agent.send(`${this.issuer}/v1/interact`, { form, headers: { Origin: APP } });
    let step = await this.idx('introspect', { interactionHandle: begun.json.interaction_handle });
    for (let count = 0; count < 5 && step.remediation; count += 1) step = await this.#answer(step, login, remember);
    return step;
  }

  /** Exchanges the interaction code that ends an embedded sign-in. */
  redeem(last: Json, form: Record<string, string> = {}): Promise<Answer> {
    const { value } = (last.successWithInteractionCode ?? assert.fail(JSON.stringify(last))) as { value: Json[] };
    const code = value.find(({ name }) => name === 'interaction_code').value as string;
    const { verifier } = this.pkce;
    return this.token({ grant_type: 'interaction_code', interaction_code: code, code_verifier: verifier, ...form });
  }

  async #answer(step: Json, login: string, remember: boolean): Promise<Json> {
    const { stateHandle } = step;
    const offered = (step.remediation?.value ?? []).map((form: Json) => form.name) as string[];
    const key = step.currentAuthenticatorEnrollment?.value.key as string | undefined;
    if (offered.includes('identify')) {
      return this.idx('identify', {
        stateHandle,
        identifier: login,
        credentials: { passcode: passwordOf(login) },
        rememberMe: remember,
      });
    }
    if (offered.includes('skip')) return this.idx('skip', { stateHandle });
    return this.idx('challenge/answer', { stateHandle, credentials: { passcode: this.#passcode(key, login) } });
  }

  #passcode(key: string | undefined, login: string): string {
    if (key === 'google_otp') return this.totp();
    if (key === 'okta_email') return this.org.mailbox.messages(login).at(-1)?.code ?? '';
    return passwordOf(login);
  }

  totp(): string {
    return totpCode(TOTP_SECRET, totpCounter(this.org.clock.now()));
  }

  async idx(path: string, body: object): Promise<Json> {
    const answer = await this.agent.send(`${this.origin}/idp/idx/${path}`, {
      json: body,
      headers: { Origin: this.origin },
    });
    return answer.json;
  }

  /** Follows the org's own redirects until it sends the browser to the application. */
  async finish(address: string): Promise<Record<string, string>> {
    let answer = await this.agent.get(address);
    while (answer.location.startsWith(this.origin)) answer = await this.agent.get(answer.location);
    return callbackParams(answer);
  }

  token(form: Record<string, string>, sending: Sending = {}): Promise<Answer> {
    return this.agent.send(`${this.issuer}/v1/token`, { form: { client_id: 'app', ...form }, ...sending });
  }

  exchange(code: string | undefined, form: Record<string, string> = {}, sending?: Sending): Promise<Answer> {
    assert.ok(code, 'there is a code');
    return this.token(
      {
        grant_type: 'authorization_code',
        code,
        redirect_uri: REDIRECT_URI,
        code_verifier: this.pkce.verifier,
        ...form,
      },
      sending,
    );
  }

  refresh(refreshToken: string, form: Record<string, string> = {}, sending?: Sending): Promise<Answer> {
    return this.token({ grant_type: 'refresh_token', refresh_token: refreshToken, ...form }, sending);
  }

  /** Signs in and exchanges the code. */
  async tokens(login: string, params?: Record<string, string | undefined>): Promise<Json> {
    const { code, ...others } = await this.signIn(login, params);
    assert.ok(code, JSON.stringify(others));
    const answer = await this.exchange(code);
    assert.equal(answer.status, 200, answer.text);
    return answer.json;
  }
}

export function passwordOf(login: string): string {
  return `${login.split('@')[0] ?? ''}-password`;
}

export function stateTokenOf(page: Answer): string {
  return settingsOf(page).widget.stateToken as string;
}

/** What the sign-in page hands to the widget. */
export function settingsOf(page: Answer): Json {
  const json = /<script type="application\/json" id="settings">(.*?)<\/script>/s.exec(page.text)?.[1];
  assert.ok(json, `this is the sign-in page: ${page.text.slice(0, 200)}`);
  return JSON.parse(json);
}

export function callbackParams(answer: Answer): Record<string, string> {
  assert.ok(
    answer.location.startsWith(REDIRECT_URI),
    `goes back to the application: ${answer.status} ${answer.location} ${answer.text}`,
  );
  const url = new URL(answer.location);
  return Object.fromEntries(url.hash ? new URLSearchParams(url.hash.slice(1)) : url.searchParams);
}
