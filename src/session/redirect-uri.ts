/** Where a redirect URI leads, however a server spells it: `/cb`, `/cb/` and `/cb/index.html` are one page. */
export function landing(redirectUri: string): string {
  const { origin, pathname } = new URL(redirectUri);
  return origin + pathname.replace(/(\/index\.html?)?\/*$/, '');
}

/** Whether an address, or the one of two that are joined, has a response to a sign-in that this package began. */
export function hasResponse(address: string): boolean {
  return /[?&]state=okta-elements\./.test(address);
}
