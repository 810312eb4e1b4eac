/**
 * Requests to the provider: discovery, token endpoint, keys, userinfo and revocation. Each has a time limit, and ends in
 * an answer that is still raw, or in an error of ours. What an answer is worth is decided in `validate.ts`.
 */
import { OktaElementsError, type ErrorCode } from '../errors.js';
import { send, sendForDiscovery, type Answer, type Asking, type Sent } from './ask.js';
import type { OktaConfig } from './config.js';
import { belongsToIssuer, parseDiscovery, type Discovery } from './discovery.js';
import type { DpopKey, ProvenRequest } from './dpop.js';
import type { Environment } from './environment.js';
import { oauthErrorIn, TIMEOUT, translateFailure, UNREACHABLE } from './failure.js';
import { createPkce } from './pkce.js';
import type { TokenResponse } from './validate.js';
import { ownMembers, type Members } from './validate/check.js';

/** The secrets of a new transaction. */
export interface Secrets {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  readonly codeChallenge: string;
}

const NONCE = 'use_dpop_nonce';
const FORM = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' };

function isOk({ status }: Answer): boolean {
  return status >= 200 && status < 300;
}

/** An answer that is no success is thrown. */
function expectOk(answer: Answer): Answer {
  if (!isOk(answer)) throw answer;
  return answer;
}

/**
 * Waits for the answer to a request.
 * @throws Error with the message {@link TIMEOUT} or {@link UNREACHABLE}
 */
async function answerTo({ response, signal }: Sent): Promise<Answer> {
  try {
    const { status, headers } = await response;
    return { status, headers, responseText: await (await response).text() };
  } catch (cause) {
    throw new Error(signal.aborted ? TIMEOUT : UNREACHABLE, { cause });
  }
}

/** The token endpoint says it in the body, a resource in its challenge. */
function asksForNonce(answer: Answer): boolean {
  const challenge = answer.headers.get('www-authenticate') ?? '';
  return !isOk(answer) && (oauthErrorIn(answer).error === NONCE || challenge.includes(`error="${NONCE}"`));
}

/** 256 random bits. */
function randomToken(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(32)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export class Provider {
  readonly #config: OktaConfig;
  readonly #asking: Asking;
  #discovery: Promise<Discovery> | undefined;
  #keys: Promise<readonly Members[]> | undefined;

  constructor(config: OktaConfig, environment: Environment) {
    this.#config = config;
    this.#asking = { config, environment };
  }

  /**
   * The provider's own account of itself, asked for once.
   * @param again asks again, past every cache: the device says that it is offline
   * @throws OktaElementsError `discovery_failed`, `issuer_mismatch`, `network`, `offline` or `timeout`
   */
  discover(again?: boolean): Promise<Discovery> {
    if (again) this.#forget();
    return (this.#discovery ??= this.#discover(again).catch((error: unknown) => {
      this.#forget();
      throw error;
    }));
  }

  /**
   * Takes over what it said of itself before this page was here, unless it has been asked since. What does not pass the
   * checks of an answer is as good as none.
   */
  recall(said: unknown): void {
    try {
      const discovery = parseDiscovery(said, this.#config.issuer);
      if (belongsToIssuer(discovery)) this.#discovery ??= Promise.resolve(discovery);
    } catch {
      // It is asked.
    }
  }

  async #discover(again = false): Promise<Discovery> {
    const sent = sendForDiscovery(this.#asking, again ? { cache: 'no-store' } : undefined);
    const answer = await this.#ask(async () => {
      const { responseText } = expectOk(await answerTo(sent));
      return JSON.parse(responseText) as unknown;
    }, 'discovery_failed');
    return parseDiscovery(answer, this.#config.issuer);
  }

  /** An answer that did not serve is not kept: the next attempt asks anew. */
  #forget(): void {
    this.#discovery = this.#keys = undefined;
  }

  /** @throws OktaElementsError `config_invalid` where the page is not a secure context */
  async createSecrets(): Promise<Secrets> {
    if (!globalThis.crypto?.subtle) {
      throw new OktaElementsError(
        'config_invalid',
        'Sign-in needs a secure page: serve it over https, or from localhost.',
      );
    }
    return { state: randomToken(), nonce: randomToken(), ...(await createPkce()) };
  }

  /**
   * Exchanges a code from a redirect, or an interaction code from the widget.
   * @param key what the tokens are to be bound to
   * @throws OktaElementsError `token_exchange_failed`, `access_denied`, or what kept the request from being answered
   */
  async exchange(
    code: { authorizationCode: string } | { interactionCode: string },
    { codeVerifier, redirectUri }: { codeVerifier: string; redirectUri: string },
    key?: DpopKey,
  ): Promise<TokenResponse> {
    const grant: Record<string, string> =
      'interactionCode' in code
        ? { grant_type: 'interaction_code', interaction_code: code.interactionCode }
        : { grant_type: 'authorization_code', code: code.authorizationCode };
    const form = { ...grant, redirect_uri: redirectUri, code_verifier: codeVerifier };
    return this.#ask(() => this.#requestTokens(form, key), 'token_exchange_failed');
  }

  /**
   * @param key what the refresh token is bound to
   * @throws OktaElementsError `renewal_failed` when the provider refuses, or what kept it from answering
   */
  async refresh(refreshToken: string, scopes: readonly string[], key?: DpopKey): Promise<TokenResponse> {
    // Left out, it is as granted before (RFC 6749 section 6).
    const scope: Record<string, string> = scopes.length > 0 ? { scope: scopes.join(' ') } : {};
    const form = { grant_type: 'refresh_token', refresh_token: refreshToken, ...scope };
    return this.#ask(() => this.#requestTokens(form, key), 'renewal_failed', 'server_error');
  }

  async #requestTokens(form: Record<string, string>, key: DpopKey | undefined): Promise<TokenResponse> {
    const { token_endpoint: url } = await this.discover();
    const body = new URLSearchParams({ ...form, client_id: this.#config.clientId }).toString();
    const { responseText } = await this.#requestProven({ method: 'POST', url }, { headers: FORM, body }, key);
    return JSON.parse(responseText) as TokenResponse;
  }

  /**
   * The provider's keys (RFC 7517 section 5), asked for once.
   * @param anew ask again, past every cache: providers let browsers keep keys for weeks
   * @throws OktaElementsError `server_error`, or what kept them from being fetched
   */
  keys(anew: boolean): Promise<readonly Members[]> {
    // They may have moved, too.
    if (anew) this.#forget();
    return (this.#keys ??= this.#fetchKeys(anew ? 'reload' : 'default').catch((error: unknown) => {
      this.#forget();
      throw error;
    }));
  }

  async #fetchKeys(cache: RequestCache): Promise<readonly Members[]> {
    const { jwks_uri: url } = await this.discover();
    return this.#ask(async () => {
      const { responseText } = expectOk(await this.#send(url, { cache }));
      const { keys } = ownMembers(JSON.parse(responseText));
      if (!Array.isArray(keys)) throw new Error('not a set of keys');
      return keys.map(ownMembers);
    }, 'server_error');
  }

  /**
   * What the provider's userinfo endpoint answers, not yet looked at.
   * @param key what the access token is bound to
   * @throws OktaElementsError `userinfo_failed`, or what kept the request from being answered
   */
  async userInfo(url: string, accessToken: string, key?: DpopKey): Promise<Answer> {
    const headers = { accept: 'application/json', authorization: `${key ? 'DPoP' : 'Bearer'} ${accessToken}` };
    const request = { method: 'GET', url, accessToken };
    return this.#ask(() => this.#requestProven(request, { headers }, key), 'userinfo_failed');
  }

  /**
   * Revokes a token (RFC 7009). Whatever a server that is content answers will do.
   * @throws OktaElementsError `server_error`, or what kept the request from being answered
   */
  async revoke(token: string, hint: 'access_token' | 'refresh_token'): Promise<void> {
    const { revocation_endpoint: url } = await this.discover();
    if (!url) return;
    // A public client names itself in the body (RFC 7009 section 2.1).
    const form = new URLSearchParams({ token, token_type_hint: hint, client_id: this.#config.clientId });
    const init = { method: 'POST', headers: FORM, body: form.toString() };
    await this.#ask(async () => expectOk(await this.#send(url, init)), 'server_error');
  }

  /** With a proof of the key, if there is one, and once more with the nonce that is asked for (RFC 9449 sections 8, 9). */
  async #requestProven(request: ProvenRequest, init: RequestInit, key: DpopKey | undefined): Promise<Answer> {
    const send = async () => {
      const headers = new Headers(init.headers);
      if (key) headers.set('dpop', await key.prove(request));
      const answer = await this.#send(request.url, { ...init, method: request.method, headers });
      key?.learn(request, answer.headers.get('dpop-nonce') ?? undefined);
      return answer;
    };
    let answer = await send();
    if (key && asksForNonce(answer)) answer = await send();
    return expectOk(answer);
  }

  #send(url: string, init: RequestInit): Promise<Answer> {
    return answerTo(send(this.#asking, url, init));
  }

  /**
   * Makes whatever a request throws an error of ours.
   * @param refused what it means when the provider refuses
   * @param unusable what it means when the answer is none that the protocol knows
   */
  async #ask<T>(request: () => Promise<T>, refused: ErrorCode, unusable = refused): Promise<T> {
    try {
      return await request();
    } catch (cause) {
      if (cause instanceof OktaElementsError) throw cause;
      const { issuer, requestTimeout } = this.#config;
      const offline = globalThis.navigator?.onLine === false;
      throw translateFailure(cause, { issuer, requestTimeout, offline, refused, unusable });
    }
  }
}
