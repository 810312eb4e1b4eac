/** Where a redirect URI leads, however a server spells it: `/cb`, `/cb/` and `/cb/index.html` are one page. */
export function landing(redirectUri: string): string {
  const { origin, pathname } = new URL(redirectUri);
  return origin + pathname.replace(/(\/index\.html?)?\/*$/, '');
}

/** Whether an address, or one of several with spaces between, has a response to a sign-in that this package began. */
export function hasResponse(addresses: string): boolean {
  return /[?&]state=okta-elements\.\w+\.\w{64}\b/.test(addresses);
}
