import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { chromium, type Browser } from 'playwright-core';
import { createOrg, type Org } from '../../src/org/index.js';
import { listenOnLoopback, type Loopback } from '../../src/org/server.js';
import { people } from '../org/support/app.js';
import { chromiumArguments, findBrowser } from '../support/runners/browsers.js';
import { bundleOf } from './peers.js';
import { Visit, type Network } from './visit.js';

const require = createRequire(import.meta.url);

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};
const TEXT = ['.html', '.css', '.js', '.json', '.svg'];

const folders: Readonly<Record<string, string>> = {
  'okta-elements': fileURLToPath(new URL('../../dist/cdn', import.meta.url)),
  'okta-signin-widget': join(dirname(require.resolve('@okta/okta-signin-widget/package.json')), 'dist'),
};

/** Where the contenders meet: one org, one server that compresses as a CDN does, one browser. */
export class Lab {
  /** Pages, by path. */
  readonly #pages = new Map<string, string>();
  /** Files as they are sent. Compressed once, so that no run waits for it. */
  readonly #files = new Map<string, Promise<{ body: Buffer; headers: Record<string, string> }>>();
  readonly #server: Loopback;
  readonly org: Org;
  readonly browser: Browser;

  private constructor(server: Loopback, org: Org, browser: Browser) {
    this.#server = server;
    this.org = org;
    this.browser = browser;
  }

  static async open(): Promise<Lab> {
    let lab: Lab | undefined;
    const server = await listenOnLoopback((req, res) => void lab!.#answer(req, res), 0);
    const org = await createOrg({ seed: people, apps: [`http://localhost:${server.port}/`] });
    const browser = await chromium.launch({
      executablePath: findBrowser('chromium'),
      args: [...chromiumArguments, '--enable-precise-memory-info', '--js-flags=--expose-gc'],
    });
    return (lab = new Lab(server, org, browser));
  }

  /** Origin of the pages. */
  get origin(): string {
    return `http://localhost:${this.#server.port}`;
  }

  /** Puts a page at a path. */
  page(path: string, html: string): void {
    this.#pages.set(path, html);
  }

  /** A new user's browser: nothing cached, nothing stored. */
  visit(network?: Network): Promise<Visit> {
    return Visit.begin(this, network);
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.org.close();
    await this.#server.close();
  }

  async #answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const { pathname } = new URL(req.url!, this.origin);
    const html = this.#pages.get(pathname);
    try {
      const { body, headers } = html
        ? { body: Buffer.from(html), headers: { 'Content-Type': TYPES['.html']!, 'Cache-Control': 'no-cache' } }
        : await this.#file(pathname);
      res.writeHead(200, headers).end(body);
    } catch {
      res.writeHead(404).end();
    }
  }

  #file(pathname: string): Promise<{ body: Buffer; headers: Record<string, string> }> {
    const known = this.#files.get(pathname) ?? read(pathname);
    this.#files.set(pathname, known);
    return known;
  }
}

async function read(pathname: string): Promise<{ body: Buffer; headers: Record<string, string> }> {
  const [, mount = '', ...rest] = pathname.split('/');
  const plain =
    mount === 'peers'
      ? Buffer.from(await bundleOf(rest.join('/').replace(/\.js$/, '')))
      : await readFile(join(folders[mount]!, ...rest));
  const kind = extname(pathname);
  const headers = {
    'Content-Type': TYPES[kind] ?? 'application/octet-stream',
    'Cache-Control': 'public, max-age=3600',
    'Access-Control-Allow-Origin': '*',
  };
  if (!TEXT.includes(kind)) return { body: plain, headers };
  return { body: brotliCompressSync(plain), headers: { ...headers, 'Content-Encoding': 'br' } };
}
