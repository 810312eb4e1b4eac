import type { IncomingMessage } from 'node:http';
import { fileURLToPath } from 'node:url';
import { listenOnLoopback } from '../../src/org/server.js';
import { serveFiles } from '../../stories/munchbox/static-files.js';

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export interface Site {
  /** On another host name than the provider, so that to the browser the two are different sites. */
  readonly origin: string;
  close(): Promise<void>;
}

/** What a copy of the pages is configured with. */
export interface Settings {
  readonly issuer: string;
  readonly clientId: string;
  /** Default false. */
  readonly dpop?: boolean;
}

/**
 * Serves the pages as plain files, a copy of them at each path of `copies`.
 * @param api origin of the API that the pages may send their token to
 */
export async function startSite(copies: Readonly<Record<string, Settings>>, api: string): Promise<Site> {
  // The longest first: each path begins with a slash.
  const paths = Object.keys(copies).sort((a, b) => b.length - a.length);
  const homeOf = ({ url = '/' }: IncomingMessage) => paths.find((path) => url.startsWith(path))!;
  const serve = serveFiles({
    mounts: [
      { path: '/okta-elements/', folder: folder('../../dist/cdn') },
      ...paths.map((path) => ({ path, folder: folder('pages') })),
    ],
    headers: (req) => ({ 'Content-Security-Policy': contentSecurity(copies[homeOf(req)]!.issuer, api) }),
    rewrite: (html, req) => {
      const home = homeOf(req);
      const { issuer, clientId, dpop = false } = copies[home]!;
      const origins = `${api} ${new URL(issuer).origin}`;
      const words = { ISSUER: issuer, CLIENT_ID: clientId, HOME: home, ORIGINS: origins };
      const page = html.replace('"dpop": true', `"dpop": ${dpop}`);
      return Object.entries(words).reduce((text, [word, value]) => text.replaceAll(`"${word}"`, `"${value}"`), page);
    },
    notFound: folder('pages/index.html'),
  });
  const { port, close } = await listenOnLoopback((req, res) => {
    serve(req, res).catch(() => res.destroy());
  }, 0);
  return { origin: `http://127.0.0.1:${port}`, close };
}

/** What the documentation asks of a page with hosted sign-in, and no more. */
function contentSecurity(issuer: string, api: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    'img-src data:',
    `connect-src ${new URL(issuer).origin} ${api}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}
