/**
 * Where to go after sign-in: path, query and hash of an address on the page's own origin, and nothing else. An
 * address elsewhere, or with another scheme such as `javascript:`, becomes `/`, so that no link can use our sign-in
 * to send a user away (RFC 9700 section 4.11).
 */
export function safeReturnTo(address: string, page: string): string {
  const { origin } = new URL(page);
  const url = URL.canParse(address, page) ? new URL(address, page) : undefined;
  if (url?.origin !== origin) return '/';
  // "//host" is a path to URL but another origin to whoever follows it.
  return `/${url.pathname.replace(/^[/\\]+/, '')}${url.search}${url.hash}`;
}
