/**
 * The one place that knows Okta's SDK. It is asked for what it does well (discovery, PKCE, the token endpoint,
 * signatures) and for nothing else: it stores nothing, schedules nothing and reads no URL. Its answers are raw; what
 * they are worth is decided in `validate.ts`.
 */
import {
  AuthApiError,
  OAuthError,
  OktaAuth,
  getWellKnown,
  postRefreshToken,
  postToTokenEndpoint,
  type FetchOptions,
  type HttpResponse,
  type UserClaims,
} from '@okta/okta-auth-js/core';
import { OktaElementsError, type ErrorCode } from '../errors.js';
import { oauthError } from './callback.js';
import type { OktaConfig } from './config.js';
import type { Environment } from './environment.js';
import type { User } from './state.js';
import type { TokenResponse } from './validate.js';

/** What the provider says of itself (OpenID Connect Discovery 3). */
export interface Discovery {
  readonly issuer: string;
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
  readonly end_session_endpoint?: string;
  readonly revocation_endpoint?: string;
}

/** The secrets of a new transaction. */
export interface Secrets {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  readonly codeChallenge: string;
}

/** A failed request of ours passes through auth-js as text; these words bring its kind back. */
const TIMEOUT = 'okta-elements:timeout';
const UNREACHABLE = 'okta-elements:unreachable';

/** 256 random bits. auth-js makes its state and nonce with Math.random, which others can predict. */
function randomToken(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(32)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export class AuthJs {
  readonly #config: OktaConfig;
  readonly #environment: Environment;
  readonly #sdk: OktaAuth;

  constructor(config: OktaConfig, environment: Environment) {
    this.#config = config;
    this.#environment = environment;
    // Memory of our own for everything: nothing an earlier page or another script planted is read back.
    const items = new Map<string, unknown>();
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
      tokenManager: { autoRenew: false, autoRemove: false, syncStorage: false },
      services: { autoRenew: false, autoRemove: false, syncStorage: false },
      storageManager: {
        token: section,
        cache: section,
        transaction: section,
        'shared-transaction': section,
        'original-uri': section,
      },
      httpRequestClient: (method, url, options) => this.#request(method, url, options),
    });
  }

  /** @throws OktaElementsError `discovery_failed`, `issuer_mismatch`, `network`, `offline` or `timeout` */
  async discover(): Promise<Discovery> {
    const { issuer } = this.#config;
    const found: Partial<Discovery> | undefined = await this.#ask('discovery_failed', () => getWellKnown(this.#sdk));
    if (typeof found?.authorization_endpoint !== 'string' || typeof found.token_endpoint !== 'string') {
      throw new OktaElementsError(
        'discovery_failed',
        `${issuer}/.well-known/openid-configuration is not a discovery document; check issuer.`,
      );
    }
    if (found.issuer !== issuer) {
      throw new OktaElementsError(
        'issuer_mismatch',
        `The provider calls itself ${String(found.issuer)}; set issuer to exactly that.`,
      );
    }
    return found as Discovery;
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
    return this.#ask<object>('token_exchange_failed', () =>
      postToTokenEndpoint(this.#sdk, params, { tokenUrl }),
    ) as Promise<TokenResponse>;
  }

  /** @throws OktaElementsError `renewal_failed`, or what kept the request from being answered */
  async refresh(refreshToken: string, scopes: readonly string[]): Promise<TokenResponse> {
    const { issuer, clientId } = this.#config;
    const { token_endpoint: tokenUrl, authorization_endpoint: authorizeUrl } = await this.discover();
    const token = { refreshToken, scopes: [...scopes], tokenUrl, authorizeUrl, issuer, expiresAt: 0 };
    return this.#ask<object>('renewal_failed', () =>
      postRefreshToken(this.#sdk, { clientId }, token),
    ) as Promise<TokenResponse>;
  }

  /**
   * Checks the signature of an ID token with the provider's keys, and that it belongs to the access token (`at_hash`).
   * A key id not seen before makes it fetch the keys anew, so that keys can rotate.
   * @throws OktaElementsError `id_token_invalid`, or what kept the keys from being fetched
   */
  async verifySignature(idToken: string, claims: User, accessToken: string): Promise<void> {
    const { issuer, clientId } = this.#config;
    const { authorization_endpoint: authorizeUrl } = await this.discover();
    const token = { idToken, claims: claims as UserClaims, issuer, clientId, authorizeUrl, scopes: [], expiresAt: 0 };
    await this.#ask('id_token_invalid', () => this.#sdk.token.verify(token, { issuer, clientId, accessToken }));
  }

  /** Revokes a token (RFC 7009). @throws OktaElementsError what kept the request from being answered */
  async revoke(token: string, hint: 'access_token' | 'refresh_token'): Promise<void> {
    const { revocation_endpoint: url } = await this.discover();
    if (!url) return;
    // auth-js authenticates this call with half a Basic header; a public client names itself in the body (RFC 7009 2.1).
    const body = new URLSearchParams({ token, token_type_hint: hint, client_id: this.#config.clientId });
    await this.#ask('network', () =>
      this.#request('POST', url, {
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        data: body.toString(),
      }),
    );
  }

  /** The transport under auth-js: with a time limit, and without the header that would cost a preflight. */
  async #request(method: string, url: string, options: FetchOptions): Promise<HttpResponse> {
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

  /** Asks auth-js, and makes whatever it throws an error of ours. */
  async #ask<T>(byDefault: ErrorCode, request: () => Promise<T>): Promise<T> {
    try {
      return await request();
    } catch (cause) {
      throw this.#translate(cause, byDefault);
    }
  }

  #translate(cause: unknown, byDefault: ErrorCode): OktaElementsError {
    const { issuer, requestTimeout } = this.#config;
    const said = cause instanceof AuthApiError ? cause.errorSummary : String((cause as Error).message);
    if (said === TIMEOUT) {
      const seconds = requestTimeout / 1000;
      return new OktaElementsError('timeout', `${issuer} did not answer within ${seconds} s; try again.`, { cause });
    }
    if (said === UNREACHABLE) {
      return globalThis.navigator?.onLine === false
        ? new OktaElementsError('offline', 'This device is offline; connect it, then try again.', { cause })
        : new OktaElementsError(
            'network',
            `${issuer} could not be reached; check the connection, and that this page's origin is a Trusted Origin in Okta.`,
            { cause },
          );
    }
    if (cause instanceof OAuthError) return oauthError(cause.errorCode, cause.message, byDefault);
    const status = cause instanceof AuthApiError ? cause.xhr?.status : undefined;
    if (status === 429 || (status && status >= 500)) {
      return new OktaElementsError('server_error', `Okta answered with status ${status}; try again in a moment.`, {
        cause,
      });
    }
    const advice = {
      discovery_failed: `check that issuer ("${issuer}") is an authorization server`,
      id_token_invalid: 'sign in again; if it happens again, check issuer and client-id',
    }[byDefault as string];
    return new OktaElementsError(byDefault, `Okta's answer was refused (${said}); ${advice ?? 'try again'}.`, {
      cause,
    });
  }
}
