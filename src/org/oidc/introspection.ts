import type { KoaContextWithOIDC } from 'oidc-provider';
import { epochSeconds, type OidcDeps } from './deps.js';

/** Puts the answer of `/v1/introspect` into Okta's words, on the org's clock. */
export function describeTokenAsOkta(ctx: KoaContextWithOIDC, deps: OidcDeps): void {
  const { oidc } = ctx;
  const body = ctx.body as { active?: boolean; iat?: number; exp?: number; jti?: string } | undefined;
  if (oidc.route !== 'introspection' || !body?.active) return;
  const token = oidc.entities.AccessToken ?? oidc.entities.RefreshToken;
  const user = deps.activeUser(token?.accountId);
  if (!token || !user) {
    ctx.body = { active: false };
    return;
  }
  const ahead = epochSeconds(deps.clock) - Math.floor(Date.now() / 1000);
  ctx.body = {
    ...body,
    iat: body.iat === undefined ? undefined : body.iat + ahead,
    exp: body.exp === undefined ? undefined : body.exp + ahead,
    jti: token.jti,
    username: user.profile.login,
    uid: user.id,
    sub: user.profile.login,
    aud: deps.config.authorizationServer.audience,
  };
}
