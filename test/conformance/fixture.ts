import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { serveFiles } from '../../stories/munchbox/static-files.js';
import { listenOnLoopback, type Loopback } from '../../src/org/server.js';
import { openBrowser } from '../support/pages/browser.js';
import type { Party } from './parties.js';
import { HostileProvider, type Lies } from './provider.js';

/** A browser, a server for the pages that sign in, and another for the providers. */
export interface ConformanceFixture {
  readonly browser: Browser;
  /** Adds a provider, and a page of that party for it. @returns the provider, and the page's address */
  set(party: Party, lies?: Lies): { provider: HostileProvider; address: string };
  close(): Promise<void>;
}

const folder = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

export async function startFixture(): Promise<ConformanceFixture> {
  const pages = new Map<string, { party: Party; provider: HostileProvider }>();
  const providers = new Map<string, HostileProvider>();
  const files = serveFiles({
    mounts: [
      { path: '/okta-elements/', folder: folder('dist/cdn') },
      { path: '/auth-js/', folder: folder('node_modules/@okta/okta-auth-js/dist') },
    ],
    headers: () => ({}),
    rewrite: (html) => html,
    notFound: folder('stories/munchbox/pages/404.html'),
  });

  const server = await listenOnLoopback((request, response) => {
    const { pathname } = new URL(request.url!, 'http://localhost');
    const page = pages.get(pathname);
    if (page) {
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' });
      response.end(page.party.page(page.provider, origin + pathname, `${pathname}api`));
    } else if (pathname.endsWith('/api')) {
      // An API that accepts the last access token only, so that a page has to renew the first one.
      const { provider } = pages.get(pathname.slice(0, -'api'.length))!;
      const good = provider.issued.length > 3 && request.headers.authorization === `Bearer ${provider.accessToken}`;
      response.writeHead(good ? 200 : 401, { 'Cache-Control': 'no-store' }).end();
    } else {
      files(request, response).catch(() => response.destroy());
    }
  }, 0);
  const origin = `http://localhost:${server.port}`;

  const authority: Loopback = await listenOnLoopback((request, response) => {
    const provider = providers.get(/^\/oauth2\/[^/]+/.exec(request.url!)?.[0] ?? '');
    if (provider) provider.handle(request, response).catch(() => response.destroy());
    else response.writeHead(404).end();
  }, 0);

  const browser = await openBrowser();
  return {
    browser,
    set(party, lies = {}) {
      const number = providers.size + 1;
      const path = `/oauth2/provider-${number}`;
      const address = `${origin}/page-${number}/`;
      // Another host name than that of the pages, as with Okta.
      const provider = new HostileProvider(`http://127.0.0.1:${authority.port}${path}`, address, lies);
      providers.set(path, provider);
      pages.set(`/page-${number}/`, { party, provider });
      return { provider, address };
    },
    async close() {
      await browser.close();
      await Promise.all([server.close(), authority.close()]);
    },
  };
}
