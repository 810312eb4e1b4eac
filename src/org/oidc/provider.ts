import Provider, { errors, type ClientMetadata, type Configuration, type KoaContextWithOIDC } from 'oidc-provider';
import { ACR_VALUES } from '../assurance.js';
import type { SeedClient } from '../seed.js';
import type { PolicyDecision } from '../sign-in.js';
import { speakAccessTokens } from './access-token.js';
import { claimsByScope, claimsOf } from './claims.js';
import { epochSeconds, type OidcDeps } from './deps.js';
import { addGrants, createGrant, grantTypeOfRequest, typeGrants, type GrantHandler } from './grants.js';
import { speakIdTokens } from './id-token.js';
import { signInPolicy } from './interaction-policy.js';
import { renderOAuthError } from './errors.js';
import { addPostMessage } from './post-message.js';
import { words } from './words.js';

/** Path of the authorization server, after the host. */
export const ISSUER_PATH = '/oauth2/default';

/** Where a finished hosted sign-in goes, to be sent on to the application. */
export const FINISH_PATH = '/login/token/redirect';

/** Scopes every org has. */
const STANDARD_SCOPES = ['openid', 'profile', 'email', 'address', 'phone', 'offline_access'];

/** Parameters Okta takes at `/v1/authorize` beyond OpenID Connect's. */
const OKTA_PARAMS = ['idp', 'idp_scope', 'sessionToken', 'flow'];

export function supportedScopes({ config }: OidcDeps): string[] {
  return [...new Set([...STANDARD_SCOPES, ...config.authorizationServer.scopes])];
}

/** The authorization server of one host name. All share the store, the keys and the clients. */
export function createProvider(origin: string, deps: OidcDeps): Provider {
  const builtIn = new Map<string, GrantHandler>();

  class CapturingProvider extends Provider {
    // oidc-provider registers its own grants while it is being built. They are put back later, under Okta's.
    override registerGrantType(name: string, handler: never, ...rest: never[]): void {
      if (!builtIn.has(name)) builtIn.set(name, handler);
      super.registerGrantType(name, handler, ...rest);
    }
  }

  const provider = new CapturingProvider(`${origin}${ISSUER_PATH}`, configuration(deps));
  typeGrants(provider);
  speakAccessTokens(provider, deps);
  speakIdTokens(provider, deps);
  addGrants(provider, builtIn, deps);
  addPostMessage(provider);
  if (!deps.config.authorizationServer.issInResponse) withholdIss(provider);
  provider.on('server_error', (_ctx, error) => console.error('The local Okta org failed:', error));
  return provider;
}

function configuration(deps: OidcDeps): Configuration {
  const { config, clock, store, keys, cookieKeys, nonceSecret } = deps;
  const { authorizationServer } = config;
  const ahead = (): number => epochSeconds(clock) - Math.floor(Date.now() / 1000);

  return {
    adapter: store.adapter,
    jwks: { keys: keys.map(({ privateJwk }) => privateJwk) },
    clients: config.clients.map(clientMetadata),
    routes: {
      authorization: '/v1/authorize',
      end_session: '/v1/logout',
      introspection: '/v1/introspect',
      jwks: '/v1/keys',
      revocation: '/v1/revoke',
      token: '/v1/token',
      userinfo: '/v1/userinfo',
    },
    scopes: supportedScopes(deps),
    claims: claimsByScope(authorizationServer.claims),
    conformIdTokenClaims: false,
    // There is one clock.
    clockTolerance: 0,
    responseTypes: ['code'],
    acrValues: ACR_VALUES,
    clientAuthMethods: ['none', 'client_secret_basic', 'client_secret_post'],
    subjectTypes: ['public'],
    pkce: { required: (_ctx, client) => client.clientAuthMethod === 'none' },
    rotateRefreshToken: true,
    issueRefreshToken: (_ctx, client, code) =>
      client.grantTypeAllowed('refresh_token') && code.scopes.has('offline_access'),
    // Signing out of Okta ends the session, not the tokens.
    expiresWithSession: () => false,
    extraParams: extraParams(deps),
    findAccount: (_ctx, id) => {
      const user = deps.activeUser(id);
      if (!user) return undefined;
      return {
        accountId: id,
        claims: (use) => ({
          ...claimsOf(user, use === 'userinfo' ? 'userinfo' : 'idToken', authorizationServer.claims),
          sub: id,
        }),
      };
    },
    loadExistingGrant: async ({ oidc }) => {
      const { session, client, params, provider } = oidc;
      const scopes = words((params as { scope?: string }).scope);
      return createGrant(provider, session!.accountId!, client!.clientId, scopes, 'authorization_code');
    },
    interactions: { policy: signInPolicy(deps), url: () => FINISH_PATH },
    renderError: renderOAuthError,
    cookies: {
      keys: cookieKeys,
      names: { session: 'idx', interaction: 'okta_org_interaction', resume: 'okta_org_resume' },
      long: { signed: true, httpOnly: true, sameSite: 'lax', overwrite: true },
      short: { signed: true, httpOnly: true, sameSite: 'lax', overwrite: true },
    },
    features: {
      devInteractions: { enabled: false },
      resourceIndicators: { enabled: false },
      claimsParameter: { enabled: false },
      dPoP: { enabled: true, nonceSecret, requireNonce: ({ oidc }) => oidc.route === 'token' },
      introspection: { enabled: true, allowedPolicy: () => true },
      revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
      // Nobody is asked to confirm: `finishLogout` answers instead.
      rpInitiatedLogout: { enabled: true, logoutSource: (ctx) => void (ctx.body = '') },
      userinfo: { enabled: true },
    },
    enabledJWA: { dPoPSigningAlgValues: ['RS256', 'ES256'], idTokenSigningAlgValues: ['RS256'] },
    ttl: {
      AccessToken: (ctx, token) => allowed(ctx, token.accountId, token.scopes, deps).accessTokenLifetimeSeconds,
      AuthorizationCode: 60,
      Grant: 31_536_000,
      IdToken: () => Math.max(1, Math.round(authorizationServer.idTokenLifetimeMinutes * 60) + ahead()),
      Interaction: Math.ceil(config.signIn.stateLifetimeSeconds),
      RefreshToken: (ctx, token) => {
        const rule = allowed(ctx, token.accountId, token.scopes, deps);
        const used = Math.floor(Date.now() / 1000) - (token.iiat ?? Math.floor(Date.now() / 1000));
        return Math.max(1, Math.min(rule.refreshTokenWindowSeconds, rule.refreshTokenLifetimeSeconds - used));
      },
      Session: (_ctx, session) => sessionLifetime(session.iat, deps),
    },
  };
}

/** Seconds a session has from now on, when it is used now. Both times are the machine's, as oidc-provider has them. */
export function sessionLifetime(startedAt: number | undefined, { config }: OidcDeps): number {
  const now = Math.floor(Date.now() / 1000);
  const idle = Math.round(config.sessions.idleMinutes * 60);
  const rest = Math.round(config.sessions.lifetimeMinutes * 60) - (now - (startedAt ?? now));
  return Math.max(1, Math.min(idle, rest));
}

function clientMetadata(client: SeedClient): ClientMetadata {
  return {
    client_id: client.id,
    client_name: client.label ?? client.id,
    redirect_uris: client.redirectUris,
    post_logout_redirect_uris: client.postLogoutRedirectUris,
    grant_types: client.grantTypes,
    response_types: client.grantTypes.includes('authorization_code') ? ['code'] : [],
    token_endpoint_auth_method: client.secret === undefined ? 'none' : 'client_secret_basic',
    client_secret: client.secret,
    dpop_bound_access_tokens: client.dpopRequired,
    id_token_signed_response_alg: 'RS256',
  };
}

/** Checks that oidc-provider leaves out. They run last, when the redirect URI is known to be good. */
function extraParams(deps: OidcDeps): NonNullable<Configuration['extraParams']> {
  const known = new Set(supportedScopes(deps));
  const checkRequest = ({ query }: KoaContextWithOIDC): void => {
    // By now oidc-provider has dropped the scopes it does not know. Okta refuses them.
    const asked = typeof query.scope === 'string' ? query.scope : undefined;
    const unknown = words(asked).filter((name) => !known.has(name));
    if (unknown.length > 0) {
      throw new errors.InvalidScope(
        'One or more scopes are not configured for the authorization server resource.',
        unknown.join(' '),
      );
    }
  };
  const [first, ...others] = OKTA_PARAMS;
  return { [first!]: checkRequest, ...Object.fromEntries(others.map((name) => [name, null])) };
}

type Allowed = Extract<PolicyDecision, { allow: true }>;

/** The rule that lets this request through. Lifetimes are its. */
function allowed(ctx: KoaContextWithOIDC, userId: string, scopes: Set<string>, deps: OidcDeps): Allowed {
  const user = deps.activeUser(userId);
  if (!user) throw new errors.InvalidGrant('user is not active');
  const clientId = ctx.oidc.client!.clientId;
  const decision = deps.decide(user, { clientId, grantType: grantTypeOfRequest(ctx), scopes: [...scopes] });
  if (!decision.allow) throw new errors.AccessDenied(decision.description);
  return decision;
}

function withholdIss(provider: Provider): void {
  provider.on('authorization.success', (_ctx: KoaContextWithOIDC, response?: Record<string, unknown>) => {
    delete response?.iss;
  });
}
