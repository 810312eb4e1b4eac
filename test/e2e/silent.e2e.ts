import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { openBrowser } from '../support/pages/browser.js';
import { closeContexts } from '../support/pages/close-contexts.js';
import { ada, startSite, type Site } from './popup-site.js';
import { startOktaSession } from './support/okta-session.js';

interface PageClient {
  getAccessToken(): Promise<string>;
  fetch(url: string): Promise<Response>;
  signOut(options: object): Promise<void>;
  readonly state: { readonly status: string };
}

describe('a session without a refresh token', () => {
  let site: Site;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;

  before(async () => {
    site = await startSite();
    browser = await openBrowser();
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
    context = await browser.newContext();
    context.setDefaultTimeout(15_000);
    await startOktaSession(context, site.org, ada);
    page = await context.newPage();
    page.on('pageerror', (error) => assert.fail(`the page threw: ${error.message}`));
  });
  afterEach(() => closeContexts([context]));

  /** Opens the page and signs in. The user has a session at Okta already. */
  async function signIn(): Promise<void> {
    await page.goto(`${site.origin}/?box=7`);
    await page.locator('okta-signin').getByRole('button').click();
    await shown();
  }

  /** Waits for the guarded content. */
  function shown(): Promise<void> {
    return page.locator('#secret', { hasText: ada.name }).waitFor();
  }

  /** Waits until the page had time to act on the last answer: a round trip to its server, then a frame. */
  async function rested(): Promise<void> {
    await page.evaluate(async () => {
      await fetch('/api');
      await new Promise(requestAnimationFrame);
    });
  }

  /** Reloads the page, and holds the request of its hidden frame. @returns what lets the request go on */
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

  /** Requests an API that rejects the present access token. */
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

  /** The caller gets the answer of the API, and the user stays signed in. */
  async function assertKept(): Promise<void> {
    const { status, before, token } = await ask();
    assert.equal(status, 401);
    assert.equal(token, before);
    await shown();
    assert.equal(await page.locator('iframe').count(), 0);
  }

  describe('with storage="memory"', () => {
    const statusOf = (at: Page) =>
      at.evaluate(
        () => (document.querySelector('okta-config') as unknown as { client: PageClient }).client.state.status,
      );

    /** Signs in with these settings. @returns the address of the redirect callback */
    async function signInWith(at: Page, config: Record<string, string> = {}): Promise<string> {
      site.config = { storage: 'memory', ...config };
      await at.goto(`${site.origin}/?box=7`);
      const back = at.context().waitForEvent('request', (request) => request.url().includes('code='));
      await at.locator('okta-signin').getByRole('button').click();
      const { url } = await back.then((request) => ({ url: request.url() }));
      await at.locator('#secret', { hasText: ada.name }).waitFor();
      return url;
    }

    it('is found when the page is opened by a used callback link', async () => {
      const used = await signInWith(page);
      await page.goto(used);
      await shown();
      assert.equal(page.url(), `${site.origin}/callback?from=okta`);
    });

    it('is found on the callback page of another client', async () => {
      await signInWith(page);
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
          (element) => (element as unknown as { client?: PageClient }).client?.state.status === 'signed-in',
        ),
      );
      await shown();
    });

    it('is not looked for when the user was idle for longer than idle-timeout', async () => {
      await signInWith(page, { 'idle-timeout': '600' });
      /** Opens the page this many seconds after the last activity of the user. */
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
      assert.ok(Date.now() - last < 400_000, 'a page load counts as activity');
      const asked: string[] = [];
      page.on('request', (request) => asked.push(new URL(request.url()).pathname));
      await comeAfter(600);
      await page.locator('#public').waitFor();
      await page.waitForLoadState('networkidle');
      assert.equal(await statusOf(page), 'signed-out');
      assert.ok(!asked.some((path) => path.endsWith('/v1/authorize')));
    });

    for (const [what, isKnown] of [
      ['late', true],
      ['late with login_required', false],
    ] as const) {
      it(`is the one of the sign-in that ends first, when Okta answers ${what}`, async () => {
        site.signin = { display: 'popup' };
        await signInWith(page, { 'silent-timeout': '15000' });
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
        await rested();
        assert.equal(await statusOf(page), 'signed-in');
        assert.equal(await tokenOf(), token);
        assert.ok(!late?.postData()?.includes(token));
      });
    }

    it('stays signed out when another tab signs out meanwhile', async () => {
      await signInWith(page);
      const other = await context.newPage();
      await signInWith(other);
      const answer = await reloadAsking();
      assert.equal(await statusOf(page), 'pending');
      await other.evaluate(() =>
        (document.querySelector('okta-config') as unknown as { client: PageClient }).client.signOut({ scope: 'local' }),
      );
      await page.locator('#public').waitFor();
      const exchanged = page.waitForResponse((response) => response.url().endsWith('/v1/token'));
      answer();
      await exchanged;
      await page.locator('iframe').waitFor({ state: 'detached' });
      await rested();
      assert.equal(await statusOf(page), 'signed-out');
      assert.equal(await page.locator('#secret').isVisible(), false);
    });
  });

  describe('whose access token the API rejects', () => {
    beforeEach(signIn);

    it('renews the tokens in a hidden frame, and the page stays', async () => {
      await assertRenewed();
    });

    it('renews them on the redirect URI when the provider has no web_message', async () => {
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

    it('keeps them when the session at Okta has ended', async () => {
      await context.clearCookies();
      await assertKept();
    });

    it('keeps them when the Content Security Policy of the page forbids the frame', async () => {
      site.headers = { 'Content-Security-Policy': "frame-src 'none'" };
      await page.reload();
      await shown();
      await assertKept();
    });

    it('keeps them when Okta does not answer', async () => {
      site.org.faults.set('authorize', { hang: true });
      await assertKept();
    });
  });
});
