import { safeReturnTo } from './return-to.js';
import { authJs, type Session } from './sign-in.js';

export interface SignOutOptions {
  /** `local`: drop the tokens. `app`: also revoke them. `global` (default): also end the session at Okta. */
  scope?: 'local' | 'app' | 'global';
  /** Same-origin address to go to; with `global` it must be registered as a sign-out redirect URI in Okta. */
  returnTo?: string;
}

/**
 * Signs out: the tokens leave this browser first, whatever becomes of the rest.
 * @param onCleared called when the tokens are gone, before anything is asked of Okta
 */
export async function signOut(session: Session, options: SignOutOptions, onCleared: () => void): Promise<void> {
  const { config, environment, store } = session;
  const { scope = 'global', returnTo } = options;
  const tokens = store.read();
  store.clear();
  onCleared();
  const page = environment.location.href;
  if (scope !== 'local' && tokens) {
    const sdk = authJs(session);
    // A token that could not be revoked expires by itself; the user is signed out here either way.
    await Promise.allSettled([
      sdk.revoke(tokens.accessToken, 'access_token'),
      tokens.refreshToken && sdk.revoke(tokens.refreshToken, 'refresh_token'),
    ]);
  }
  if (scope === 'global' && tokens) {
    const { end_session_endpoint: endpoint } = await authJs(session).discover();
    if (endpoint) {
      const url = new URL(endpoint);
      url.searchParams.set('id_token_hint', tokens.idToken);
      const home = returnTo ? new URL(safeReturnTo(returnTo, page), page).href : config.postLogoutRedirectUri;
      url.searchParams.set('post_logout_redirect_uri', home);
      environment.location.assign(url.href);
      return;
    }
  }
  if (returnTo) environment.location.assign(safeReturnTo(returnTo, page));
}
