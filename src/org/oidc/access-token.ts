import { randomBytes } from 'node:crypto';
import Provider, { type AccessToken } from 'oidc-provider';
import { reachedAcr } from '../assurance.js';
import type { Amr } from '../sign-in.js';
import { accessTokenClaims } from './claims.js';
import { epochSeconds, type OidcDeps } from './deps.js';
import { signJwt, verifyJwt } from './keys.js';

/** JSON form of the access tokens issued in a request, for `at_hash`. */
const issued = new WeakMap<AccessToken, string>();

/** The JSON Web Token an access token was sent as. */
export function valueOf(token: AccessToken | undefined): string | undefined {
  return token && issued.get(token);
}

/** Begins the name by which `/v1/revoke` and `/v1/introspect` find a token. It is known nowhere outside this process. */
const REFERENCE = `${randomBytes(32).toString('base64url')}.`;

/**
 * What to call an access token of this org where oidc-provider takes no JSON Web Tokens. Anything else is returned as it
 * is.
 */
export function referenceTo(value: string, { keys }: Pick<OidcDeps, 'keys'>): string {
  const id = idOf(value, keys);
  return id === undefined ? value : `${REFERENCE}${id}`;
}

function idOf(value: string, keys: OidcDeps['keys']): string | undefined {
  if (value.startsWith(REFERENCE)) return value.slice(REFERENCE.length);
  const jti = verifyJwt(value, keys)?.jti;
  return typeof jti === 'string' ? jti : undefined;
}

/**
 * Makes a provider's access tokens Okta's: JSON Web Tokens with Okta's claims, which the org remembers too.
 *
 * oidc-provider knows two kinds: JSON Web Tokens for another resource server, which it forgets, and opaque ones, which
 * its own endpoints take. Okta's are both. So they are opaque to oidc-provider, kept under their `jti`, and written
 * and read as JSON Web Tokens here.
 */
export function speakAccessTokens(provider: Provider, deps: OidcDeps): void {
  const model = provider.AccessToken;
  const { find } = model as unknown as { find: Find };
  const { getValueAndPayload } = model.prototype as unknown as { getValueAndPayload: ToValue };

  Object.assign(model, {
    // The id alone, which whoever gets a token may log, opens nothing.
    async find(this: unknown, value: string, options?: object) {
      const id = idOf(value, deps.keys);
      return id === undefined ? undefined : find.call(this, id, options);
    },
  });

  Object.assign(model.prototype, {
    generateTokenId(this: AccessToken & { format: string }) {
      this.format = 'opaque';
      return `AT.${randomBytes(32).toString('base64url')}`;
    },
    async getValueAndPayload(this: AccessToken) {
      const { payload } = await getValueAndPayload.call(this);
      const value = signJwt(jwtPayload(this, provider, deps), deps.keys[0]!);
      issued.set(this, value);
      return { value, payload };
    },
  });
}

type Find = (value: string, options?: object) => Promise<AccessToken | undefined>;
type ToValue = () => Promise<{ value: string; payload: Record<string, unknown> }>;

function jwtPayload(token: AccessToken, provider: Provider, deps: OidcDeps): Record<string, unknown> {
  const { config, clock, directory } = deps;
  const user = directory.get(token.accountId);
  if (!user) throw new Error('An access token needs a user.');
  const scopes = [...token.scopes];
  const iat = epochSeconds(clock);
  const entities = Provider.ctx?.oidc.entities;
  // A refresh token keeps what the sign-in was asked for and what it proved.
  const source = entities?.AuthorizationCode ?? entities?.RefreshToken;
  const wanted = source?.claims?.id_token?.acr?.values ?? [];
  return {
    ver: 1,
    jti: token.jti,
    iss: provider.issuer,
    aud: config.authorizationServer.audience,
    iat,
    exp: iat + token.expiration,
    cid: token.clientId,
    uid: user.id,
    scp: scopes,
    auth_time: source?.authTime,
    acr: reachedAcr(wanted, (source?.amr ?? []) as Amr[]),
    sub: user.profile.login,
    ...(token.jkt ? { cnf: { jkt: token.jkt } } : undefined),
    ...accessTokenClaims(user, scopes, config.authorizationServer.claims),
  };
}
