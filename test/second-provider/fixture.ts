import assert from 'node:assert/strict';
import { after, afterEach, before } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, BrowserContextOptions, Page, Request } from 'playwright-core';
import type { Person } from './administration.js';
import { startApi, type Api } from './api.js';
import { startGlewlwyd, type Glewlwyd } from './glewlwyd.js';
import { startSite, type Site } from './site.js';
import { openBrowser } from '../support/pages/browser.js';
import { closeContexts } from '../support/pages/close-contexts.js';

/** She has granted the pages what they ask for. */
export const ada: Person = {
  username: 'ada',
  password: 'ada-counts-well',
  name: 'Ada Countess',
  email: 'ada@example.org',
};
/** He has granted nothing yet. */
export const bob: Person = { username: 'bob', password: 'bob-builds-it', name: 'Bob Mason', email: 'bob@example.org' };

/** Nobody lets her use anything. */
export const eve: Person = { username: 'eve', password: 'eve-listens-in', name: 'Eve Nosy', email: 'eve@example.org' };

/** Copies of the same pages, each with other settings. */
export const home = {
  usual: '/',
  hurried: '/hurried/',
  stranger: '/stranger/',
  bound: '/bound/',
  lost: '/lost/',
} as const;
const clientId = 'notes-page';
const scopes = ['openid', 'notes'];

export interface ProviderFixture {
  readonly glewlwyd: Glewlwyd;
  readonly site: Site;
  readonly api: Api;
  readonly issuer: string;
  /** Issuer whose access tokens last six seconds. */
  readonly hurriedIssuer: string;
  /** A page of a browser nobody has used yet. Whatever goes wrong in it fails the test that uses it. */
  visit(path: string): Promise<Page>;
  /** The same, of a browser in which Ada signed in a moment ago, with its cookies and its storage. */
  visitAsAda(path: string): Promise<Page>;
  /** Another tab of the same browser. */
  another(page: Page, path: string): Promise<Page>;
}

/** Sets the stage before the tests of a `describe`, and clears it after them. */
export function providerFixture(): ProviderFixture {
  let glewlwyd: Glewlwyd;
  let api: Api;
  let site: Site;
  let browser: Browser;
  let issuer: string;
  let hurriedIssuer: string;
  let signedIn: Promise<BrowserContextOptions['storageState']> | undefined;

  before(async () => {
    glewlwyd = await startGlewlwyd();
    const { administration } = glewlwyd;
    issuer = await administration.addProvider('oidc', { accessTokenDuration: 3600 });
    hurriedIssuer = await administration.addProvider('hurried', { accessTokenDuration: 6 });
    api = await startApi(`${issuer}/userinfo`);
    const copies = {
      [home.usual]: { issuer, clientId },
      [home.hurried]: { issuer: hurriedIssuer, clientId },
      [home.stranger]: { issuer, clientId: 'nobody-knows-me' },
      [home.bound]: { issuer: hurriedIssuer, clientId, dpop: true },
      [home.lost]: { issuer: `${glewlwyd.origin}/api/nowhere`, clientId },
    };
    site = await startSite(copies, api.origin);
    const addresses = Object.keys(copies).map((path) => site.origin + path);
    await administration.allowClientProperty('post_logout_redirect_uris');
    await administration.addScope('notes');
    await administration.addPage(clientId, addresses, addresses);
    for (const person of [ada, bob]) await administration.addPerson(person, scopes);
    await administration.addPerson(eve, []);
    await administration.grant(ada, clientId, scopes);
    browser = await openBrowser();
  });
  afterEach(() => closeContexts(browser.contexts()));
  after(async () => {
    await browser?.close();
    await site?.close();
    await api?.close();
    glewlwyd?.close();
  });

  async function visit(path: string, storageState?: BrowserContextOptions['storageState']): Promise<Page> {
    return open(await (await browser.newContext({ storageState })).newPage(), path);
  }

  async function signInOnce(): Promise<BrowserContextOptions['storageState']> {
    const page = await visit('/');
    await signIn(page, ada);
    return page.context().storageState();
  }

  async function open(page: Page, path: string): Promise<Page> {
    page.setDefaultTimeout(20_000);
    page.on('pageerror', (error) => {
      if (page.url().startsWith(site.origin)) assert.fail(`the page threw: ${error.message}`);
    });
    page.on('console', (message) => {
      assert.ok(!/Content Security Policy/.test(message.text()), `the page broke its own policy: ${message.text()}`);
    });
    await page.goto(site.origin + path);
    return page;
  }

  return {
    get glewlwyd() {
      return glewlwyd;
    },
    get api() {
      return api;
    },
    get site() {
      return site;
    },
    get issuer() {
      return issuer;
    },
    get hurriedIssuer() {
      return hurriedIssuer;
    },
    visit: (path) => visit(path),
    visitAsAda: async (path) => visit(path, await (signedIn ??= signInOnce())),
    another: async (page, path) => open(await page.context().newPage(), path),
  };
}

/** Starts a sign-in from the page, to Glewlwyd's own. */
export async function leave(page: Page): Promise<void> {
  await page.locator('okta-signin').getByRole('button').click();
}

/** Name and password, on Glewlwyd's page. */
export async function enterPassword(page: Page, { username, password }: Person): Promise<void> {
  await page.locator('#username').fill(username);
  await page.locator('#password').fill(password);
  await page.locator('#loginbut').click();
}

/** Glewlwyd asks before it lets anybody go on to an application. */
export async function goOn(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Continue' }).click();
}

/** The whole way there and back, for somebody who has granted all there is. */
export async function signIn(page: Page, person: Person): Promise<void> {
  await leave(page);
  await enterPassword(page, person);
  await goOn(page);
  await page.locator('okta-guard[state=allowed]').first().waitFor();
}

/** What the browser keeps of a session of ours: none is what a sign-in that failed leaves. */
export function storedTokens(page: Page): Promise<number> {
  return page.evaluate(
    () => Object.values({ ...localStorage }).filter((value) => /tokenType/.test(String(value))).length,
  );
}

/** The requests that reach an origin from now on, in whatever tab of the browser. */
export function requestsTo(origin: string, page: Page): Request[] {
  const requests: Request[] = [];
  page.context().on('request', (request) => {
    if (request.url().startsWith(origin)) requests.push(request);
  });
  return requests;
}

/** Waits for what no page can be asked about. */
export async function until(condition: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 30_000; !condition(); await delay(50)) {
    if (Date.now() > deadline) throw new Error(`it did not come about within 30 s: ${condition.toString()}`);
  }
}
