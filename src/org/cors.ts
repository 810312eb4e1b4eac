import type { IncomingMessage, ServerResponse } from 'node:http';

/** Paths that pages of other origins may call. */
const OPEN =
  /^\/(?:oauth2\/default\/(?:\.well-known\/|v1\/(?:token|keys|userinfo|revoke|introspect|interact)$)|idp\/|api\/v1\/|\.well-known\/)/;

/** Of these, the ones where the browser sends the org's cookies along. */
const CREDENTIALED = /^\/(?:oauth2\/default\/v1\/interact$|idp\/|api\/v1\/sessions\/)/;

/** Headers a page may read, beyond the few that browsers always show. */
const EXPOSED = 'DPoP-Nonce, WWW-Authenticate, X-Okta-Request-Id, Retry-After';

/** Methods of the paths above. */
const METHODS = 'GET, POST, PUT, DELETE, OPTIONS';

/**
 * Cross-origin access as Okta grants it: to trusted origins, error answers included, and to nobody else. Sets the
 * headers of the answer to come. True when the request was a preflight and is answered.
 */
export function applyCors(
  req: IncomingMessage,
  res: ServerResponse,
  pathname: string,
  trusted: ReadonlySet<string>,
): boolean {
  if (!OPEN.test(pathname)) return false;
  const { origin } = req.headers;
  res.setHeader('Vary', 'Origin');
  // Also tells oidc-provider, which would let in any origin, that the matter is settled.
  res.setHeader('Access-Control-Expose-Headers', EXPOSED);
  const welcome = origin !== undefined && trusted.has(origin);
  if (welcome) {
    res.setHeader('Access-Control-Allow-Origin', origin);
    if (CREDENTIALED.test(pathname)) res.setHeader('Access-Control-Allow-Credentials', 'true');
  }
  if (req.method !== 'OPTIONS') return false;
  if (welcome) {
    res.setHeader('Access-Control-Allow-Methods', METHODS);
    const headers = req.headers['access-control-request-headers'];
    if (headers) res.setHeader('Access-Control-Allow-Headers', headers);
    res.setHeader('Access-Control-Max-Age', '600');
  }
  res.writeHead(204).end();
  return true;
}

/** Takes the permission back, for a fault that looks like a misconfigured trusted origin. */
export function withholdCors(res: ServerResponse): void {
  for (const name of res.getHeaderNames()) {
    if (name.startsWith('access-control-')) res.removeHeader(name);
  }
  // oidc-provider grants access unless somebody else has spoken.
  res.setHeader('Access-Control-Expose-Headers', 'Date');
}
