import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { after, afterEach, before, beforeEach } from 'node:test';
import { chromium, type Browser, type Page } from 'playwright-core';
import { createOrg, type Org } from '../../../src/org/index.js';
import { chromiumArguments, ensureBrowser } from '../../support/runners/browsers.js';
import { startApp, type App } from './app.js';
import type { Outcome, Settings, TestPage } from './entry.js';

/* Starts an org, an application of another origin and a browser for the tests of one file, and a page for each test. */

declare const testPage: TestPage;

export const WIDGET = '#okta-elements-widget';
export const PASSWORD = 'correct horse';

export let org: Org;
export let app: App;
export let page: Page;
/** Hosts that were asked for something by the page, with port. */
export let hosts: Set<string>;

let browser: Browser;
let problems: string[];

before(async () => {
  app = await startApp('http://localhost:*');
  org = await createOrg({
    seed: {
      users: [{ login: 'ada@example.com', firstName: 'Ada', lastName: 'Lovelace', password: PASSWORD }],
      clients: [{ id: 'shop', label: 'Shop', redirectUris: [`${app.origin}/`] }],
      trustedOrigins: [app.origin],
    },
  });
  browser = await chromium.launch({ executablePath: await ensureBrowser('chromium'), args: chromiumArguments });
});
after(async () => {
  await browser.close();
  await org.close();
  await app.close();
});

beforeEach(async () => {
  page = await browser.newPage({ viewport: { width: 1000, height: 900 } });
  hosts = new Set();
  problems = [];
  page.on('request', (request) => {
    const { protocol, host } = new URL(request.url());
    if (protocol !== 'data:') hosts.add(host);
  });
  page.on('pageerror', (error) => problems.push(String(error)));
});
afterEach(async () => {
  org.faults.clear();
  app.missing.clear();
  await page.close();
  assert.deepEqual(problems, []);
});

export const verifier = randomBytes(32).toString('base64url');

export const transaction = (): Settings['transaction'] => ({
  issuer: org.issuer,
  clientId: 'shop',
  redirectUri: `${app.origin}/`,
  scopes: ['openid', 'profile', 'email'],
  state: 'state-of-the-session',
  nonce: 'nonce-of-the-session',
  codeChallenge: createHash('sha256').update(verifier).digest('base64url'),
  codeChallengeMethod: 'S256',
});

export async function open(address = app.page()): Promise<void> {
  await page.goto(address);
  await page.waitForFunction(() => 'testPage' in globalThis);
}

/** Starts the widget without waiting for it. */
export function begin(settings: Partial<Settings> = {}): Promise<void> {
  const { widgetOptions, ...others } = settings;
  return page.evaluate((given) => testPage.show(given), {
    transaction: transaction(),
    ...others,
    widgetOptions: { assets: { baseUrl: `${app.origin}/widget` }, ...widgetOptions },
  });
}

/** Starts the widget and waits for its first form. */
export async function show(settings: Partial<Settings> = {}): Promise<void> {
  await begin(settings);
  await page.locator(`${WIDGET} [name=identifier]`).waitFor();
  await page.evaluate(() => document.fonts.ready);
}

export async function signIn(password: string): Promise<void> {
  await page.fill(`${WIDGET} [name=identifier]`, 'ada@example.com');
  await page.fill(`${WIDGET} [name="credentials.passcode"]`, password);
  await page.click(`${WIDGET} [type=submit]`);
}

/** What `mountWidget` came to. */
export const outcome = (): Promise<Outcome> => page.evaluate(() => testPage.outcome());
/** Aborts, and says what `mountWidget` came to. */
export const remove = (): Promise<Outcome> => page.evaluate(() => testPage.remove());
/** What the widget said since the last time. */
export const heard = (): Promise<string[]> => page.evaluate(() => testPage.heard());
