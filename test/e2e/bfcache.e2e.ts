import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { goBackToCached, goBackToNothing, leave, watchShowings, withCache } from './support/back-forward-cache.js';
import { signedIn, signedOut, signIn } from './support/session.js';
import { ada, grace, site, type PageContent, type Person } from './support/site.js';

/** Gives what is guarded a colour that nothing else has. */
const coloured = '<style>#secret, #stamped { background: rgb(255, 0, 255); height: 200px }</style>';

describe('a page that the browser keeps while the user is elsewhere', () => {
  const shop = site({ launch: withCache });

  const open = async (person?: Person, content?: PageContent) => {
    shop.page('/', { head: coloured, ...content });
    shop.file('/elsewhere', 'text/html', '<!doctype html><title>elsewhere</title>');
    const profile = await shop.profile(person);
    await watchShowings(profile);
    return { profile, page: await shop.open(profile, '/') };
  };
  const away = (page: Page) => leave(page, `${shop.origin}/elsewhere`);
  const signOut = (page: Page) =>
    page.evaluate(() => document.querySelector('okta-config')!.client!.signOut({ scope: 'local' }));

  const settings: Record<string, Record<string, string>> = {
    'storage="local"': {},
    'storage="memory"': { storage: 'memory' },
    'idle-timeout="600"': { 'idle-timeout': '600' },
  };
  for (const [setting, config] of Object.entries(settings)) {
    it(`is kept by the browser, signed out and signed in, with ${setting}`, async () => {
      const { page } = await open(ada, { config });
      await signedOut(page);
      await away(page);
      await goBackToCached(page);
      await signedOut(page);
      await signIn(page, ada);
      await away(page);
      await goBackToCached(page);
      await signedIn(page, ada);
      const token = await page.evaluate(() => document.querySelector('okta-config')!.client!.getAccessToken());
      assert.equal(typeof token, 'string');
    });
  }

  it('shows nothing guarded when the user signed out in another tab', async () => {
    const { profile, page } = await open(ada);
    await signIn(page, ada);
    await away(page);
    const other = await shop.open(profile, '/');
    await signOut(other);
    await page.bringToFront();
    await goBackToNothing(page, 'signed-out');
    await signedOut(page);
  });

  it('shows nothing guarded when the user signed out on the next page of the same tab', async () => {
    const { page } = await open(ada);
    shop.page('/next', {});
    await signIn(page, ada);
    await leave(page, `${shop.origin}/next`);
    await page.locator('okta-signout').getByRole('button').click();
    await signedOut(page);
    await goBackToNothing(page, 'signed-out');
    await signedOut(page);
  });

  it('shows what is guarded when the user signed in in another tab', async () => {
    const { profile, page } = await open(ada);
    await signedOut(page);
    await away(page);
    const other = await shop.open(profile, '/');
    await signIn(other, ada);
    await page.bringToFront();
    await goBackToCached(page);
    await signedIn(page, ada);
  });

  it('is for who is signed in now', async () => {
    const { profile, page } = await open(ada);
    await signIn(page, ada);
    await away(page);
    const other = await shop.open(profile, '/');
    await signOut(other);
    await shop.atOkta(profile, grace);
    await signIn(other, grace);
    await page.bringToFront();
    await goBackToCached(page);
    await signedIn(page, grace);
    assert.equal(await page.getByText(ada.name).count(), 0);
  });

  it('has a button that works, when the user comes back from Okta’s sign-in page', async () => {
    const { profile, page } = await open();
    const button = page.locator('okta-signin').getByRole('button');
    for (let time = 0; time < 2; time++) {
      await button.click();
      await page.waitForURL(`${shop.org.origin}/**`);
      await goBackToCached(page);
      await signedOut(page);
      assert.equal(await button.isEnabled(), true);
      assert.equal(await page.locator('okta-signin').getAttribute('state'), 'idle');
    }
    await shop.atOkta(profile, ada);
    await signIn(page, ada);
  });
});

describe('a page that the browser keeps while its tokens expire', () => {
  const shop = site({ launch: withCache, accessTokenSeconds: 5 });

  for (const [what, renew] of [
    ['are not renewed', 'off'],
    ['are renewed', 'auto'],
  ] as const) {
    it(`shows nothing guarded before it knows better, when they ${what}`, async () => {
      shop.page('/', { head: coloured, config: { scopes: 'openid profile email offline_access', renew } });
      shop.file('/elsewhere', 'text/html', '<!doctype html><title>elsewhere</title>');
      const profile = await shop.profile(ada);
      await watchShowings(profile);
      const page = await shop.open(profile, '/');
      await signIn(page, ada);
      await leave(page, `${shop.origin}/elsewhere`);
      await page.waitForTimeout(6000);
      if (what === 'are renewed') shop.org.faults.set('token', { delayMs: 3000, times: 1 });
      await goBackToNothing(page, what === 'are renewed' ? 'pending' : 'signed-out');
      if (what === 'are renewed') await signedIn(page, ada);
      else await signedOut(page);
    });
  }
});
