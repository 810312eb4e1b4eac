import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { widgetStylesheet } from '../../../src/widget/build/stylesheet.js';

const TYPES: Record<string, string> = {
  '.css': 'text/css',
  '.gif': 'image/gif',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
};

/** A page of an application, on an origin of its own, with the widget's code and assets beside it. */
export interface App {
  origin: string;
  /** Address of a page with this stylesheet, in this language. */
  page(options?: { css?: string; lang?: string }): string;
  /** Paths that answer 404 for now. */
  missing: Set<string>;
  close(): Promise<void>;
}

export async function startApp(org: string): Promise<App> {
  const scripts = await bundle();
  const widget = join(dirname(createRequire(import.meta.url).resolve('@okta/okta-signin-widget/package.json')), 'dist');
  const stylesheet = widgetStylesheet(readFileSync(join(widget, 'css/okta-sign-in.min.css'), 'utf8'));
  const missing = new Set<string>();
  // What the widget needs in a page that allows nothing it need not.
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' data:",
    `connect-src 'self' ${org}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://app');
    const send = (type: string, body: string | Uint8Array) => response.setHeader('Content-Type', type).end(body);
    const path = normalize(url.pathname);
    try {
      if (missing.has(path)) throw new Error('missing');
      if (path === '/') {
        response.setHeader('Content-Security-Policy', policy);
        send('text/html; charset=utf-8', html(url.searchParams));
      } else if (path === '/page.css') send('text/css', url.searchParams.get('css') ?? '');
      else if (scripts.has(path)) send('text/javascript', scripts.get(path)!);
      else if (path === '/widget/css/okta-sign-in.css') send('text/css', stylesheet);
      else if (path.startsWith('/widget/')) {
        send(TYPES[extname(path)] ?? '', readFileSync(join(widget, path.slice('/widget/'.length))));
      } else throw new Error('missing');
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    page: ({ css = '', lang = 'en' } = {}) => `${origin}/?${new URLSearchParams({ css, lang }).toString()}`,
    missing,
    close: () => close(server),
  };
}

/** The bundled script of the page and its chunks, by path. */
async function bundle(): Promise<Map<string, Uint8Array>> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('./entry.ts', import.meta.url))],
    outdir: '/scripts',
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    external: ['../cdn/*'],
    target: 'es2022',
    write: false,
  });
  return new Map(outputFiles.map(({ path, contents }) => [path.replaceAll('\\', '/').replace(/^\w:/, ''), contents]));
}

function html(query: URLSearchParams): string {
  return `<!doctype html>
<html lang="${query.get('lang')}">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Shop</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/page.css?${new URLSearchParams({ css: query.get('css') ?? '' }).toString()}">
<script type="module" src="/scripts/entry.js"></script>
</head>
<body>
<div id="banner">Banner</div>
<main id="content">
<h1>Shop</h1>
<!-- Class names that the widget's stylesheet has bare rules for. -->
<form id="search" class="hide clearfix o-form o-form-button-bar"><label>Search <input name="q" value="tea"></label><button>Go</button></form>
<div id="host"></div>
</main>
<div id="footer">Footer</div>
</body>
</html>`;
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
