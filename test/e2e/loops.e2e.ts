import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { navigations, signedIn } from './support/session.js';
import { ada, EVERYTHING, pageFixture, type PageContent } from './support/page-fixture.js';

/** How often a page may leave for Okta by itself before it stops. */
const A_FEW = 3;

const guarded = `${EVERYTHING}<okta-guard unauthenticated="redirect"><p>More</p></okta-guard>`;

/** Waits until the page rests with a message and a button, and counts how often it left for Okta. */
async function rests(page: Page, seen: string[]): Promise<{ left: number; message: string }> {
  const alert = page.getByRole('alert');
  await alert.waitFor();
  await assertStays(page);
  const message = await alert.innerText();
  assert.equal(await page.locator('okta-callback').getByRole('button').isEnabled(), true);
  assert.equal(await page.locator('#secret').isVisible(), false);
  return { left: seen.filter((url) => url.endsWith('/v1/authorize')).length, message };
}

/**
 * Asserts that the page does not leave. To leave, it reads discovery, hashes a verifier and navigates. Once the page has
 * done the same steps and painted twice, a sign-in that began before them would have left.
 */
async function assertStays(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const { client } = document.querySelector('okta-config')!;
    await client!.ready;
    const discovery = await fetch(`${client!.config.issuer}/.well-known/openid-configuration`, { cache: 'reload' });
    await crypto.subtle.digest('SHA-256', await discovery.arrayBuffer());
    for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
  });
}

describe('a page that signs in by itself', () => {
  const fixture = pageFixture();

  const open = async (path: string, content: PageContent = {}) => {
    fixture.page('/', { body: guarded, ...content });
    fixture.page('/guarded', { body: guarded, ...content });
    const profile = await fixture.profile(ada);
    const page = await profile.newPage();
    return {
      profile,
      page,
      seen: navigations(page),
      start: () => page.goto(fixture.origin + path, { waitUntil: 'commit' }),
    };
  };

  /** Makes Okta answer every authorization request with an error. */
  const refuse = (page: Page, error: string) =>
    page.route('**/v1/authorize?*', (route) => {
      const asked = new URL(route.request().url()).searchParams;
      const back = new URL(asked.get('redirect_uri')!);
      back.searchParams.set('error', error);
      back.searchParams.set('state', asked.get('state')!);
      return route.fulfill({ status: 302, headers: { location: back.href } });
    });

  for (const error of ['login_required', 'access_denied']) {
    it(`stops when Okta responds with ${error}, and the user can retry`, async () => {
      const { page, seen, start } = await open('/guarded');
      await refuse(page, error);
      await start();
      const { left, message } = await rests(page, seen);
      assert.equal(left, 1);
      assert.match(message, error === 'access_denied' ? /^You don’t have access/ : /^Your session has ended/);
      await page.unroute('**/v1/authorize?*');
      await page.locator('okta-callback').getByRole('button').click();
      if (error === 'access_denied') await page.locator('input[name=identifier]').waitFor();
      else await signedIn(page, ada);
    });
  }

  it('stops when Okta responds with login_required, even if the user reloads several times', async () => {
    const { page, seen, start } = await open('/guarded');
    await refuse(page, 'login_required');
    await start();
    for (let time = 0; time < 4; time++) {
      await rests(page, seen);
      await page.goto(`${fixture.origin}/guarded`, { waitUntil: 'commit' });
    }
    const { left, message } = await rests(page, seen);
    assert.ok(left <= A_FEW, `it left ${left} times`);
    assert.match(message, /^Signing in didn’t work/);
  });

  for (const path of ['/', '/guarded']) {
    it(`stops when the tokens of every sign-in are lost, at ${path}`, async () => {
      const { profile, page, seen, start } = await open(path);
      await profile.addInitScript(() => localStorage.clear());
      // The page of the redirect URI still has the tokens after the callback, so it must load once more.
      const vanish =
        path === '/'
          ? '<script>addEventListener("okta-signin-success", () => setTimeout(() => location.reload()))</script>'
          : '';
      fixture.page(path, { body: guarded, head: vanish });
      await start();
      const { left, message } = await rests(page, seen);
      assert.ok(left >= 2 && left <= A_FEW, `it left ${left} times`);
      assert.match(message, /^Signing in didn’t work/);
    });
  }

  it('stops when the tokens are in memory and the navigation after the callback loses them', async () => {
    const { page, seen, start } = await open('/guarded', { config: { storage: 'memory', renew: 'off' } });
    await start();
    const { left, message } = await rests(page, seen);
    assert.ok(left >= 2 && left <= A_FEW, `it left ${left} times`);
    assert.match(message, /^Signing in didn’t work/);
  });

  it('stops when several elements start a sign-in', async () => {
    const body = `${guarded}<okta-signin auto></okta-signin><okta-signin auto></okta-signin>`;
    const { profile, page, seen, start } = await open('/guarded', { body });
    await profile.addInitScript(() => localStorage.clear());
    await start();
    const { left, message } = await rests(page, seen);
    assert.ok(left <= A_FEW, `it left ${left} times`);
    assert.match(message, /^Signing in didn’t work/);
  });

  it('stops when the tokens expire at once', async () => {
    const content = { config: { scopes: 'openid profile email', renew: 'off' } };
    const { page, seen, start } = await open('/guarded', content);
    await page.route('**/v1/token', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...((await response.json()) as object), expires_in: 1 } });
    });
    await start();
    const { left, message } = await rests(page, seen);
    assert.ok(left >= 2 && left <= A_FEW, `it left ${left} times`);
    assert.match(message, /date and time of your device/);
  });
});
