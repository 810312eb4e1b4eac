import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { closeContexts } from '../support/pages/close-contexts.js';
import { chromiumArguments, findBrowser } from '../support/runners/browsers.js';
import { ada, startSite, type Site } from './popup-site.js';
import { enterPassword, settled } from './stage.js';

// Renewal without a refresh token, on a page and as its author sees it.

let site: Site;
let browser: Browser;
let context: BrowserContext;
let page: Page;

before(async () => {
  site = await startSite();
  browser = await chromium.launch({ executablePath: findBrowser('chromium'), args: chromiumArguments });
});
after(async () => {
  await browser?.close();
  await site?.close();
});

beforeEach(async () => {
  site.config = { 'silent-timeout': '3000' };
  site.signin = { display: 'redirect' };
  site.more = '';
  site.headers = {};
  site.refused.clear();
  site.org.faults.clear();
  if (context) await closeContexts([context]);
  context = await browser.newContext();
  context.setDefaultTimeout(15_000);
  page = await context.newPage();
  page.on('pageerror', (error) => assert.fail(`the page threw: ${error.message}`));
  await page.goto(`${site.origin}/?box=7`);
  await page.locator('okta-signin').getByRole('button').click();
  await page.locator('input[name=identifier]').waitFor();
  await settled(page);
  await enterPassword(page, ada);
  await shown();
});

function shown(): Promise<void> {
  return page.locator('#secret', { hasText: ada.name }).waitFor();
}

interface PageClient {
  getAccessToken(): Promise<string>;
  fetch(url: string): Promise<Response>;
  signOut(options: object): Promise<void>;
  readonly state: { readonly status: string };
}

/** Loads the page again, and holds what Okta answers its hidden frame. @returns what lets the answer come */
async function reloadAsking(): Promise<() => void> {
  let answer: () => void = () => {};
  const held = new Promise<void>((resolve) => (answer = resolve));
  await page.route('**/v1/authorize?*', async (route) => {
    await held;
    await route.continue();
  });
  const asked = page.waitForRequest('**/v1/authorize?*');
  await page.reload();
  await asked;
  return answer;
}

/** Asks an API that does not take the present token any more. */
async function ask(): Promise<{ status: number; before: string; token: string }> {
  const before = await page.evaluate(() =>
    (document.querySelector('okta-config') as unknown as { client: PageClient }).client.getAccessToken(),
  );
  site.refused.add(before);
  return page.evaluate(async (old) => {
    const { client } = document.querySelector('okta-config') as unknown as { client: PageClient };
    const { status } = await client.fetch('/api');
    return { status, before: old, token: await client.getAccessToken() };
  }, before);
}

async function assertRenewed(): Promise<void> {
  await page.locator('#note').fill('two boxes');
  const history = await page.evaluate(() => window.history.length);
  const { status, before, token } = await ask();
  assert.equal(status, 200);
  assert.notEqual(token, before);
  await shown();
  assert.equal(page.url(), `${site.origin}/?box=7`);
  assert.equal(await page.evaluate(() => window.history.length), history, 'the back button is what it was');
  assert.equal(await page.locator('iframe').count(), 0);
  assert.equal(await page.locator('#note').inputValue(), 'two boxes');
  assert.equal(
    await page.evaluate(() => Object.keys(sessionStorage).filter((key) => /transaction/.test(key)).length),
    0,
  );
}

/** The API's answer is the caller's to see, and who is signed in still is. */
async function assertKept(): Promise<void> {
  const { status, before, token } = await ask();
  assert.equal(status, 401);
  assert.equal(token, before);
  await shown();
  assert.equal(await page.locator('iframe').count(), 0);
}

describe('a page with storage="memory"', () => {
  const statusOf = (at: Page) =>
    at.evaluate(() => (document.querySelector('okta-config') as unknown as { client: PageClient }).client.state.status);

  /** The session at Okta is there from before. @returns the address that it came back to */
  async function signInAgain(at: Page, config: Record<string, string> = {}): Promise<string> {
    site.config = { storage: 'memory', ...config };
    await at.goto(`${site.origin}/?box=7`);
    const back = at.context().waitForEvent('request', (request) => request.url().includes('code='));
    await at.locator('okta-signin').getByRole('button').click();
    const { url } = await back.then((request) => ({ url: request.url() }));
    await at.locator('#secret', { hasText: ada.name }).waitFor();
    return url;
  }

  it('knows who is signed in when it is opened by a link that was used', async () => {
    const used = await signInAgain(page);
    await page.goto(used);
    await shown();
    assert.equal(page.url(), `${site.origin}/callback?from=okta`);
  });

  it('knows who is signed in when it is the return to another client', async () => {
    await signInAgain(page);
    const { issuer } = site.org;
    site.more = `
      <okta-config name="club" issuer="${issuer}" client-id="club" redirect-uri="/callback?from=okta" storage="memory"></okta-config>
      <okta-signin config="club">Join</okta-signin>`;
    // The page that is returned to is where it began, and stays.
    await page.goto(`${site.origin}/callback?from=okta`);
    await shown();
    const back = page.waitForRequest((request) => request.url().includes('code='));
    await page.getByRole('button', { name: 'Join' }).click();
    await back;
    await page.waitForFunction(() =>
      Array.from(document.querySelectorAll('okta-config')).every(
        (element) => (element as unknown as { client: PageClient }).client.state.status === 'signed-in',
      ),
    );
    await shown();
  });

  it('is signed out, and asks for nothing, when its user was idle for too long before it', async () => {
    await signInAgain(page, { 'idle-timeout': '600' });
    /** Comes by way of a page that has no session, and after this many seconds without a sign of the user. */
    const comeAfter = async (seconds: number) => {
      await page.goto(`${site.origin}/api`);
      await page.evaluate(
        (last) => {
          localStorage.setItem(
            Object.keys(localStorage).find((name) => name.endsWith(':active'))!,
            String(last),
          );
        },
        Date.now() - seconds * 1000,
      );
      await page.goto(`${site.origin}/?box=7`);
    };
    await comeAfter(500);
    await shown();
    const last = await page.evaluate(() =>
      Number(localStorage.getItem(Object.keys(localStorage).find((name) => name.endsWith(':active'))!)),
    );
    assert.ok(Date.now() - last < 400_000, 'the load of a page is a sign of its user');
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await comeAfter(600);
    await page.locator('#public').waitFor();
    await page.waitForTimeout(500);
    assert.equal(await statusOf(page), 'signed-out');
    assert.ok(!asked.some((path) => path.endsWith('/v1/authorize')));
  });

  for (const [what, isKnown] of [
    ['late', true],
    ['late, and that the user is not known', false],
  ] as const) {
    it(`belongs to who signs in while it asks, when Okta answers ${what}`, async () => {
      site.signin = { display: 'popup' };
      await signInAgain(page, { 'silent-timeout': '15000' });
      const answer = await reloadAsking();
      await page.locator('okta-signin').getByRole('button').click();
      await shown();
      const tokenOf = () =>
        page.evaluate(() =>
          (document.querySelector('okta-config') as unknown as { client: PageClient }).client.getAccessToken(),
        );
      const token = await tokenOf();
      if (!isKnown) await context.clearCookies();
      const revoked = isKnown ? page.waitForRequest(/\/v1\/revoke$/) : undefined;
      answer();
      await page.locator('iframe').waitFor({ state: 'detached' });
      const late = await revoked;
      await page.waitForTimeout(500);
      assert.equal(await statusOf(page), 'signed-in');
      assert.equal(await tokenOf(), token);
      assert.ok(!late?.postData()?.includes(token));
    });
  }

  it('stays signed out when another tab signs out while it asks who is signed in', async () => {
    await signInAgain(page);
    const other = await context.newPage();
    await signInAgain(other);
    const answer = await reloadAsking();
    assert.equal(await statusOf(page), 'pending');
    await other.evaluate(() =>
      (document.querySelector('okta-config') as unknown as { client: PageClient }).client.signOut({ scope: 'local' }),
    );
    await page.locator('#public').waitFor();
    const exchanged = page.waitForResponse((response) => response.url().endsWith('/v1/token'));
    answer();
    await exchanged;
    await page.waitForTimeout(500);
    assert.equal(await statusOf(page), 'signed-out');
    assert.equal(await page.locator('#secret').isVisible(), false);
  });
});

describe('tokens without a refresh token', () => {
  it('are renewed in a hidden frame, and the page stays as it is', async () => {
    await assertRenewed();
  });

  it('are renewed through the redirect URI’s page where the provider cannot post', async () => {
    const wellKnown = await fetch(`${site.org.issuer}/.well-known/openid-configuration`);
    const document = (await wellKnown.json()) as Record<string, unknown>;
    site.org.faults.set('discovery', { body: JSON.stringify({ ...document, response_modes_supported: ['query'] }) });
    await page.reload();
    await shown();
    const loaded: string[] = [];
    page.on('framenavigated', (frame) => loaded.push(new URL(frame.url()).pathname));
    await assertRenewed();
    assert.ok(loaded.includes('/callback'), `the frame showed ${loaded.join(', ')}`);
  });

  it('are kept while they are good, though the session at Okta is over', async () => {
    await context.clearCookies();
    await assertKept();
  });

  it('are kept where the page’s own policy forbids the frame', async () => {
    site.headers = { 'Content-Security-Policy': "frame-src 'none'" };
    await page.reload();
    await shown();
    await assertKept();
  });

  it('are kept while Okta does not answer', async () => {
    site.org.faults.set('authorize', { hang: true });
    await assertKept();
  });
});
