import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { navigations, signedIn } from './support/session.js';
import { ada, EVERYTHING, site, type PageContent } from './support/site.js';

/** How often a page may leave for Okta by itself, at most, before it stops. */
const A_FEW = 3;

const guarded = `${EVERYTHING}<okta-guard unauthenticated="redirect"><p>More</p></okta-guard>`;

/** Waits until the page has come to rest with a message and a button, and counts how often it left. */
async function rests(page: Page, seen: string[]): Promise<{ left: number; message: string }> {
  const alert = page.locator('okta-callback').getByRole('alert');
  await alert.waitFor();
  await page.waitForTimeout(1000);
  const message = await alert.innerText();
  assert.equal(await page.locator('okta-callback').getByRole('button').isEnabled(), true);
  assert.equal(await page.locator('#secret').isVisible(), false);
  return { left: seen.filter((url) => url.endsWith('/v1/authorize')).length, message };
}

describe('a page that signs in by itself', () => {
  const shop = site();

  const open = async (path: string, content: PageContent = {}) => {
    shop.page('/', { body: guarded, ...content });
    shop.page('/guarded', { body: guarded, ...content });
    const profile = await shop.profile(ada);
    const page = await profile.newPage();
    return {
      profile,
      page,
      seen: navigations(page),
      start: () => page.goto(shop.origin + path, { waitUntil: 'commit' }),
    };
  };

  /** Has the provider come back with an error, whatever it is asked. */
  const refuse = (page: Page, error: string) =>
    page.route('**/v1/authorize?*', (route) => {
      const asked = new URL(route.request().url()).searchParams;
      const back = new URL(asked.get('redirect_uri')!);
      back.searchParams.set('error', error);
      back.searchParams.set('state', asked.get('state')!);
      return route.fulfill({ status: 302, headers: { location: back.href } });
    });

  for (const error of ['login_required', 'access_denied', 'whatever']) {
    it(`stops when Okta comes back with ${error}, and can be tried again`, async () => {
      const { page, seen, start } = await open('/guarded');
      await refuse(page, error);
      await start();
      const { left, message } = await rests(page, seen);
      assert.equal(left, 1);
      assert.match(message, /^Okta answered: .{10,}\.$/);
      await page.unroute('**/v1/authorize?*');
      await page.locator('okta-callback').getByRole('button').click();
      if (error === 'access_denied') await page.locator('input[name=identifier]').waitFor();
      else await signedIn(page, ada);
    });
  }

  it('stops when Okta comes back with login_required, however often the user reloads', async () => {
    const { page, seen, start } = await open('/guarded');
    await refuse(page, 'login_required');
    await start();
    for (let time = 0; time < 4; time++) {
      await rests(page, seen);
      await page.goto(`${shop.origin}/guarded`, { waitUntil: 'commit' });
    }
    const { left, message } = await rests(page, seen);
    assert.ok(left <= A_FEW, `it left ${left} times`);
    assert.match(message, /several times/);
  });

  for (const path of ['/', '/guarded']) {
    it(`stops when every sign-in succeeds and its tokens vanish, at ${path}`, async () => {
      const { profile, page, seen, start } = await open(path);
      await profile.addInitScript(() => localStorage.clear());
      // On the redirect URI’s own page the tokens are still there when it has come back.
      const vanish =
        path === '/'
          ? '<script>addEventListener("okta-signin-success", () => setTimeout(() => location.reload()))</script>'
          : '';
      shop.page(path, { body: guarded, head: vanish });
      await start();
      const { left, message } = await rests(page, seen);
      assert.ok(left >= 2 && left <= A_FEW, `it left ${left} times`);
      assert.match(message, /several times/);
    });
  }

  it('stops when its storage is memory, which the way back does not survive', async () => {
    const { page, seen, start } = await open('/guarded', { config: { storage: 'memory', renew: 'off' } });
    await start();
    const { left, message } = await rests(page, seen);
    assert.ok(left >= 2 && left <= A_FEW, `it left ${left} times`);
    assert.match(message, /storage setting/);
  });

  it('stops with several elements that start by themselves, too', async () => {
    const body = `${guarded}<okta-signin auto></okta-signin><okta-signin auto></okta-signin>`;
    const { profile, page, seen, start } = await open('/guarded', { body });
    await profile.addInitScript(() => localStorage.clear());
    await start();
    const { left, message } = await rests(page, seen);
    assert.ok(left <= A_FEW, `it left ${left} times`);
    assert.match(message, /several times/);
  });
});

describe('a page that signs in by itself and whose tokens expire at once', () => {
  const shop = site({ accessTokenSeconds: 1 });

  it('stops after a few times', async () => {
    const content = { body: guarded, config: { scopes: 'openid profile email', renew: 'off' } };
    shop.page('/', content);
    shop.page('/guarded', content);
    const profile = await shop.profile(ada);
    const page = await profile.newPage();
    const seen = navigations(page);
    await page.goto(`${shop.origin}/guarded`, { waitUntil: 'commit' });
    const { left, message } = await rests(page, seen);
    assert.ok(left >= 2 && left <= A_FEW, `it left ${left} times`);
    assert.match(message, /clock of this device/);
  });
});
