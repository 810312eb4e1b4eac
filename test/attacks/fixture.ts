import { mkdtempSync, rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { deployFrame } from '../../src/deploy/deploy-frame.js';
import { createOrg, type Org } from '../../src/org/index.js';
import { listenOnLoopback, type Loopback } from '../../src/org/server.js';
import { parseFrameSettings } from '../../src/widget/frame/settings.js';
import { serveFiles } from '../../stories/munchbox/static-files.js';
import { people } from '../org/support/app.js';
import { openBrowser } from '../support/pages/browser.js';
import { WAIT_LIMIT_MS } from './victim.js';
import { built, weakened, type Weakness } from './weaken.js';
import { closeContexts } from '../support/pages/close-contexts.js';
import { configuration } from '../support/pages/configuration.js';

/** Host names: the application, its sign-in frame, and a foreign origin. */
const NAMES = {
  app: 'app.example.localhost',
  frame: 'signin.example.localhost',
  stranger: 'stranger.localhost',
} as const;
type Host = keyof typeof NAMES;

/** How a frame is deployed. Default: as it should be. */
export interface Deployment {
  generation?: 2 | 3;
  /** Another host that may embed it. */
  besides?: Host;
  weaknesses?: readonly Weakness[];
  /** Its server sends no `frame-ancestors`. */
  ancestorsUnsaid?: boolean;
}

/** A page of the application. */
export interface AppPage {
  /** Attributes of `<okta-config>`. */
  config?: Record<string, string>;
  /** Attributes of `<okta-signin>`. Default: the page has none. */
  signin?: string;
  /** A script of `scripts/` that was injected, and runs before all others. */
  script?: string;
  /** Defences that are missing from the package. */
  weaknesses?: readonly Weakness[];
  body?: string;
}

type Answer = (req: IncomingMessage, res: ServerResponse) => void;

/** A request that the attacker's server received. */
export interface Received {
  readonly path: string;
  readonly authorization?: string;
  readonly body: string;
}

/** An answer of a server, and its other headers. */
export interface Content {
  readonly type: string;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** How many pages of the application are registered as redirect URIs. */
const MOST_PAGES = 400;

const scripts = fileURLToPath(new URL('scripts/', import.meta.url));

/** A browser, an org, an org of the attacker, and three hosts. Attacks may run side by side. */
export class AttackFixture {
  readonly #browser: Browser;
  readonly #server: Loopback;
  readonly #answers: Map<string, Answer>;
  readonly #temporary: string[] = [];
  readonly #shared = new Map<string, Promise<unknown>>();
  readonly #weakened = new Map<string, string>();
  #count = 0;

  private constructor(
    browser: Browser,
    server: Loopback,
    answers: Map<string, Answer>,
    readonly org: Org,
    /** An org of the attacker, with the same users. */
    readonly falseOrg: Org,
  ) {
    this.#browser = browser;
    this.#server = server;
    this.#answers = answers;
    for (const host of Object.keys(NAMES) as Host[]) this.#mount(host, '/scripts/', scripts);
    this.#mount('app', '/okta-elements/', built('cdn'));
  }

  static async open(): Promise<AttackFixture> {
    const answers = new Map<string, Answer>();
    const server = await listenOnLoopback((req, res) => {
      const address = req.headers.host!.replace(/:\d+$/, '') + req.url!.replace(/[?#].*$/s, '');
      // The longest that fits: a page before the folder it is in.
      const [, answer] =
        [...answers]
          .filter(([path]) => address === path || (path.endsWith('/') && address.startsWith(path)))
          .sort(([a], [b]) => b.length - a.length)[0] ?? [];
      if (answer) answer(req, res);
      else res.writeHead(404, { 'Content-Type': 'text/plain' }).end('Not here');
    }, 0);
    const origins = Object.values(NAMES).map((name) => `http://${name}:${server.port}`);
    const pages = Array.from({ length: MOST_PAGES }, (_, index) => `http://${NAMES.app}:${server.port}/page-${index}`);
    const apps = [...origins.flatMap((origin) => [`${origin}/`, `${origin}/elsewhere`]), ...pages];
    const clients = [...people.clients, { id: 'other', redirectUris: apps }];
    const start = () => createOrg({ seed: { ...people, clients }, apps });
    const [org, falseOrg] = await Promise.all([start(), start()]);
    const browser = await openBrowser();
    return new AttackFixture(browser, server, answers, org, falseOrg);
  }

  origin(host: Host): string {
    return `http://${NAMES[host]}:${this.#server.port}`;
  }

  /** Puts a frame on the sign-in origin. @returns its address */
  async deploy({
    generation = 2,
    besides,
    weaknesses = [],
    ancestorsUnsaid = false,
  }: Deployment = {}): Promise<string> {
    const path = `/frame-${(this.#count += 1)}/`;
    const folder = this.#temp(mkdtempSync(join(tmpdir(), 'frame-')));
    const settings = parseFrameSettings({
      issuer: this.org.issuer,
      clientId: 'app',
      redirectUri: `${this.origin('app')}/`,
      parents: [this.origin('app'), ...(besides ? [this.origin(besides)] : [])],
      generation,
    });
    const from = weaknesses.length > 0 ? this.#temp(weakened('frame', weaknesses)) : built('frame');
    const headers = await deployFrame(settings, folder, from);
    const policy = headers['Content-Security-Policy']!;
    const weaker = policy.replace(/; frame-ancestors [^;]*/, '');
    this.#mount('frame', path, folder, { ...headers, 'Content-Security-Policy': ancestorsUnsaid ? weaker : policy });
    return `${this.origin('frame')}${path}`;
  }

  /** Puts a page of the application at a path of its own. @returns its address */
  appPage({ config = {}, signin, script, weaknesses = [], body = '' }: AppPage): string {
    const files = this.packageFiles(weaknesses);
    const settings = { issuer: this.org.issuer, 'client-id': 'app', ...config };
    return this.page(
      'app',
      `
      <title>The application</title>
      ${script ? `<script src="/scripts/${script}"></script>` : ''}
      <script type="module" src="${files}okta-elements.js"></script>
      ${configuration(settings)}
      ${signin === undefined ? '' : `<okta-signin mode="embedded" ${signin}></okta-signin>`}
      <okta-guard><p id="secret">For <okta-user></okta-user> only</p></okta-guard>
      ${body}`,
    );
  }

  /** Puts a copy of the package without these defences on the application's host. @returns the path of its folder */
  packageFiles(weaknesses: readonly Weakness[]): string {
    if (weaknesses.length === 0) return '/okta-elements/';
    const key = weaknesses.join();
    const known = this.#weakened.get(key);
    if (known) return known;
    const path = `/okta-elements-${(this.#count += 1)}/`;
    this.#mount('app', path, this.#temp(weakened('cdn', weaknesses)));
    this.#weakened.set(key, path);
    return path;
  }

  /** Puts any page on a host. @param html may use its own address @returns the address */
  page(host: Host, html: string | ((address: string) => string), headers: Record<string, string> = {}): string {
    const path = `/page-${(this.#count += 1)}`;
    if (this.#count > MOST_PAGES) throw new Error('Raise MOST_PAGES in test/attacks/fixture.ts.');
    const address = this.origin(host) + path;
    const text = typeof html === 'string' ? html : html(address);
    const document = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">${text}`;
    this.file(host, path, { type: 'text/html; charset=utf-8', text: document, headers });
    return address;
  }

  /** Puts any file at a path of a host. @returns its address */
  file(host: Host, path: string, { type, text, headers = {} }: Content): string {
    this.#answers.set(NAMES[host] + path, (_, res) => {
      res.writeHead(200, { 'Content-Type': type, ...headers }).end(text);
    });
    return this.origin(host) + path;
  }

  /** A path for a file or a server that no other attack uses. */
  path(name: string): string {
    return `/${(this.#count += 1)}/${name}`;
  }

  /**
   * Puts a server of the attacker at a path, open to scripts of every origin.
   * @param answer default: an empty page for every path below
   * @returns its address, and what it has received
   */
  attacker(
    path: string,
    answer: (received: Received) => Content | { readonly location: string } = () => ({ type: 'text/html', text: '' }),
  ): { address: string; received: Received[] } {
    const received: Received[] = [];
    const serve = async (req: IncomingMessage, res: ServerResponse) => {
      const cors = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': 'authorization, *' };
      if (req.method === 'OPTIONS') {
        res.writeHead(204, cors).end();
        return;
      }
      let body = '';
      for await (const chunk of req) body += String(chunk);
      const request = { path: req.url!, authorization: req.headers.authorization, body };
      received.push(request);
      const content = answer(request);
      if ('location' in content) res.writeHead(302, { Location: content.location, ...cors }).end();
      else res.writeHead(200, { 'Content-Type': content.type, ...cors, ...content.headers }).end(content.text);
    };
    this.#answers.set(NAMES.stranger + path, (req, res) => void serve(req, res).catch(() => res.destroy()));
    return { address: this.origin('stranger') + path, received };
  }

  /** Opens a page in a new browser profile, for as long as `look` takes. */
  async open<T>(address: string, look: (page: Page) => Promise<T>, before?: (page: Page) => unknown): Promise<T> {
    const context = await this.#browser.newContext();
    context.setDefaultTimeout(WAIT_LIMIT_MS);
    try {
      const page = await context.newPage();
      await before?.(page);
      await page.goto(address);
      return await look(page);
    } finally {
      await closeContexts([context]);
    }
  }

  /** Does once what several attacks have in common, unless it failed. */
  once<T>(name: string, act: () => Promise<T>): Promise<T> {
    const found = (this.#shared.get(name) as Promise<T> | undefined) ?? act();
    this.#shared.set(name, found);
    found.catch(() => this.#shared.delete(name));
    return found;
  }

  async close(): Promise<void> {
    await Promise.all([this.#browser.close(), this.org.close(), this.falseOrg.close(), this.#server.close()]);
    for (const path of this.#temporary) rmSync(path, { recursive: true, force: true });
  }

  #mount(host: Host, path: string, folder: string, headers: Record<string, string> = {}): void {
    const serve = serveFiles({
      mounts: [{ path, folder }],
      headers: () => headers,
      rewrite: (html) => html,
      notFound: join(scripts, 'spy.js'),
    });
    this.#answers.set(NAMES[host] + path, (req, res) => void serve(req, res).catch(() => res.destroy()));
  }

  #temp(path: string): string {
    this.#temporary.push(path);
    return path;
  }
}
