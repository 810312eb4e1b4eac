import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { after, afterEach, before, beforeEach } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { createOrg, type Org } from '../../../src/org/index.js';
import { openBrowser } from '../../support/pages/browser.js';
import { closeContexts } from '../../support/pages/close-contexts.js';
import { startApp, type App } from './app.js';
import type { Outcome, Settings, TestPage } from './entry.js';
import { reusedTab } from './reused-tab.js';

declare const testPage: TestPage;

export const WIDGET = '#okta-elements-widget';
export const PASSWORD = 'correct horse';

export const verifier = randomBytes(32).toString('base64url');

const VIEWPORT = { width: 1000, height: 900 };

/** An org, an application of another origin and a browser, with a page for each test. */
export interface MountFixture {
  readonly org: Org;
  readonly app: App;
  readonly page: Page;
  /** Hosts that the page asked for something, with port. */
  readonly hosts: Set<string>;
  transaction(): Settings['transaction'];
  open(address?: string): Promise<void>;
  /** Opens it in a profile of its own, whose clock the test can put on. */
  openWithClock(): Promise<void>;
  /** Starts the widget without waiting for it. */
  begin(settings?: Partial<Settings>): Promise<void>;
  /** Starts the widget and waits for its first form. */
  show(settings?: Partial<Settings>): Promise<void>;
  signIn(password: string): Promise<void>;
  /** What `mountWidget` came to. */
  outcome(): Promise<Outcome>;
  /** Aborts, and says what `mountWidget` came to. */
  remove(): Promise<Outcome>;
  /** What the widget said since the last time. */
  heard(): Promise<string[]>;
}

/** Starts them before the tests of a `describe`, and ends them after it. */
export function mountFixture(): MountFixture {
  let org: Org;
  let app: App;
  let browser: Browser;
  let page: Page;
  let hosts: Set<string>;
  const problems: string[] = [];

  before(async () => {
    app = await startApp('http://localhost:*');
    org = await createOrg({
      seed: {
        users: [{ login: 'ada@example.com', firstName: 'Ada', lastName: 'Lovelace', password: PASSWORD }],
        clients: [{ id: 'shop', label: 'Shop', redirectUris: [`${app.origin}/`] }],
        trustedOrigins: [app.origin],
      },
    });
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await org?.close();
    await app?.close();
  });
  const tab = reusedTab({
    async open() {
      const profile = await browser.newContext();
      profile.on('weberror', (error) => problems.push(String(error.error())));
      return profile;
    },
    // Nothing here closes profiles but the browser itself.
    keep: () => {},
    blank: () => `${app.origin}/blank`,
  });
  const take = async (fresh = false) => {
    page = await tab(fresh);
    if (fresh) await page.clock.install();
    await page.setViewportSize(VIEWPORT);
    hosts = new Set();
    page.on('request', (request) => {
      const { protocol, host } = new URL(request.url());
      if (protocol !== 'data:') hosts.add(host);
    });
  };
  let first: BrowserContext;
  beforeEach(async () => {
    await take();
    first = page.context();
  });
  afterEach(async () => {
    if (page.context() !== first) await closeContexts([page.context()]);
    org.faults.clear();
    app.missing.clear();
    assert.deepEqual(problems.splice(0), []);
  });

  const at: MountFixture = {
    get org() {
      return org;
    },
    get app() {
      return app;
    },
    get page() {
      return page;
    },
    get hosts() {
      return hosts;
    },
    transaction: () => ({
      issuer: org.issuer,
      clientId: 'shop',
      redirectUri: `${app.origin}/`,
      scopes: ['openid', 'profile', 'email'],
      state: 'state-of-the-session',
      nonce: 'nonce-of-the-session',
      codeChallenge: createHash('sha256').update(verifier).digest('base64url'),
      codeChallengeMethod: 'S256',
    }),
    async open(address = app.page()) {
      await page.goto(address);
      await page.waitForFunction(() => 'testPage' in globalThis);
    },
    async openWithClock() {
      await take(true);
      await at.open();
    },
    begin(settings = {}) {
      const { widgetOptions, ...others } = settings;
      return page.evaluate((given) => testPage.show(given), {
        transaction: at.transaction(),
        ...others,
        widgetOptions: { assets: { baseUrl: `${app.origin}/widget` }, ...widgetOptions },
      });
    },
    async show(settings) {
      await at.begin(settings);
      await page.locator(`${WIDGET} [name=identifier]`).waitFor();
      await page.evaluate(() => document.fonts.ready);
    },
    async signIn(password) {
      const fields = [
        [page.locator(`${WIDGET} [name=identifier]`), 'ada@example.com'],
        [page.locator(`${WIDGET} [name="credentials.passcode"]`), password],
      ] as const;
      const isTyped = () => Promise.all(fields.map(async ([field, text]) => (await field.inputValue()) === text));
      // The widget renders a form anew that has an error.
      for (let attempt = 0; attempt < 5 && (await isTyped()).includes(false); attempt += 1) {
        for (const [field, text] of fields) await field.fill(text);
      }
      const sent = page.waitForRequest(/\/idp\/idx\/identify/).then(() => true);
      // The widget ignores a click within 200 ms of the last one.
      do await page.click(`${WIDGET} [type=submit]`);
      while (!(await Promise.race([sent, setTimeout(250, false)])));
    },
    outcome: () => page.evaluate(() => testPage.outcome()),
    remove: () => page.evaluate(() => testPage.remove()),
    heard: () => page.evaluate(() => testPage.heard()),
  };
  return at;
}
