import { randomBytes } from 'node:crypto';
import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Clock } from './clock.js';
import type { Directory, User } from './directory.js';
import type { OidcDeps } from './oidc/deps.js';
import { describe, describeInvalidGrant } from './oidc/errors.js';
import { describeTokenAsOkta } from './oidc/introspection.js';
import { finishLogout } from './oidc/logout.js';
import { createSigningKey, type SigningKey } from './oidc/keys.js';
import { createProvider } from './oidc/provider.js';
import { showSignIn, type HostedEngine } from './oidc/hosted.js';
import { Store } from './oidc/store.js';
import { evaluatePolicies } from './policy.js';
import type { OrgConfig } from './seed.js';

/** How many signing keys `/v1/keys` shows at once. Okta shows the current one and those before it for a while. */
const KEYS_KEPT = 2;

/**
 * The authorization server `default`: one oidc-provider per host name, all with the same clients, users, sessions and
 * tokens. A code or a refresh token is honoured under whichever host it is presented.
 */
export class AuthorizationServer {
  readonly deps: OidcDeps;
  readonly #keys: SigningKey[];
  readonly #providers = new Map<string, Provider>();
  #engine: HostedEngine | undefined;

  private constructor(config: OrgConfig, directory: Directory, clock: Clock, key: SigningKey) {
    this.#keys = [key];
    const activeUser = (id: string | undefined): User | undefined => {
      const user = id === undefined ? undefined : directory.get(id);
      return user?.status === 'ACTIVE' ? user : undefined;
    };
    this.deps = {
      config,
      clock,
      directory,
      store: new Store(clock),
      keys: this.#keys,
      cookieKeys: [randomBytes(32).toString('base64url')],
      nonceSecret: randomBytes(32),
      activeUser,
      decide: (user, request) =>
        evaluatePolicies(config.authorizationServer.policies, {
          ...request,
          login: user.profile.login,
          groups: user.groups,
        }),
    };
  }

  static async create(config: OrgConfig, directory: Directory, clock: Clock): Promise<AuthorizationServer> {
    return new AuthorizationServer(config, directory, clock, await createSigningKey());
  }

  /** The sign-in engine, which needs this server and is needed by it. */
  set engine(engine: HostedEngine) {
    this.#engine = engine;
  }

  /** The provider that answers under this origin. */
  providerOf(origin: string): Provider {
    let provider = this.#providers.get(origin);
    if (!provider) {
      provider = this.#createProvider(origin);
      this.#providers.set(origin, provider);
    }
    return provider;
  }

  /** Signs with a new key from now on. What the key before signed stays good; what the one before that signed does not. */
  async rotateKeys(): Promise<void> {
    const key = await createSigningKey();
    this.#keys.splice(0, this.#keys.length, key, ...this.#keys.slice(0, KEYS_KEPT - 1));
    // oidc-provider takes its keys when it is made. All it remembers is in the store.
    this.#providers.clear();
  }

  #createProvider(origin: string): Provider {
    const provider = createProvider(origin, this.deps);
    provider.use(async (koa, next) => {
      await next();
      const ctx = koa as unknown as KoaContextWithOIDC;
      if (!ctx.oidc || !this.#engine) return;
      showSignIn(ctx, origin, this.#engine, this.deps);
      await finishLogout(ctx);
      describeTokenAsOkta(ctx, this.deps);
      if (!this.deps.config.authorizationServer.issInResponse) withholdIss(ctx);
    });
    provider.on('grant.error', speakErrorsAsOkta);
    provider.on('userinfo.error', speakErrorsAsOkta);
    provider.on('revocation.error', speakErrorsAsOkta);
    provider.on('introspection.error', speakErrorsAsOkta);
    return provider;
  }
}

/** Okta does not name itself in authorization responses (RFC 9207); oidc-provider does, in errors too. */
function withholdIss(ctx: KoaContextWithOIDC): void {
  const location = ctx.response.get('Location');
  if (!location || !/^(authorization|resume)$/.test(ctx.oidc.route)) return;
  const url = new URL(location, ctx.oidc.issuer);
  const fragment = new URLSearchParams(url.hash.slice(1));
  if (url.searchParams.has('error')) url.searchParams.delete('iss');
  else if (fragment.has('error')) {
    fragment.delete('iss');
    url.hash = fragment.toString();
  } else return;
  ctx.set('Location', url.href);
}

function speakErrorsAsOkta(ctx: KoaContextWithOIDC, error: Error & { error_detail?: string }): void {
  const body = ctx.body as { error?: string; error_description?: string } | undefined;
  if (typeof body?.error !== 'string') return;
  const grantType = (ctx.oidc.params as { grant_type?: unknown } | undefined)?.grant_type;
  body.error_description =
    body.error === 'invalid_grant'
      ? describeInvalidGrant(grantType, error.error_detail)
      : describe(body.error, body.error_description, ctx.oidc.route);
}
