import type { BenchFixture } from './fixture.js';

/** Where the page without a library is. */
export const BARE = '/bare';

const SCOPES = 'openid profile email offline_access';

/** A page with this in its head and body, as its author would write it. */
export function page(head: string, body: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <link rel="icon" href="data:," />
    <title>A page</title>
    ${head}
  </head>
  <body>
    <h1>A page</h1>
    ${body}
  </body>
</html>`;
}

/** What every page would be without a library. It shows everything that any case looks for. */
export const bare = page(
  '',
  `<button>Sign in</button><p id="secret">Signed in</p><input type="password" aria-label="Password" />`,
);

/** What the tags of this package have a page do: a button that signs in, and something for who is signed in. */
export const TAGS = '<okta-signin>Sign in</okta-signin><okta-guard><p id="secret">Signed in</p></okta-guard>';

/** A page with tags of this package. */
export function ours(fixture: BenchFixture, body = TAGS, config = ''): string {
  return page(
    `<style>okta-guard:not(:defined) { display: none }</style>
    <script type="module" src="/okta-elements/okta-elements.js"></script>`,
    `<okta-config issuer="${fixture.org.issuer}" client-id="app" scopes="${SCOPES}" ${config}></okta-config>${body}`,
  );
}

/**
 * What each library's README has a page do for the same. `token()` is what it says an API is called with: renewed when
 * it has expired.
 */
export const libraries: Readonly<Record<string, (fixture: BenchFixture) => string>> = {
  'auth-js': (fixture) =>
    script(`
      import { OktaAuth } from '/peers/auth-js.js';
      const auth = new OktaAuth({
        issuer: '${fixture.org.issuer}', clientId: 'app', redirectUri: location.origin + '/',
        scopes: '${SCOPES}'.split(' '),
      });
      const show = () => (document.getElementById('secret').hidden = !auth.authStateManager.getAuthState()?.isAuthenticated);
      document.getElementById('sign-in').onclick = () => auth.signInWithRedirect({ originalUri: '/' });
      window.token = () => auth.getOrRenewAccessToken();
      auth.authStateManager.subscribe(show);
      if (auth.isLoginRedirect()) {
        await auth.storeTokensFromRedirect();
        history.replaceState(null, '', '/');
      }
      await auth.start();
      show();`),
  'auth0-spa-js': (fixture) =>
    script(`
      import { createAuth0Client } from '/peers/auth0-spa-js.js';
      const client = await createAuth0Client({
        domain: '${fixture.auth0}', clientId: 'app', cacheLocation: 'localstorage', useRefreshTokens: true,
        authorizationParams: { redirect_uri: location.origin + '/', scope: '${SCOPES}' },
      });
      document.getElementById('sign-in').onclick = () => client.loginWithRedirect();
      window.token = () => client.getTokenSilently();
      if (location.search.includes('code=') && location.search.includes('state=')) {
        await client.handleRedirectCallback();
        history.replaceState(null, '', '/');
      }
      document.getElementById('secret').hidden = !(await client.isAuthenticated());`),
  'oidc-client-ts': (fixture) =>
    script(`
      import { UserManager, WebStorageStateStore } from '/peers/oidc-client-ts.js';
      const manager = new UserManager({
        authority: '${fixture.org.issuer}', client_id: 'app', redirect_uri: location.origin + '/', scope: '${SCOPES}',
        userStore: new WebStorageStateStore({ store: localStorage }),
      });
      document.getElementById('sign-in').onclick = () => manager.signinRedirect();
      window.token = async () => {
        const user = await manager.getUser();
        return (user?.expired ? await manager.signinSilent() : user)?.access_token;
      };
      if (new URLSearchParams(location.search).has('code')) {
        await manager.signinCallback();
        history.replaceState(null, '', '/');
      }
      const user = await manager.getUser();
      document.getElementById('secret').hidden = !user || user.expired;`),
  'keycloak-js': (fixture) =>
    script(`
      import { Keycloak } from '/peers/keycloak-js.js';
      const keycloak = new Keycloak({ clientId: 'app', oidcProvider: '${fixture.org.issuer}' });
      document.getElementById('sign-in').onclick = () => keycloak.login({ scope: '${SCOPES}' });
      const signedIn = await keycloak.init({
        checkLoginIframe: false, pkceMethod: 'S256', responseMode: 'query', redirectUri: location.origin + '/',
      });
      document.getElementById('secret').hidden = !signedIn;`),
};

function script(text: string): string {
  return page(
    `<script type="module">${text}</script>`,
    `<button id="sign-in">Sign in</button><p id="secret" hidden>Signed in</p>`,
  );
}
