import { createHash, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { accessTokenHash, SigningKey } from '../support/session/jwt.js';

type Json = Record<string, unknown>;
type Endpoint = 'discovery' | 'authorize' | 'token' | 'keys' | 'userinfo' | 'revoke' | 'logout';

/** What the provider does otherwise than it should, or than most do. */
export interface Lies {
  /** Changes the discovery document. */
  discovery?(document: Json): Json;
  /** Changes the claims of the ID token. `undefined` takes one away. */
  claims?(claims: Json, grant: 'authorization_code' | 'refresh_token'): Json;
  /** Changes the JOSE header. */
  header?: Json;
  /** Changes the signed ID token. */
  idToken?(jwt: string): string;
  /** Changes the answer of the userinfo endpoint. */
  userInfo?(claims: Json): Json;
  /** The key set, in place of the one key that signs and one of each kind besides. */
  keys?(signing: Json, others: Json[]): Json[];
  /** When another key takes the place of the one that signs; the old one is published no more. */
  rotates?: 'before the second sign-in' | 'before every signature';
  /** Endpoints are where only the discovery document says, not where Okta has them. */
  elsewhere?: Endpoint[];
}

interface Grant {
  readonly nonce: string;
  readonly challenge: string;
  readonly redirectUri: string;
  readonly scopes: string[];
}

const ec = { kty: 'EC', crv: 'P-256', use: 'sig', alg: 'ES256', kid: 'ec' };
/** RFC 7517 appendix A.1. */
const point = { x: 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4', y: '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM' };
/** Keys of other kinds, which a client has to leave alone (RFC 7517 section 5). */
const others: Json[] = [
  { ...ec, ...point },
  { kty: 'AKP', alg: 'ML-DSA-1000', use: 'sig', kid: 'post-quantum', pub: 'AAAA' },
  { kty: 'made-up', use: 'sig', kid: 'made-up' },
];

/** Making one takes a while. */
const key = new SigningKey('first');

/**
 * An OpenID provider over HTTP that does its part properly, and looks at whether the client does its own, until it is
 * told to lie. Everybody who comes is signed in already.
 */
export class HostileProvider {
  readonly issuer: string;
  readonly clientId = 'conformance';
  /** What it was asked, in order. */
  readonly requests: Endpoint[] = [];
  /** What a client did that it must not. */
  readonly complaints: string[] = [];
  /** Every token it gave away. */
  readonly issued: string[] = [];
  /** The access token that is good now. */
  accessToken = '';
  readonly #redirectUri: string;
  readonly #lies: Lies;
  readonly #suffix = randomUUID().slice(0, 8);
  readonly #grants = new Map<string, Grant>();
  #key = key;
  #rotations = 0;

  /** @param redirectUri the registered one, which is also where it sends the browser after sign-out */
  constructor(issuer: string, redirectUri: string, lies: Lies) {
    this.issuer = issuer;
    this.#redirectUri = redirectUri;
    this.#lies = lies;
  }

  /** Answers a request below the issuer. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url!, this.issuer);
    const endpoint = this.#endpointAt(url.origin + url.pathname);
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Access-Control-Allow-Headers', request.headers['access-control-request-headers'] ?? '');
    if (request.method === 'OPTIONS') return void response.writeHead(204).end();
    if (!endpoint) return void response.writeHead(404, { 'Content-Type': 'text/plain' }).end('There is nothing here.');
    this.requests.push(endpoint);
    const { rotates } = this.#lies;
    if (endpoint === 'authorize' && rotates === 'before the second sign-in' && this.#count('authorize') === 2) {
      this.#rotate();
    }
    if (endpoint === 'authorize' || endpoint === 'logout') {
      const location = endpoint === 'authorize' ? this.#authorize(url.searchParams) : this.#redirectUri;
      return void response.writeHead(302, { Location: location, 'Cache-Control': 'no-store' }).end();
    }
    const form = new URLSearchParams(request.method === 'POST' ? await text(request) : '');
    const { status = 200, body, cache = 'no-store' } = this.#answer(endpoint, form, request, url);
    response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': cache });
    response.end(JSON.stringify(body));
  }

  #answer(
    endpoint: Endpoint,
    form: URLSearchParams,
    request: IncomingMessage,
    url: URL,
  ): { status?: number; body: unknown; cache?: string } {
    switch (endpoint) {
      case 'discovery':
        return { body: this.#discovery() };
      case 'keys': {
        const { keys = (signing: Json, rest: Json[]) => [...rest, signing] } = this.#lies;
        // As Okta does, whose keys a browser keeps for as long as it is told.
        return { body: { keys: keys(this.#key.jwk, others) }, cache: 'max-age=3600' };
      }
      case 'token':
        return this.#token(form, request);
      case 'userinfo':
        return this.#userInfo(request, url);
      default:
        return { body: {} };
    }
  }

  #addressOf(endpoint: Endpoint): string {
    const suffix = this.#lies.elsewhere?.includes(endpoint) ? `-${this.#suffix}` : '';
    return endpoint === 'discovery'
      ? `${this.issuer}/.well-known/openid-configuration`
      : `${this.issuer}/v1/${endpoint}${suffix}`;
  }

  #endpointAt(address: string): Endpoint | undefined {
    const endpoints: Endpoint[] = ['discovery', 'authorize', 'token', 'keys', 'userinfo', 'revoke', 'logout'];
    return endpoints.find((endpoint) => this.#addressOf(endpoint) === address);
  }

  #count(endpoint: Endpoint): number {
    return this.requests.filter((asked) => asked === endpoint).length;
  }

  #rotate(): void {
    this.#rotations += 1;
    this.#key = new SigningKey(`rotated ${this.#rotations}`);
  }

  /** @returns whether the client did as it should */
  #expect(holds: unknown, complaint: string): boolean {
    if (!holds) this.complaints.push(complaint);
    return Boolean(holds);
  }

  #discovery(): Json {
    const document = {
      issuer: this.issuer,
      authorization_endpoint: this.#addressOf('authorize'),
      token_endpoint: this.#addressOf('token'),
      jwks_uri: this.#addressOf('keys'),
      userinfo_endpoint: this.#addressOf('userinfo'),
      revocation_endpoint: this.#addressOf('revoke'),
      end_session_endpoint: this.#addressOf('logout'),
      response_types_supported: ['code'],
      response_modes_supported: ['query'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: ['none'],
    };
    return this.#lies.discovery?.(document) ?? document;
  }

  #authorize(asked: URLSearchParams): string {
    const scopes = (asked.get('scope') ?? '').split(' ');
    this.#expect(asked.get('response_type') === 'code', 'asked for another response type than code');
    this.#expect(asked.get('client_id') === this.clientId, 'asked with another client id');
    this.#expect(scopes.includes('openid'), 'asked without the scope openid');
    this.#expect(asked.get('state'), 'asked without a state');
    this.#expect(asked.get('nonce'), 'asked without a nonce');
    this.#expect(asked.get('code_challenge_method') === 'S256', 'asked without PKCE');
    this.#expect(asked.get('redirect_uri') === this.#redirectUri, 'asked for another redirect URI');
    const code = randomUUID();
    this.#grants.set(code, {
      nonce: asked.get('nonce') ?? '',
      challenge: asked.get('code_challenge') ?? '',
      redirectUri: asked.get('redirect_uri') ?? '',
      scopes,
    });
    const back = new URL(this.#redirectUri);
    back.searchParams.set('code', code);
    back.searchParams.set('state', asked.get('state') ?? '');
    return back.href;
  }

  #token(form: URLSearchParams, request: IncomingMessage): { status?: number; body: unknown } {
    const grantType = form.get('grant_type') === 'refresh_token' ? 'refresh_token' : 'authorization_code';
    const code = form.get(grantType === 'refresh_token' ? 'refresh_token' : 'code')!;
    const grant = this.#grants.get(code);
    this.#grants.delete(code);
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    const proper =
      this.#expect(grant, 'redeemed a code or a refresh token twice, or a made-up one') &&
      this.#expect(form.get('client_id') === this.clientId, 'redeemed with another client id') &&
      this.#expect(!form.has('client_secret') && !request.headers.authorization, 'showed a client secret') &&
      (grantType === 'refresh_token' ||
        (this.#expect(grant!.challenge === challenge, 'redeemed a code with a wrong verifier') &&
          this.#expect(grant!.redirectUri === form.get('redirect_uri'), 'redeemed for another redirect URI')));
    return proper ? { body: this.#tokens(grant!, grantType) } : { status: 400, body: { error: 'invalid_grant' } };
  }

  #tokens(grant: Grant, grantType: 'authorization_code' | 'refresh_token'): Json {
    const { header, idToken: change = (jwt: string) => jwt, rotates } = this.#lies;
    if (rotates === 'before every signature') this.#rotate();
    const now = Math.floor(Date.now() / 1000);
    const accessToken = randomUUID();
    const refreshToken = grant.scopes.includes('offline_access') ? randomUUID() : undefined;
    const claims = {
      iss: this.issuer,
      sub: 'user-1',
      aud: this.clientId,
      iat: now,
      exp: now + 3600,
      auth_time: now - 60,
      at_hash: accessTokenHash(accessToken),
      ...(grantType === 'refresh_token' ? { auth_time: undefined } : { nonce: grant.nonce }),
    };
    const idToken = change(this.#key.sign(this.#lies.claims?.(claims, grantType) ?? claims, header));
    if (refreshToken) this.#grants.set(refreshToken, grant);
    this.accessToken = accessToken;
    this.issued.push(accessToken, idToken, ...(refreshToken ? [refreshToken] : []));
    return {
      token_type: 'Bearer',
      expires_in: 3600,
      scope: grant.scopes.join(' '),
      access_token: accessToken,
      id_token: idToken,
      refresh_token: refreshToken,
    };
  }

  #userInfo({ method, headers }: IncomingMessage, { searchParams }: URL): { status?: number; body: unknown } {
    this.#expect(method === 'GET' && !searchParams.has('access_token'), 'put an access token in an address');
    const proper = this.#expect(
      headers.authorization === `Bearer ${this.accessToken}`,
      'asked for userinfo without the access token in a Bearer header',
    );
    if (!proper) return { status: 401, body: { error: 'invalid_token' } };
    const claims = { sub: 'user-1', name: 'Ada Lovelace', email: 'ada@example.com' };
    return { body: this.#lies.userInfo?.(claims) ?? claims };
  }
}
