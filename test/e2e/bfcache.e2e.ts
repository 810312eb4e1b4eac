import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import {
  goBackToCached,
  goBackToNothing,
  holdRequests,
  leave,
  letTimePass,
  watchShowings,
  withCache,
} from './support/back-forward-cache.js';
import { signedIn, signedOut, signIn } from './support/session.js';
import { ada, grace, pageFixture, type PageContent, type Person } from './support/page-fixture.js';

/** Gives guarded content a colour that nothing else has. */
const coloured = '<style>#secret, #stamped { background: rgb(255, 0, 255); height: 200px }</style>';

/** Seconds. Longer than any test takes, and short enough for the clock skew that tokens are accepted with. */
const LIFETIME = 150;

describe('a page in the back/forward cache', () => {
  const fixture = pageFixture({ launch: withCache, accessTokenSeconds: LIFETIME });

  const open = async (person?: Person, content?: PageContent) => {
    fixture.page('/', { head: coloured, ...content });
    fixture.file('/elsewhere', 'text/html', '<!doctype html><title>elsewhere</title>');
    const profile = await fixture.profile(person);
    await watchShowings(profile);
    return { profile, page: await fixture.open(profile, '/') };
  };
  const away = (page: Page) => leave(page, `${fixture.origin}/elsewhere`);
  const signOut = (page: Page) =>
    page.evaluate(() => document.querySelector('okta-config')!.client!.signOut({ scope: 'local' }));

  for (const [setting, config] of [
    ['storage="memory"', { storage: 'memory' }],
    ['idle-timeout="600"', { 'idle-timeout': '600' }],
  ] as const) {
    it(`keeps its session with ${setting}`, async () => {
      const { page } = await open(ada, { config });
      await signIn(page, ada);
      await away(page);
      await goBackToCached(page);
      await signedIn(page, ada);
      const token = await page.evaluate(() => document.querySelector('okta-config')!.client!.getAccessToken());
      assert.equal(typeof token, 'string');
    });
  }

  for (const [setting, config] of [
    ['the default settings', {}],
    ['idle-timeout="600"', { 'idle-timeout': '600' }],
  ] as const) {
    it(`shows nothing guarded when the user signed out in another tab, with ${setting}`, async () => {
      const { profile, page } = await open(ada, { config });
      await signIn(page, ada);
      await away(page);
      const other = await fixture.open(profile, '/');
      await signOut(other);
      await page.bringToFront();
      await goBackToNothing(page, 'signed-out');
      await signedOut(page);
    });
  }

  it('shows nothing guarded when the user signed out on the next page of the same tab', async () => {
    const { page } = await open(ada);
    fixture.page('/next', {});
    await signIn(page, ada);
    await leave(page, `${fixture.origin}/next`);
    await page.locator('okta-signout').getByRole('button').click();
    await signedOut(page);
    await goBackToNothing(page, 'signed-out');
    await signedOut(page);
  });

  it('shows guarded content when the user signed in in another tab', async () => {
    const { profile, page } = await open(ada);
    await signedOut(page);
    await away(page);
    const other = await fixture.open(profile, '/');
    await signIn(other, ada);
    await page.bringToFront();
    await goBackToCached(page);
    await signedIn(page, ada);
  });

  it('shows the content of the new user after another user signed in', async () => {
    const { profile, page } = await open(ada);
    await signIn(page, ada);
    await away(page);
    const other = await fixture.open(profile, '/');
    await signOut(other);
    await fixture.atOkta(profile, grace);
    await signIn(other, grace);
    await page.bringToFront();
    await goBackToCached(page);
    await signedIn(page, grace);
    assert.equal(await page.getByText(ada.name).count(), 0);
  });

  it('has a working sign-in button when the user comes back from Okta’s sign-in page', async () => {
    const { profile, page } = await open();
    const button = page.locator('okta-signin').getByRole('button');
    for (let time = 0; time < 2; time++) {
      await button.click();
      await page.waitForURL(`${fixture.org.origin}/**`);
      await goBackToCached(page);
      await signedOut(page);
      assert.equal(await button.isEnabled(), true);
      assert.equal(await page.locator('okta-signin').getAttribute('state'), 'idle');
    }
    await fixture.atOkta(profile, ada);
    await signIn(page, ada);
  });

  describe('whose tokens expired meanwhile', () => {
    const openExpired = async (renew: 'auto' | 'off') => {
      const { page } = await open(ada, { config: { renew, 'request-timeout': '60000' } });
      await signIn(page, ada);
      await away(page);
      await letTimePass(page, (LIFETIME + 10) * 1000);
      return page;
    };

    it('shows nothing guarded with renew="off"', async () => {
      const page = await openExpired('off');
      await goBackToNothing(page, 'signed-out');
      await signedOut(page);
    });

    it('shows nothing guarded until the tokens are renewed', async () => {
      const page = await openExpired('auto');
      const release = await holdRequests(page);
      await goBackToNothing(page, 'pending');
      await release();
      await signedIn(page, ada);
    });
  });
});
