import type { HostileProvider } from './provider.js';

/** A page that signs in: the same controls in each, made by other means. */
export interface Party {
  readonly name: string;
  /** CSS selector of what starts a sign-in. */
  readonly signIn: string;
  /** CSS selector of what signs out. */
  readonly signOut: string;
  /** The page. Its address is its redirect URI. */
  page(provider: HostileProvider, redirectUri: string, api: string): string;
}

const SCOPES = 'openid profile email offline_access';

/** With this package: its built elements, as a plain page uses them. */
export const oktaElements: Party = {
  name: 'okta-elements',
  signIn: 'okta-signin >> role=button',
  signOut: 'okta-signout >> role=button',
  page: ({ issuer, clientId }, redirectUri, api) =>
    html(`
    <script>
      const say = (id, text) => { document.getElementById(id).textContent = text; };
      const fail = ({ code, message }) => code + ': ' + message;
      document.addEventListener('okta-error', (event) => say('error', fail(event)));
      document.addEventListener('click', async ({ target }) => {
        const { client } = document.querySelector('okta-config');
        if (target.id === 'userinfo') {
          say('answer', await client.getUserInfo().then(JSON.stringify, fail));
        } else if (target.id === 'renew') {
          say('answer', await client.fetch('${api}').then(({ status }) => 'API: ' + status, fail));
        }
      });
    </script>
    <script type="module" src="/okta-elements/okta-elements.js"></script>
    <okta-config issuer="${issuer}" client-id="${clientId}" redirect-uri="${redirectUri}"
      post-logout-redirect-uri="${redirectUri}" scopes="${SCOPES}"></okta-config>
    <okta-signin></okta-signin>
    <okta-guard>
      <div id="secret">
        <button id="userinfo">Who am I?</button> <button id="renew">Renew</button> <okta-signout></okta-signout>
      </div>
    </okta-guard>`),
};

/**
 * With auth-js alone, as its README shows it under `signInWithRedirect` ("isLoginRedirect … handleRedirect …
 * isAuthenticated"), but for a button: without it, the page would leave again at once where a sign-in was refused.
 */
export const authJs: Party = {
  name: 'auth-js',
  signIn: '#sign-in',
  signOut: '#sign-out',
  page: ({ issuer, clientId }, redirectUri) =>
    html(`
    <script src="/auth-js/okta-auth-js.min.js"></script>
    <button id="sign-in" hidden>Sign in</button>
    <div id="secret" hidden>
      <button id="userinfo">Who am I?</button> <button id="renew">Renew</button> <button id="sign-out">Sign out</button>
    </div>
    <script>
      const element = (id) => document.getElementById(id);
      const say = (id, text) => { element(id).textContent = text; };
      const fail = (error) => error.name + ': ' + (error.errorSummary || error.message);
      const authClient = new OktaAuth({
        issuer: '${issuer}', clientId: '${clientId}', redirectUri: '${redirectUri}',
        postLogoutRedirectUri: '${redirectUri}', scopes: '${SCOPES}'.split(' '),
      });
      element('sign-in').onclick = () => authClient.signInWithRedirect().catch((error) => say('error', fail(error)));
      element('sign-out').onclick = () => authClient.signOut();
      element('userinfo').onclick = async () => {
        say('answer', await authClient.getUser().then(({ headers, ...user }) => JSON.stringify(user), fail));
      };
      element('renew').onclick = async () => {
        say('answer', await authClient.tokenManager.renew('accessToken').then(() => 'renewed', fail));
        element('secret').hidden = !(await authClient.isAuthenticated());
      };
      (async () => {
        await authClient.start();
        if (authClient.isLoginRedirect()) await authClient.handleRedirect().catch((error) => say('error', fail(error)));
        const signedIn = await authClient.isAuthenticated();
        element('sign-in').hidden = signedIn;
        element('secret').hidden = !signedIn;
      })();
    </script>`),
};

function html(body: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <link rel="icon" href="data:," />
    <title>A page that signs in</title>
    <style>okta-guard:not(:defined) { display: none }</style>
  </head>
  <body>
    <p id="error"></p>
    <p id="answer"></p>${body}
  </body>
</html>`;
}
