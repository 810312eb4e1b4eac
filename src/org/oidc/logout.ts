import type { KoaContextWithOIDC } from 'oidc-provider';
import { errors } from 'oidc-provider';
import { renderOAuthError } from './errors.js';

/**
 * After oidc-provider has checked a sign-out request, and would ask the user to confirm it: ends the session and goes
 * on, as Okta does.
 */
export async function finishLogout(ctx: KoaContextWithOIDC): Promise<void> {
  const { oidc } = ctx;
  if (oidc.route !== 'end_session' || ctx.status !== 200) return;
  const { client, params, session, provider } = oidc;
  if (!client) {
    const { error, error_description: description } = new errors.InvalidRequest(
      "The 'id_token_hint' parameter is missing.",
    );
    renderOAuthError(ctx, { error, error_description: description });
    return;
  }
  await session?.destroy();
  ctx.cookies.set(provider.cookieName('session'), null, {
    signed: true,
    httpOnly: true,
    sameSite: 'lax',
    overwrite: true,
  });
  const { post_logout_redirect_uri: uri, state } = params as { post_logout_redirect_uri?: string; state?: string };
  const target = new URL(uri ?? '/', oidc.issuer);
  if (uri !== undefined && state !== undefined) target.searchParams.set('state', state);
  ctx.body = null;
  ctx.status = 302;
  ctx.redirect(target.href);
}
