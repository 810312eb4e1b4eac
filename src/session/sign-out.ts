import { forgetRedirects } from './loop-breaker.js';
import { safeReturnTo } from './return-to.js';
import { authJs, type Session } from './sign-in.js';
import type { StoredTokens } from './token-store.js';

export interface SignOutOptions {
  /** `local`: drop the tokens. `app`: also revoke them. `global` (default): also end the session at Okta. */
  scope?: 'local' | 'app' | 'global';
  /** Same-origin address to go to; with `global` it must be registered as a sign-out redirect URI in Okta. */
  returnTo?: string;
}

/**
 * What is left of a sign-out when the tokens are gone from this browser: tells Okta, and goes on.
 * @param tokens those that were stored, if any
 * @returns whether the browser is leaving this page
 * @throws OktaElementsError when Okta could not be told of a `global` sign-out
 */
export async function signOut(session: Session, options: SignOutOptions, tokens?: StoredTokens): Promise<boolean> {
  const { config, environment } = session;
  const { scope = 'global', returnTo } = options;
  const page = environment.location.href;
  forgetRedirects(environment.sessionStorage);
  if (scope !== 'local') await revoke(session, tokens);
  if (scope === 'global' && tokens) {
    const { end_session_endpoint: endpoint } = await authJs(session).discover();
    if (endpoint) {
      const url = new URL(endpoint);
      const home = returnTo ? new URL(safeReturnTo(returnTo, page), page).href : config.postLogoutRedirectUri;
      url.searchParams.set('id_token_hint', tokens.idToken);
      url.searchParams.set('post_logout_redirect_uri', home);
      environment.location.assign(url.href);
      return true;
    }
  }
  if (returnTo) environment.location.assign(safeReturnTo(returnTo, page));
  return Boolean(returnTo);
}

/** Revokes what can be revoked (RFC 7009). A token that could not be expires by itself. */
export async function revoke(session: Session, tokens: StoredTokens | undefined): Promise<void> {
  if (!tokens) return;
  const sdk = authJs(session);
  await Promise.allSettled([
    sdk.revoke(tokens.accessToken, 'access_token'),
    tokens.refreshToken && sdk.revoke(tokens.refreshToken, 'refresh_token'),
  ]);
}
