import type { SeedClaim } from '../seed.js';
import type { User } from '../directory.js';

export type TokenKind = SeedClaim['in'][number];

/** Claims that each standard scope opens (OpenID Connect Core 5.4). */
export const SCOPE_CLAIMS = {
  openid: ['sub'],
  profile: ['name', 'given_name', 'family_name', 'nickname', 'preferred_username', 'locale', 'zoneinfo', 'updated_at'],
  email: ['email', 'email_verified'],
  address: ['address'],
  phone: ['phone_number'],
} satisfies Record<string, string[]>;

/**
 * Claims an ID token keeps when an access token is issued beside it, as it is in every flow this org has. The others
 * are at `/v1/userinfo`. https://developer.okta.com/docs/api/openapi/okta-oauth/guides/overview/#id-token-payload
 */
const THIN = new Set(['sub', 'name', 'preferred_username', 'email']);

/** The org's claims by scope, those of the seed included, for oidc-provider's configuration. */
export function claimsByScope(custom: readonly SeedClaim[]): Record<string, string[]> {
  const byScope: Record<string, string[]> = structuredClone(SCOPE_CLAIMS);
  for (const { name, scopes } of custom) {
    for (const scope of scopes.length > 0 ? scopes : ['openid']) (byScope[scope] ??= []).push(name);
  }
  return byScope;
}

/** Everything the org could say of a user in this kind of token. The granted scopes decide what it does say. */
export function claimsOf(
  user: User,
  kind: 'idToken' | 'userinfo',
  custom: readonly SeedClaim[],
): Record<string, unknown> {
  const standard = standardClaims(user);
  const kept =
    kind === 'userinfo' ? standard : Object.fromEntries(Object.entries(standard).filter(([name]) => THIN.has(name)));
  return { ...kept, ...customClaims(user, kind, custom) };
}

/** The seed's claims for an access token with these scopes. */
export function accessTokenClaims(
  user: User,
  scopes: readonly string[],
  custom: readonly SeedClaim[],
): Record<string, unknown> {
  const open = custom.filter(
    (claim) => claim.scopes.length === 0 || claim.scopes.some((scope) => scopes.includes(scope)),
  );
  return customClaims(user, 'accessToken', open);
}

export function displayName({ profile }: User): string {
  return profile.displayName ?? `${profile.firstName} ${profile.lastName}`.trim();
}

function standardClaims(user: User): Record<string, unknown> & { sub: string } {
  const { profile } = user;
  return {
    sub: user.id,
    name: displayName(user),
    given_name: profile.firstName,
    family_name: profile.lastName,
    preferred_username: profile.login,
    locale: profile.locale ?? 'en-US',
    zoneinfo: 'America/Los_Angeles',
    updated_at: epochSeconds(user.created),
    email: profile.email,
    email_verified: user.emailVerified,
  };
}

function customClaims(user: User, kind: TokenKind, custom: readonly SeedClaim[]): Record<string, unknown> {
  const claims: Record<string, unknown> = {};
  for (const claim of custom) {
    if (!claim.in.includes(kind)) continue;
    const value = valueOf(claim, user);
    if (value !== undefined) claims[claim.name] = value;
  }
  return claims;
}

function valueOf(claim: SeedClaim, user: User): unknown {
  if (claim.groups !== undefined) {
    // Okta's filter matches the whole name.
    const filter = new RegExp(`^(?:${claim.groups})$`);
    return user.groups.filter((name) => filter.test(name));
  }
  return (user.profile as unknown as Record<string, unknown>)[claim.profile ?? ''];
}

function epochSeconds(time: string | number | Date): number {
  return Math.floor(new Date(time).getTime() / 1000);
}
