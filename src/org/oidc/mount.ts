import { IncomingMessage, type ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import { readBody, redirect, urlOf } from '../http.js';
import { referenceTo } from './access-token.js';
import type { OidcDeps } from './deps.js';
import { ISSUER_PATH } from './provider.js';
import { words } from './words.js';

/** Whether oidc-provider answers under this path. It has more paths than Okta, which nobody should come to rely on. */
export function isProviderPath(pathname: string): boolean {
  if (!pathname.startsWith(`${ISSUER_PATH}/v1/`)) return false;
  const endpoint = pathname.slice(`${ISSUER_PATH}/v1/`.length);
  return /^(?:authorize(?:\/[\w-]+)?|token|keys|userinfo|logout|revoke|introspect)$/.test(endpoint);
}

/** Hands a request to oidc-provider, first putting right where Okta's clients and oidc-provider differ. */
export async function mount(
  provider: Provider,
  req: IncomingMessage,
  res: ServerResponse,
  deps: OidcDeps,
): Promise<void> {
  const url = urlOf(req);
  const path = url.pathname.slice(ISSUER_PATH.length);
  let request = req;
  if (path === '/v1/authorize' && req.method === 'POST') {
    // OpenID Connect Core 3.1.2.1 wants POST too. oidc-provider has it only with cookies that every site may send.
    redirect(res, `${url.pathname}?${new URLSearchParams(await readBody(req)).toString()}`, 303);
    return;
  }
  if (path === '/v1/authorize') wantConsent(url.searchParams);
  if (req.method === 'POST' && (path === '/v1/revoke' || path === '/v1/introspect')) {
    request = withForm(req, readableTokens(req, new URLSearchParams(await readBody(req)), deps));
  }
  const query = url.search;
  request.url = `${path}${query}`;
  Object.assign(request, { originalUrl: `${ISSUER_PATH}${path}${query}` });
  await provider.callback()(request, res);
}

/**
 * oidc-provider drops `offline_access` from a request without `prompt=consent` (OpenID Connect Core 11). Okta asks an
 * administrator for consent instead, beforehand. With `prompt=none` there is no refresh token either way.
 */
function wantConsent(query: URLSearchParams): void {
  const prompts = words(query.get('prompt') ?? undefined);
  if (query.getAll('prompt').length > 1 || prompts.includes('none') || prompts.includes('consent')) return;
  if (words(query.get('scope') ?? undefined).includes('offline_access'))
    query.set('prompt', [...prompts, 'consent'].join(' '));
}

/** Names access tokens by their id, and takes auth-js's way of naming the client. */
function readableTokens(req: IncomingMessage, form: URLSearchParams, deps: OidcDeps): URLSearchParams {
  const token = form.get('token');
  if (token !== null) form.set('token', referenceTo(token, deps));
  // auth-js sends `Basic base64(client id)`, without the colon that RFC 7617 wants. Okta takes it.
  const basic = /^Basic ([A-Za-z0-9+/]+=*)$/.exec(req.headers.authorization ?? '')?.[1];
  const clientId = basic === undefined ? undefined : Buffer.from(basic, 'base64').toString('utf8');
  if (clientId !== undefined && /^[^:]+:?$/.test(clientId) && !form.has('client_id')) {
    form.set('client_id', clientId.replace(/:$/, ''));
    delete req.headers.authorization;
  }
  return form;
}

/** The same request with another form as its body. */
function withForm(req: IncomingMessage, form: URLSearchParams): IncomingMessage {
  const body = Buffer.from(form.toString());
  const copy = new IncomingMessage(req.socket);
  copy.method = req.method;
  copy.httpVersion = req.httpVersion;
  copy.headers = {
    ...req.headers,
    'content-length': String(body.length),
    'content-type': 'application/x-www-form-urlencoded',
  };
  delete copy.headers['transfer-encoding'];
  // Else the end of the body would count as an abort, and close the connection.
  copy.complete = true;
  copy.push(body);
  copy.push(null);
  return copy;
}
