/** How the pages of the shop differ. */
export interface PageOptions {
  issuer: string;
  clientId: string;
  /** The time limit of requests. */
  requestTimeoutMs: number;
  /** Path of the page, which is also its redirect URI. */
  path: string;
  /** Whether its guard redirects signed-out users to Okta. */
  redirects?: boolean;
}

/** A page of the shop, as its author would write it: tags, two secrets, and the usual slots. */
export function page({ issuer, clientId, requestTimeoutMs, path, redirects = false }: PageOptions): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>Shop</title>
    <link rel="icon" href="data:," />
    <style>
      okta-guard:not(:defined) { display: none; }
    </style>
    <script src="/recorder.js"></script>
    <script type="module" src="/okta-elements/okta-elements.js"></script>
    <script type="module" src="/shop.js"></script>
  </head>
  <body>
    <okta-config
      issuer="${issuer}"
      client-id="${clientId}"
      request-timeout="${requestTimeoutMs}"
      redirect-uri="${path}"
      post-logout-redirect-uri="/"
      scopes="openid profile email offline_access"
    ></okta-config>
    <okta-signin>Sign in</okta-signin>
    <okta-signout>Sign out</okta-signout>
    <okta-signout scope="app">Leave this shop</okta-signout>
    <okta-guard${redirects ? ' unauthenticated="redirect"' : ''}>
      <p data-secret="element">The safe is behind the map.</p>
      <p slot="signed-out">Sign in to see more.</p>
      <p slot="error">That did not work.</p>
    </okta-guard>
    <okta-guard>
      <template><p data-secret="template">The key is under the mat.</p></template>
    </okta-guard>
    <p><button id="load-orders">Load orders</button> <output id="orders"></output></p>
    <p><button id="load-profile">Load profile</button> <output id="profile"></output></p>
  </body>
</html>
`;
}
