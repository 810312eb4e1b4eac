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

const scripts = fileURLToPath(new URL('scripts/', import.meta.url));

/** A browser, an org, an org of the attacker, and three hosts. Attacks may run side by side. */
export class AttackFixture {
  readonly #browser: Browser;
  readonly #server: Loopback;
  readonly #answers: Map<string, Answer>;
  readonly #temporary: string[] = [];
  readonly #shared = new Map<string, Promise<unknown>>();
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
    const apps = origins.flatMap((origin) => [`${origin}/`, `${origin}/elsewhere`]);
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
    let files = '/okta-elements/';
    if (weaknesses.length > 0) {
      files = `/okta-elements-${(this.#count += 1)}/`;
      this.#mount('app', files, this.#temp(weakened('cdn', weaknesses)));
    }
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

  /** Puts any page on a host. @returns its address */
  page(host: Host, html: string): string {
    const path = `/page-${(this.#count += 1)}`;
    const text = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">${html}`;
    this.#answers.set(NAMES[host] + path, (_, res) => {
      res.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(text);
    });
    return this.origin(host) + path;
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
