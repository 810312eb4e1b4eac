import { generateKeyPairSync } from 'node:crypto';

/** A person who can sign in. */
export interface Person {
  readonly username: string;
  readonly password: string;
  readonly name: string;
  readonly email: string;
}

/** Glewlwyd's administration over its HTTP API, as its administrator. */
export class Administration {
  readonly #origin: string;
  readonly #cookie: string;

  private constructor(origin: string, cookie: string) {
    this.#origin = origin;
    this.#cookie = cookie;
  }

  /** Signs in as the administrator that a new database begins with. */
  static open(origin: string): Promise<Administration> {
    return Administration.#signIn(origin, 'admin', 'password');
  }

  static async #signIn(origin: string, username: string, password: string): Promise<Administration> {
    const response = await fetch(`${origin}/api/auth/`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username, password }),
    });
    const cookie = response.headers.get('set-cookie')?.split(';')[0];
    if (!response.ok || !cookie) throw new Error(`${username} could not sign in: status ${response.status}`);
    return new Administration(origin, cookie);
  }

  /**
   * Adds an OpenID Provider with a key of its own: code flow with PKCE only, refresh tokens that serve once.
   * @param accessTokenDuration seconds
   * @returns its issuer
   */
  async addProvider(name: string, { accessTokenDuration }: { accessTokenDuration: number }): Promise<string> {
    const issuer = `${this.#origin}/api/${name}`;
    const { privateKey, publicKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
    await this.#post('mod/plugin/', {
      module: 'oidc',
      name,
      display_name: name,
      order_rank: 0,
      parameters: {
        iss: issuer,
        'oauth-as-iss-id': true,
        'jwt-type': 'rsa',
        'jwt-key-size': '256',
        key: privateKey,
        cert: publicKey,
        'jwks-show': true,
        'access-token-duration': accessTokenDuration,
        'refresh-token-duration': 3600,
        'refresh-token-rolling': true,
        'refresh-token-one-use': 'always',
        'code-duration': 60,
        'auth-type-code-enabled': true,
        'auth-type-code-revoke-replayed': true,
        'auth-type-refresh-enabled': true,
        'auth-type-token-enabled': false,
        'auth-type-client-enabled': false,
        'pkce-allowed': true,
        'pkce-required': true,
        'pkce-method-plain-allowed': false,
        'allowed-scope': ['openid'],
        'subject-type': 'public',
        'name-claim': 'mandatory',
        'email-claim': 'mandatory',
        'introspection-revocation-allowed': true,
        'introspection-revocation-allow-target-client': true,
        'session-management-allowed': true,
        'front-channel-logout-allowed': true,
        'session-cookie-name': `GLEWLWYD2_${name}_SID`,
        'session-cookie-expiration': 3600,
        'oauth-dpop-allowed': true,
        'oauth-dpop-iat-duration': 60,
      },
    });
    return issuer;
  }

  /** Adds somebody who may sign in to any application with these scopes. */
  async addPerson(person: Person, scopes: readonly string[]): Promise<void> {
    await this.#post('user/', { ...person, scope: scopes, enabled: true });
  }

  /** Adds a scope that people must grant. */
  async addScope(name: string): Promise<void> {
    await this.#post('scope/', { name, display_name: name, description: name, password_required: true, scheme: {} });
  }

  /** Lets clients have a property more than the tables begin with. */
  async allowClientProperty(name: string): Promise<void> {
    const path = 'mod/client/database';
    const module = (await this.#send('GET', path)) as { parameters: { 'data-format': Record<string, object> } };
    module.parameters['data-format'][name] = { multiple: true, read: true, write: true };
    await this.#send('PUT', path, module);
    await this.#send('PUT', `${path}/reset`);
  }

  /** Adds a public client, as a page is one. */
  async addPage(id: string, redirectUris: readonly string[], postLogoutRedirectUris: readonly string[]): Promise<void> {
    await this.#post('client/', {
      client_id: id,
      name: id,
      confidential: false,
      enabled: true,
      scope: [],
      redirect_uri: redirectUris,
      post_logout_redirect_uris: postLogoutRedirectUris,
      authorization_type: ['code', 'refresh_token'],
      token_endpoint_auth_method: ['none'],
    });
  }

  /** Has somebody grant an application scopes once and for all, as the sign-in page would have them do. */
  async grant(person: Person, clientId: string, scopes: readonly string[]): Promise<void> {
    const { username, password } = person;
    const them = await Administration.#signIn(this.#origin, username, password);
    await them.#send('PUT', `auth/grant/${clientId}`, { scope: scopes.join(' ') });
  }

  async #post(path: string, body: object): Promise<void> {
    await this.#send('POST', path, body);
  }

  async #send(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${this.#origin}/api/${path}`, {
      method,
      headers: { 'content-type': 'application/json', cookie: this.#cookie },
      body: body && JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: status ${response.status} ${text}`);
    return text && JSON.parse(text);
  }
}
