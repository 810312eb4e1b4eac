import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress } from 'node:zlib';
import { chromium, type Browser, type BrowserContextOptions } from 'playwright-core';
import { createOrg, type Org } from '../../src/org/index.js';
import { listenOnLoopback, type Loopback } from '../../src/org/server.js';
import { App, people } from '../org/support/app.js';
import { decryptStored, plantable, type PlantedSession } from '../support/pages/planted-session.js';
import { chromiumArguments, findBrowser } from '../support/runners/browsers.js';
import { Auth0Door } from './auth0-door.js';
import { bare, BARE } from './pages.js';
import { bundleOf } from './peers.js';
import { BenchPage, type BenchPageOptions } from './bench-page.js';

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

/** Beside the requests of other pages, which would have to wait for it. */
const compress = promisify(brotliCompress);

/** Files as they are sent. Compressed once, so that no run waits for it. */
const files = new Map<string, Promise<{ body: Buffer; headers: Record<string, string> }>>();

/** What a user's browser has kept. */
export type State = Exclude<BrowserContextOptions['storageState'], string | undefined> & {
  /** A session of ours: its key is in IndexedDB, which a storage state does not copy. */
  readonly planted?: PlantedSession;
};

/** One org, one server that compresses as a CDN does, and one browser. It serves one page at a time. */
export class BenchFixture {
  /** Pages, by path. */
  readonly #pages = new Map([[BARE, bare]]);
  readonly #server: Loopback;
  readonly #door: Auth0Door;
  readonly org: Org;
  readonly browser: Browser;
  #atOkta: Promise<State> | undefined;
  readonly #signedIn = new Map<string, Promise<State>>();

  private constructor(server: Loopback, door: Auth0Door, org: Org, browser: Browser) {
    this.#server = server;
    this.#door = door;
    this.org = org;
    this.browser = browser;
  }

  static async open(): Promise<BenchFixture> {
    let fixture: BenchFixture | undefined;
    const server = await listenOnLoopback((req, res) => void fixture!.#answer(req, res), 0);
    const org = await createOrg({ seed: people, apps: [`http://localhost:${server.port}/`] });
    const door = await Auth0Door.open(() => org.issuer);
    const browser = await chromium.launch({
      executablePath: findBrowser('chromium'),
      args: [...chromiumArguments, '--enable-precise-memory-info', '--js-flags=--expose-gc'],
    });
    return (fixture = new BenchFixture(server, door, org, browser));
  }

  /** Origin of the pages. */
  get origin(): string {
    return `http://localhost:${this.#server.port}`;
  }

  /** The org, as auth0-spa-js takes it. */
  get auth0(): string {
    return this.#door.origin;
  }

  /** Puts a page at the root, which is the redirect URI of all. */
  page(html: string): void {
    this.#pages.set('/', html);
  }

  async open(options?: BenchPageOptions): Promise<BenchPage> {
    await this.#compressFiles();
    return BenchPage.open(this, options);
  }

  /** A browser with a session at the org. */
  atOkta(): Promise<State> {
    return (this.#atOkta ??= this.#signInAtOkta());
  }

  /** As {@link signedIn}, once for each page: every run is another browser profile with the same tokens stored. */
  signedInOnce(html: string): Promise<State> {
    const known = this.#signedIn.get(html) ?? this.signedIn(html);
    this.#signedIn.set(html, known);
    known.catch(() => this.#signedIn.delete(html));
    return known;
  }

  /** A browser that is signed in with this page, the way a user signs in. */
  async signedIn(html: string): Promise<State> {
    this.page(html);
    const benchPage = await this.open({ state: await this.atOkta() });
    await benchPage.tab.goto(this.origin, { waitUntil: 'networkidle' });
    await benchPage.tab.getByRole('button', { name: 'Sign in' }).click();
    await benchPage.tab.locator('#secret').waitFor();
    // What is stored after the content is shown.
    await benchPage.quiet();
    const state = await benchPage.context.storageState();
    const items = await benchPage.tab.evaluate(() => ({ ...localStorage }));
    const isOurs = Object.keys(items).some((name) => name.startsWith('okta-elements:'));
    const planted = isOurs ? await plantable(items, await benchPage.tab.evaluate(decryptStored)) : undefined;
    await benchPage.end();
    return { ...state, planted };
  }

  /** A person signs in over HTTP, as the org's own page does it. */
  async #signInAtOkta(): Promise<State> {
    const app = new App(this.org, this.org.origin);
    await app.signIn('ada@example.com');
    const { hostname } = new URL(this.org.origin);
    const cookies = ['idx', 'idx.sig'].map((name) => ({
      name,
      value: app.agent.cookie(this.org.origin, name)!.value,
      domain: hostname,
      path: '/',
      expires: -1,
      httpOnly: true,
      secure: false,
      sameSite: 'Lax' as const,
    }));
    return { cookies, origins: [] };
  }

  /** Cleans up after a run that failed. */
  async reset(): Promise<void> {
    this.org.faults.clear();
    await Promise.all(this.browser.contexts().map((context) => context.close()));
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.#door.close();
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

  /** Bundles and compresses the files that the page names, which may take longer than a page waits. */
  async #compressFiles(): Promise<void> {
    const html = this.#pages.get('/') ?? '';
    const paths = [...html.matchAll(/(?:src=|href=|from )["'](\/[\w-]+\/[^"']+)["']/g)].map(([, path]) => path!);
    await Promise.all(paths.map((path) => this.#file(path)));
  }

  #file(pathname: string): Promise<{ body: Buffer; headers: Record<string, string> }> {
    const known = files.get(pathname) ?? read(pathname);
    files.set(pathname, known);
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
  return { body: await compress(plain), headers: { ...headers, 'Content-Encoding': 'br' } };
}
