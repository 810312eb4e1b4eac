import { createHash, randomUUID } from 'node:crypto';
import type { EmbeddedTransaction } from '../../../src/session/sign-in.js';
import { accessTokenHash, SigningKey } from './jwt.js';

export type Endpoint = 'discovery' | 'keys' | 'token' | 'userinfo' | 'revoke' | 'api';

interface Grant {
  readonly nonce: string | null;
  readonly challenge: string | null;
  readonly redirectUri: string | null;
  readonly scope: string;
}

const paths: Record<string, Endpoint> = {
  '/oauth2/default/.well-known/openid-configuration': 'discovery',
  '/oauth2/default/v1/keys': 'keys',
  '/oauth2/default/v1/token': 'token',
  '/oauth2/default/v1/userinfo': 'userinfo',
  '/oauth2/default/v1/revoke': 'revoke',
};

/** Making one takes a while; every provider may begin with the same. */
const key = new SigningKey('k1');

/**
 * A provider behind `fetch` that does its part properly (PKCE, codes once, refresh tokens once, RS256) until a test
 * makes it lie: what a well-meaning one never sends has to be refused, too.
 */
export class Provider {
  readonly issuer: string = 'https://shop.okta.test/oauth2/default';
  readonly clientId: string = 'shop';
  readonly api = 'https://api.shop.test';
  keys = [key];
  /** Seconds. */
  lifetime = 3600;
  /** Whether it gives refresh tokens. */
  refreshing = true;
  /** Whether a refresh token is good once. */
  rotating = true;
  user: Record<string, unknown> = { sub: 'u1', name: 'Ada' };
  /** What it says otherwise than it should. */
  lies: { discovery?: object; idToken?: object; token?: object; header?: object; signature?: string } = {};
  /** What answers in place of an endpoint; `answer` is how it would have answered itself. */
  readonly faults: Partial<
    Record<Endpoint, (request: Request, answer: () => Promise<Response>) => Response | Promise<Response>>
  > = {};
  /** Every request, in order, as `endpoint` or `token refresh_token`. */
  readonly requests: string[] = [];
  /** Tokens that were revoked, with their kind. */
  readonly revoked: string[] = [];
  readonly #now: () => number;
  readonly #grants = new Map<string, Grant>();
  readonly #refreshTokens = new Map<string, Grant>();

  /** @param now epoch milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    const { origin, pathname } = new URL(request.url);
    const endpoint = origin === this.api ? 'api' : paths[pathname];
    if (!endpoint) throw new TypeError(`Nothing answers at ${request.url}`);
    const form = endpoint === 'token' ? new URLSearchParams(await request.clone().text()) : undefined;
    this.requests.push(form ? `token ${form.get('grant_type')}` : endpoint);
    request.signal.throwIfAborted();
    const answer = () => this.#answer(endpoint, request);
    const response = await (this.faults[endpoint]?.(request, answer) ?? answer());
    request.signal.throwIfAborted();
    return response;
  };

  /** The provider's side of a sign-in by redirect. @returns where it sends the browser back to */
  authorize(address: string): string {
    const { searchParams } = new URL(address);
    const back = new URL(searchParams.get('redirect_uri')!);
    back.searchParams.set('code', this.#grant(searchParams));
    back.searchParams.set('state', searchParams.get('state')!);
    return back.href;
  }

  /** The provider's side of a sign-in with the widget. @returns the interaction code */
  interact({ nonce, codeChallenge, redirectUri, scopes }: EmbeddedTransaction): string {
    const asked = { nonce, code_challenge: codeChallenge, redirect_uri: redirectUri, scope: scopes.join(' ') };
    return this.#grant(new URLSearchParams(asked));
  }

  #grant(asked: URLSearchParams): string {
    const code = randomUUID();
    this.#grants.set(code, {
      nonce: asked.get('nonce'),
      challenge: asked.get('code_challenge'),
      redirectUri: asked.get('redirect_uri'),
      scope: asked.get('scope')!,
    });
    return code;
  }

  async #answer(endpoint: Endpoint, request: Request): Promise<Response> {
    const { issuer } = this;
    switch (endpoint) {
      case 'discovery':
        return Response.json({
          issuer,
          authorization_endpoint: `${issuer}/v1/authorize`,
          token_endpoint: `${issuer}/v1/token`,
          jwks_uri: `${issuer}/v1/keys`,
          userinfo_endpoint: `${issuer}/v1/userinfo`,
          revocation_endpoint: `${issuer}/v1/revoke`,
          end_session_endpoint: `${issuer}/v1/logout`,
          ...this.lies.discovery,
        });
      case 'keys':
        return Response.json({ keys: this.keys.map(({ jwk }) => jwk) });
      case 'token':
        return this.#token(new URLSearchParams(await request.text()));
      case 'userinfo':
        return Response.json({ ...this.user, authorization: request.headers.get('authorization') });
      case 'revoke': {
        const form = new URLSearchParams(await request.text());
        this.revoked.push(`${form.get('token_type_hint')} ${form.get('token')}`);
        return new Response();
      }
      default:
        return Response.json({ authorization: request.headers.get('authorization') });
    }
  }

  #token(form: URLSearchParams): Response {
    const grant = form.get('grant_type') === 'refresh_token' ? this.#refresh(form) : this.#redeem(form);
    if (!grant || form.get('client_id') !== this.clientId) {
      return Response.json({ error: 'invalid_grant', error_description: 'The grant is not valid.' }, { status: 400 });
    }
    const now = Math.floor(this.#now() / 1000);
    const accessToken = randomUUID();
    const claims = {
      iss: this.issuer,
      aud: this.clientId,
      iat: now,
      exp: now + this.lifetime,
      ...(grant.nonce === null ? {} : { nonce: grant.nonce }),
      at_hash: accessTokenHash(accessToken),
      ...this.user,
      ...this.lies.idToken,
    };
    const idToken = this.keys[0]!.sign(claims, { ...this.lies.header });
    const refreshToken = this.refreshing ? randomUUID() : undefined;
    if (refreshToken) this.#refreshTokens.set(refreshToken, grant);
    return Response.json({
      token_type: 'Bearer',
      expires_in: this.lifetime,
      scope: grant.scope,
      access_token: accessToken,
      id_token: idToken.replace(/[^.]*$/, (signature) => this.lies.signature ?? signature),
      refresh_token: refreshToken,
      ...this.lies.token,
    });
  }

  #redeem(form: URLSearchParams): Grant | undefined {
    const code = (form.get('code') ?? form.get('interaction_code'))!;
    const grant = this.#grants.get(code);
    this.#grants.delete(code);
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    return grant?.challenge === challenge && grant.redirectUri === form.get('redirect_uri') ? grant : undefined;
  }

  #refresh(form: URLSearchParams): Grant | undefined {
    const token = form.get('refresh_token')!;
    const grant = this.#refreshTokens.get(token);
    if (this.rotating) this.#refreshTokens.delete(token);
    return grant;
  }
}
