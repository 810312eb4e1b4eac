import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { stored } from '../e2e/support/session.js';
import { field, flowSite, givePassword, opened, variants } from './support/flows.js';

/** The form has come, and nobody is signed in by it without a word. */
async function asksAgain(page: Page): Promise<void> {
  await field(page, 'name').waitFor();
  // Okta's answer to a session that it knows came within this before.
  await page.waitForTimeout(1500);
  assert.equal(await field(page, 'name').isVisible(), true);
  assert.equal(await page.locator('#secret').isVisible(), false);
  assert.doesNotMatch(JSON.stringify((await stored(page)).local), /accessToken/);
}

const signOut = (page: Page) =>
  page.evaluate(() => document.querySelector('okta-config')!.client!.signOut({ scope: 'local' }));

for (const variant of variants) {
  describe(`who has left, while Okta still knows them, by ${variant.name}`, () => {
    const site = flowSite();

    it('is asked again after a sign-out, in other tabs too', async () => {
      const ada = await site.somebody();
      const visit = await site.visit(variant);
      const { page, profile } = visit;
      await givePassword(visit, ada);
      await opened(page, ada);
      const other = await site.open(profile, '/');
      await opened(other, ada);
      await signOut(page);
      await Promise.all([page, other].map(asksAgain));
      await givePassword(visit, ada);
      await opened(page, ada);
      await opened(other, ada);
    });

    it('is asked again after too long a time without a sign of them', async () => {
      const ada = await site.somebody();
      const visit = await site.visit(variant, { config: { 'idle-timeout': '4' } });
      await givePassword(visit, ada);
      await opened(visit.page, ada);
      await asksAgain(visit.page);
    });

    it('is known on a page that nobody has left', async () => {
      const ada = await site.somebody();
      const visit = await site.visit(variant, { config: { storage: 'memory' } });
      await givePassword(visit, ada);
      await opened(visit.page, ada);
      await opened(await site.open(visit.profile, '/'), ada);
    });
  });
}
