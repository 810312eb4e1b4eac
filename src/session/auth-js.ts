/**
 * The one place that knows Okta's SDK. It is asked for what it does well (discovery, PKCE, the token endpoint) and
 * for nothing else: it stores nothing, schedules nothing and reads no URL. Its answers are raw; what they are worth is
 * decided in `validate.ts`.
 */
import {
  OktaAuth,
  getWellKnown,
  postRefreshToken,
  postToTokenEndpoint,
  type FetchOptions,
  type HttpResponse,
} from '@okta/okta-auth-js/core';
import { OktaElementsError, type ErrorCode } from '../errors.js';
import type { OktaConfig } from './config.js';
import { parseDiscovery, type Discovery } from './discovery.js';
import type { Environment } from './environment.js';
import { TIMEOUT, UNREACHABLE, translateFailure } from './failure.js';
import type { TokenResponse } from './validate.js';
import { ownMembers, type Members } from './validate/check.js';

/** The secrets of a new transaction. */
export interface Secrets {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  readonly codeChallenge: string;
}

/** 256 random bits. auth-js makes its state and nonce with Math.random, which others can predict. */
function randomToken(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(32)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export class AuthJs {
  readonly #config: OktaConfig;
  readonly #environment: Environment;
  readonly #sdk: OktaAuth;
  /** What auth-js remembers, in memory: nothing an earlier page or another script planted is read back. */
  readonly #items = new Map<string, unknown>();
  #discovery: Promise<Discovery> | undefined;
  #keys: Promise<readonly Members[]> | undefined;

  constructor(config: OktaConfig, environment: Environment) {
    this.#config = config;
    this.#environment = environment;
    const items = this.#items;
    const storageProvider = {
      getItem: (key: string) => items.get(key),
      setItem: (key: string, value: unknown) => void items.set(key, value),
      removeItem: (key: string) => void items.delete(key),
    };
    const section = { storageProvider };
    this.#sdk = new OktaAuth({
      issuer: config.issuer,
      clientId: config.clientId,
      redirectUri: config.redirectUri,
      scopes: [...config.scopes],
      // validate.ts looks at the times, by the session's clock.
      ignoreLifetime: true,
      tokenManager: { autoRenew: false, autoRemove: false, syncStorage: false },
      services: { autoRenew: false, autoRemove: false, syncStorage: false },
      storageManager: {
        token: section,
        cache: section,
        transaction: section,
        'shared-transaction': section,
        'original-uri': section,
      },
      httpRequestClient: async (method, url, options) => {
        const answer = await this.#request(method, url, options);
        // auth-js would take it for one that says nothing; it is none.
        if (!answer.responseText) throw new Error('empty');
        return answer;
      },
    });
  }

  /**
   * The provider's own account of itself, asked for once.
   * @throws OktaElementsError `discovery_failed`, `issuer_mismatch`, `network`, `offline` or `timeout`
   */
  discover(): Promise<Discovery> {
    return (this.#discovery ??= this.#discover().catch((error: unknown) => {
      this.#forget();
      throw error;
    }));
  }

  async #discover(): Promise<Discovery> {
    const answer = await this.#ask(() => getWellKnown(this.#sdk) as Promise<unknown>, 'discovery_failed');
    return parseDiscovery(answer, this.#config.issuer);
  }

  /** An answer that did not serve is not kept: the next attempt asks anew. */
  #forget(): void {
    this.#discovery = this.#keys = undefined;
    this.#items.clear();
  }

  /** @throws OktaElementsError `config_invalid` where the page is not a secure context */
  async createSecrets(): Promise<Secrets> {
    if (!globalThis.crypto?.subtle) {
      throw new OktaElementsError(
        'config_invalid',
        'Sign-in needs a secure page: serve it over https, or from localhost.',
      );
    }
    const codeVerifier = this.#sdk.pkce.generateVerifier('');
    const codeChallenge = (await this.#sdk.pkce.computeChallenge(codeVerifier)) as string;
    return { state: randomToken(), nonce: randomToken(), codeVerifier, codeChallenge };
  }

  /**
   * Exchanges a code from a redirect, or an interaction code from the widget.
   * @throws OktaElementsError `token_exchange_failed`, `access_denied`, or what kept the request from being answered
   */
  async exchange(
    code: { authorizationCode: string } | { interactionCode: string },
    { codeVerifier, redirectUri }: { codeVerifier: string; redirectUri: string },
  ): Promise<TokenResponse> {
    const { token_endpoint: tokenUrl } = await this.discover();
    const params = { clientId: this.#config.clientId, redirectUri, codeVerifier, ...code };
    return this.#ask(
      () => postToTokenEndpoint(this.#sdk, params, { tokenUrl }) as Promise<object>,
      'token_exchange_failed',
    ) as Promise<TokenResponse>;
  }

  /** @throws OktaElementsError `renewal_failed` when the provider refuses, or what kept it from answering */
  async refresh(refreshToken: string, scopes: readonly string[]): Promise<TokenResponse> {
    const { issuer, clientId } = this.#config;
    const { token_endpoint: tokenUrl, authorization_endpoint: authorizeUrl } = await this.discover();
    const token = { refreshToken, scopes: [...scopes], tokenUrl, authorizeUrl, issuer, expiresAt: 0 };
    return this.#ask(
      () => postRefreshToken(this.#sdk, { clientId }, token) as Promise<object>,
      'renewal_failed',
      'server_error',
    ) as Promise<TokenResponse>;
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
      const { responseText } = await this.#request('GET', url, {}, cache);
      const { keys } = ownMembers(JSON.parse(responseText));
      if (!Array.isArray(keys)) throw new Error('not a set of keys');
      return keys.map(ownMembers);
    }, 'server_error');
  }

  /**
   * What the provider's userinfo endpoint answers, not yet looked at.
   * @throws OktaElementsError `userinfo_failed`, or what kept the request from being answered
   */
  async userInfo(url: string, accessToken: string): Promise<HttpResponse> {
    const headers = { accept: 'application/json', authorization: `Bearer ${accessToken}` };
    return this.#ask(() => this.#request('GET', url, { headers }), 'userinfo_failed');
  }

  /**
   * Revokes a token (RFC 7009). Whatever a server that is content answers will do.
   * @throws OktaElementsError `server_error`, or what kept the request from being answered
   */
  async revoke(token: string, hint: 'access_token' | 'refresh_token'): Promise<void> {
    const { revocation_endpoint: url } = await this.discover();
    if (!url) return;
    // auth-js authenticates this call with half a Basic header; a public client names itself in the body (RFC 7009 2.1).
    const body = new URLSearchParams({ token, token_type_hint: hint, client_id: this.#config.clientId });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    await this.#ask(() => this.#request('POST', url, { headers, data: body.toString() }), 'server_error');
  }

  /** The transport under auth-js: with a time limit, and without the header that would cost a preflight. */
  async #request(method: string, url: string, options: FetchOptions, cache?: RequestCache): Promise<HttpResponse> {
    const headers = new Headers(options.headers);
    headers.delete('x-okta-user-agent-extended');
    if (method === 'GET') headers.delete('content-type');
    let response: Response;
    let responseText: string;
    try {
      response = await this.#environment.fetch(url, {
        method,
        headers,
        body: options.data as string | undefined,
        credentials: options.withCredentials ? 'include' : 'omit',
        cache,
        referrerPolicy: 'no-referrer',
        signal: AbortSignal.timeout(this.#config.requestTimeout),
      });
      responseText = await response.text();
    } catch (cause) {
      throw new Error((cause as Error).name === 'TimeoutError' ? TIMEOUT : UNREACHABLE, { cause });
    }
    const answer = { status: response.status, responseText, headers: Object.fromEntries(response.headers) };
    if (!response.ok) throw answer;
    return answer;
  }

  /**
   * Asks auth-js, and makes whatever it throws an error of ours.
   * @param refused what it means when the provider, or auth-js, refuses
   * @param unusable what it means when the answer is none that the protocol knows
   */
  async #ask<T>(request: () => Promise<T>, refused: ErrorCode, unusable = refused): Promise<T> {
    try {
      return await request();
    } catch (cause) {
      const { issuer, requestTimeout } = this.#config;
      const offline = globalThis.navigator?.onLine === false;
      throw translateFailure(cause, { issuer, requestTimeout, offline, refused, unusable });
    }
  }
}
