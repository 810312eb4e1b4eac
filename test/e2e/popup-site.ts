import { channel } from 'node:diagnostics_channel';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createOrg, type Org } from '../../src/org/index.js';
import { listenOnLoopback } from '../../src/org/server.js';
import { configuration } from '../support/pages/configuration.js';

export const ada = { login: 'ada@example.com', password: 'ada-password', name: 'Ada Lovelace' };
export const alan = { login: 'alan@example.com', password: 'alan-password', name: 'Alan Turing' };

/** A site of two pages, and the org that signs people in to it. */
export interface Site {
  readonly origin: string;
  readonly org: Org;
  /** Attributes of the `<okta-config>`, besides those that name the org. */
  config: Record<string, string>;
  /** Attributes of the `<okta-signin>`. */
  signin: Record<string, string>;
  /** Attributes of the `<iframe>` that `/framed` shows the site in. */
  frame: Record<string, string>;
  /** Further markup of every page. */
  more: string;
  /** Sent with every page. */
  headers: Record<string, string>;
  /** Sent with every page of the org. */
  orgHeaders: Record<string, string>;
  /** How often the org's token endpoint was asked. */
  exchanges: number;
  /** Access tokens that the API of the site refuses. */
  readonly refused: Set<string>;
  close(): Promise<void>;
}

/** Starts both on loopback. Alan may not use the application. */
export async function startSite(): Promise<Site> {
  let answer = (_req: IncomingMessage, res: ServerResponse): Promise<void> | void => void res.writeHead(503).end();
  const server = await listenOnLoopback((req, res) => {
    Promise.resolve(answer(req, res)).catch(() => res.destroy());
  }, 0);
  const origin = `http://localhost:${server.port}`;
  const org = await createOrg({
    seed: {
      users: [
        { ...person('Ada', 'Lovelace'), password: ada.password },
        { ...person('Alan', 'Turing'), password: alan.password },
      ],
      clients: ['shop', 'club'].map((id) => ({
        id,
        redirectUris: [`${origin}/callback?from=okta`],
        postLogoutRedirectUris: [`${origin}/`],
      })),
      trustedOrigins: [origin],
      authorizationServer: {
        policies: [
          {
            name: 'Everybody',
            rules: [
              { name: 'Not Alan', action: 'DENY', users: [alan.login] },
              { name: 'The others', action: 'ALLOW' },
            ],
          },
        ],
      },
    },
  });
  const site: Site = {
    origin,
    org,
    config: {},
    signin: {},
    frame: {},
    more: '',
    headers: {},
    orgHeaders: {},
    exchanges: 0,
    refused: new Set(),
    close: async () => {
      requests.unsubscribe(addHeaders);
      await Promise.all([server.close(), org.close()]);
    },
  };
  const requests = channel('http.server.request.start');
  const addHeaders = (message: unknown): void => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
    if (request.headers.host !== new URL(org.origin).host) return;
    if (request.method === 'POST' && request.url?.endsWith('/v1/token')) site.exchanges++;
    for (const [name, value] of Object.entries(site.orgHeaders)) response.setHeader(name, value);
  };
  requests.subscribe(addHeaders);
  answer = async ({ url = '', headers }, res) => {
    const path = url.replace(/\?.*/s, '');
    if (path === '/api') {
      const token = headers.authorization?.replace(/^\S+ /, '') ?? '';
      res.writeHead(site.refused.has(token) ? 401 : 200).end(token);
    } else if (path.startsWith('/okta-elements/')) {
      const file = await readFile(`dist/cdn/${path.slice('/okta-elements/'.length)}`);
      res.writeHead(200, { 'Content-Type': 'text/javascript' }).end(file);
    } else if (path === '/' || path === '/callback') {
      res.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', ...site.headers }).end(page(site));
    } else if (path === '/framed') {
      const frame = `<!doctype html><title>Other site</title><iframe src="${origin}/"${attributes(site.frame)}></iframe>`;
      res.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(frame);
    } else {
      res.writeHead(404).end();
    }
  };
  return site;
}

function person(firstName: string, lastName: string) {
  return { firstName, lastName, login: `${firstName.toLowerCase()}@example.com` };
}

function attributes(values: Record<string, string>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${value}"`)
    .join('');
}

/** The same at every address, as on a site with one layout. */
function page({ org, config, signin, more }: Site): string {
  const settings = { issuer: org.issuer, 'client-id': 'shop', 'redirect-uri': '/callback?from=okta', ...config };
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Shop</title>
<style>okta-guard:not(:defined) { display: none }</style>
<script type="module" src="/okta-elements/okta-elements.js"></script>
${configuration(settings)}
<label>Note <input id="note"></label>
<okta-signin${attributes({ display: 'popup', ...signin })}>Sign in</okta-signin>
<okta-guard><p id="secret">Hello <okta-user></okta-user></p><p slot="signed-out" id="public">Sign in, please</p></okta-guard>
${more}
</html>`;
}
