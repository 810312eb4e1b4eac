import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { after, afterEach, before } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, BrowserContextOptions, LaunchOptions, Page } from 'playwright-core';
import { serveFiles } from '../../../stories/munchbox/static-files.js';
import { createOrg, type Org } from '../../../src/org/index.js';
import type { Seed } from '../../../src/org/seed.js';
import { listenOnLoopback, type Loopback } from '../../../src/org/server.js';
import { App, people, REDIRECT_URI } from '../../org/support/app.js';
import { openBrowser } from '../../support/pages/browser.js';
import { closeContexts } from '../../support/pages/close-contexts.js';
import { configuration } from '../../support/pages/configuration.js';
import { decryptStored, plant, plantable, type PlantedSession } from '../../support/pages/planted-session.js';

export const ada = { login: 'ada@example.com', name: 'Ada Lovelace', sub: 'ada@example.com' };
export const grace = { login: 'grace@example.com', name: 'Grace Hopper', sub: 'grace@example.com' };
export type Person = typeof ada;

/** Somebody whose name is markup. */
const mallory = {
  login: 'mallory@example.com',
  firstName: '<img src=x onerror="document.title=1">',
  lastName: '<script>document.title=2</script>',
  password: 'mallory-password',
};

/** A page of a site, as its author would write it. */
export interface PageContent {
  /** Settings by their attributes' names, in place of or besides those of every page; undefined takes one away. */
  config?: Record<string, string | undefined>;
  /** At the top of the head: before the package's script. */
  head?: string;
  body?: string;
  /** HTTP headers. */
  headers?: Record<string, string>;
  /** Nothing that a strict policy of the page would refuse: no style and no icon of its own. Default false. */
  bare?: boolean;
}

/** What a site was asked for. */
export interface Asked {
  readonly path: string;
  readonly referer: string | undefined;
}

/** A site of a few pages written by a test, another origin beside it, a local org, and a browser. */
export interface PageFixture {
  readonly origin: string;
  /** Another origin, of somebody else. It answers with a configuration that is right, or with a picture. */
  readonly elsewhere: string;
  /** What that one was asked for. */
  readonly askedElsewhere: Asked[];
  readonly org: Org;
  readonly browser: Browser;
  /** Puts a page at a path (without query), in place of the one that is there. */
  page(path: string, content?: PageContent): void;
  /** Puts any other file there. */
  file(path: string, type: string, text: string): void;
  /** Sends whoever asks for this path elsewhere. */
  redirect(path: string, to: string): void;
  /** A browser profile of its own, which may have a session at the org already. */
  profile(person?: Person, contextOptions?: BrowserContextOptions): Promise<BrowserContext>;
  /**
   * Creates a profile whose tabs begin signed in, with a session at the org. All these profiles of a user hold the
   * tokens of one sign-in: a test that renews or revokes tokens needs a sign-in of its own.
   */
  signedIn(person: Person): Promise<BrowserContext>;
  /** Gives a profile another session at the org, or none. */
  atOkta(profile: BrowserContext, person?: Person): Promise<void>;
  /** Leaves a profile open after the test. The caller makes it as good as new for the next one. */
  keep(profile: BrowserContext): void;
  /** The session of a person has ended at the org: the next profile of theirs needs another. */
  forget(person: Person): void;
  /** What pages have thrown so far does not fail this test. */
  forgive(): void;
  /** Opens a page in a tab of its own. */
  open(profile: BrowserContext, path: string): Promise<Page>;
}

export interface PageFixtureOptions {
  /** Default 60. */
  accessTokenSeconds?: number;
  /** In place of, or besides, what every site's org has. */
  seed?: Partial<Seed>;
  /** Its pages show Okta's widget, which tries out whether it may set a cookie. Default false. */
  embedded?: boolean;
  launch?: LaunchOptions;
  /** Other host names of the same port, whose origins the org trusts, and what answers there. Default: the pages. */
  hosts?: Record<string, ((req: IncomingMessage, res: ServerResponse) => void) | undefined>;
}

interface Document {
  readonly headers: Record<string, string>;
  readonly text: string;
}

/** What a page shows when a test says nothing else: every element of a session, and something to guard. */
export const EVERYTHING = `
  <okta-signin></okta-signin>
  <okta-signout scope="local"></okta-signout>
  <okta-callback></okta-callback>
  <okta-guard>
    <p id="secret">For <okta-user></okta-user> only</p>
    <template><p id="stamped">Stamped for <okta-user claim="email"></okta-user></p></template>
    <p slot="signed-out">Nobody is signed in.</p>
  </okta-guard>`;

const PIXEL = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

/** Starts a site before the tests of a `describe`, and ends it after them. */
export function pageFixture(options: PageFixtureOptions = {}): PageFixture {
  const documents = new Map<string, Document>();
  const askedElsewhere: Asked[] = [];
  const problems: string[] = [];
  const sessions = new Map<string, { name: string; value: string }[]>();
  const sessionsInBrowser = new Map<string, PlantedSession>();
  const kept = new Set<BrowserContext>();
  let servers: Loopback[] = [];
  let origin: string;
  let elsewhere: string;
  let org: Org;
  let browser: Browser;

  const files = serveFiles({
    mounts: [{ path: '/okta-elements/', folder: fileURLToPath(new URL('../../../dist/cdn', import.meta.url)) }],
    headers: () => ({}),
    rewrite: (html) => html,
    notFound: fileURLToPath(new URL('../../../stories/munchbox/pages/404.html', import.meta.url)),
  });

  before(async () => {
    const shop = await listenOnLoopback((req, res) => {
      const host = options.hosts?.[req.headers.host?.replace(/:\d+$/, '') ?? ''];
      const found = documents.get(pathOf(req));
      if (host) host(req, res);
      else if (found)
        res
          .writeHead(found.headers.location ? 302 : 200, { 'Cache-Control': 'no-cache', ...found.headers })
          .end(found.text);
      else if (pathOf(req).startsWith('/okta-elements/')) files(req, res).catch(() => res.destroy());
      else res.writeHead(404, { 'Content-Type': 'text/html' }).end('<!doctype html><title>Not here</title>');
    }, 0);
    const stranger = await listenOnLoopback((req, res) => {
      askedElsewhere.push({ path: req.url!, referer: req.headers.referer });
      const headers = { 'Cache-Control': 'no-store', 'Access-Control-Allow-Origin': '*' };
      if (req.url!.endsWith('.json')) {
        const settings = JSON.stringify({ issuer: org.issuer, clientId: 'app' });
        res.writeHead(200, { 'Content-Type': 'application/json', ...headers }).end(settings);
      } else res.writeHead(200, { 'Content-Type': 'image/gif', ...headers }).end(PIXEL);
    }, 0);
    servers = [shop, stranger];
    origin = `http://localhost:${shop.port}`;
    elsewhere = `http://127.0.0.1:${stranger.port}`;
    const rule = {
      name: 'Everybody',
      action: 'ALLOW' as const,
      accessTokenLifetimeMinutes: (options.accessTokenSeconds ?? 3600) / 60,
    };
    org = await createOrg({
      seed: {
        ...people,
        users: [...people.users, mallory],
        authorizationServer: { policies: [{ name: 'The app', rules: [rule] }] },
        ...options.seed,
      },
      apps: [
        ...[`${origin}/`, `${origin}/callback`],
        ...Object.keys(options.hosts ?? {}).map((name) => `http://${name}:${shop.port}/`),
      ],
    });
    browser = await openBrowser(options.launch);
  });
  after(async () => {
    await browser?.close();
    await org?.close();
    await Promise.all(servers.map((server) => server.close()));
  });
  afterEach(async () => {
    await closeContexts(browser.contexts().filter((profile) => !kept.has(profile)));
    org.faults.clear();
    askedElsewhere.length = 0;
    assert.deepEqual(problems.splice(0), [], 'no page threw');
  });

  /** Signs in by redirect, from the redirect URI that the pages of tests rarely use. */
  async function signInOnce(person: Person): Promise<PlantedSession> {
    const profile = await fixture.profile(person);
    const replaced = documents.get('/callback');
    fixture.page('/callback', {
      config: { 'redirect-uri': '/callback' },
      body: '<okta-signin></okta-signin><okta-user>',
    });
    const page = await fixture.open(profile, '/callback');
    await page.locator('okta-signin').getByRole('button').click();
    await page.locator('okta-user', { hasText: person.name }).waitFor();
    const items = await page.evaluate(() => ({ ...localStorage }));
    const planted = await plantable(items, await page.evaluate(decryptStored));
    await closeContexts([profile]);
    if (replaced) documents.set('/callback', replaced);
    else documents.delete('/callback');
    return planted;
  }

  const file = (path: string, headers: Record<string, string>, text: string) =>
    void documents.set(path, { headers, text });

  const fixture: PageFixture = {
    get origin() {
      return origin;
    },
    get elsewhere() {
      return elsewhere;
    },
    askedElsewhere,
    get org() {
      return org;
    },
    get browser() {
      return browser;
    },
    page(path, { config = {}, head = '', body = EVERYTHING, headers = {}, bare = false } = {}) {
      const settings = {
        issuer: org.issuer,
        'client-id': 'app',
        scopes: 'openid profile email groups offline_access',
        ...config,
      };
      const text = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    ${bare ? '' : '<link rel="icon" href="data:," />'}
    <title>${path}</title>
    ${head}
    ${bare ? '' : '<style>okta-guard:not(:defined) { display: none }</style>'}
    <script type="module" src="/okta-elements/okta-elements.js"></script>
  </head>
  <body>
    ${configuration(settings)}
    ${body}
  </body>
</html>`;
      file(path, { 'Content-Type': 'text/html; charset=utf-8', ...headers }, text);
    },
    file: (path, type, text) => file(path, { 'Content-Type': type }, text),
    redirect: (path, to) => file(path, { location: to }, ''),
    async profile(person, contextOptions) {
      const profile = await browser.newContext(contextOptions);
      profile.setDefaultTimeout(30_000);
      profile.on('weberror', (error) => {
        // To the empty page, a test's own scripts go too when it is over.
        if (error.page()?.url() !== 'about:blank') problems.push(String(error.error()));
      });
      // tsx has functions call this to keep their names, also those that run in a page.
      await profile.addInitScript('globalThis.__name = (value) => value');
      // A cookie would be a problem on any page of the site.
      await profile.addInitScript(
        (site) => {
          if (location.origin !== site) return;
          const set = () => reportError(new Error('a script set a cookie'));
          Object.defineProperty(Document.prototype, 'cookie', { configurable: true, get: () => '', set });
        },
        options.embedded ? 'nowhere' : origin,
      );
      if (person) await fixture.atOkta(profile, person);
      return profile;
    },
    async signedIn(person) {
      let session = sessionsInBrowser.get(person.login);
      if (!session) sessionsInBrowser.set(person.login, (session = await signInOnce(person)));
      const profile = await fixture.profile(person);
      // Playwright's `storageState` takes a page of its own, which costs as much as the page of the test.
      await profile.addInitScript(`
        if (location.origin === '${origin}' && !sessionStorage.getItem('begins-signed-in')) {
          sessionStorage.setItem('begins-signed-in', 'true');
          (${plant.toString()})(${JSON.stringify(session)});
        }`);
      return profile;
    },
    async atOkta(profile, person) {
      await profile.clearCookies();
      if (!person) return;
      // A person signs in over HTTP, as the org's own page does it; the browser takes the cookies over.
      let cookies = sessions.get(person.login);
      if (!cookies) {
        const app = new App(org, org.origin);
        await app.signIn(person.login, { redirect_uri: REDIRECT_URI });
        cookies = ['idx', 'idx.sig'].map((name) => ({ name, value: app.agent.cookie(org.origin, name)!.value }));
        sessions.set(person.login, cookies);
      }
      await profile.addCookies(cookies.map((cookie) => ({ ...cookie, url: org.origin })));
    },
    keep: (profile) => void kept.add(profile),
    forget: ({ login }) => void sessions.delete(login),
    forgive: () => void (problems.length = 0),
    async open(profile, path) {
      const page = await profile.newPage();
      await page.goto(origin + path);
      return page;
    },
  };
  return fixture;
}

function pathOf({ url = '/' }: IncomingMessage): string {
  return url.replace(/[?#].*$/s, '');
}
