import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { goBackToCached, leave, watchShowings, withCache } from '../e2e/support/back-forward-cache.js';
import { field, flowSite, givePassword, opened, type, variants } from './support/flows.js';

for (const variant of variants) {
  describe(`a page that the browser keeps, with a form of ${variant.name}`, () => {
    const site = flowSite({ launch: withCache });

    const visit = async () => {
      site.put(variant);
      site.file('/elsewhere', 'text/html', '<!doctype html><title>elsewhere</title>');
      const profile = await site.profile();
      await watchShowings(profile);
      const page = await site.open(profile, '/');
      await field(page, 'name').waitFor();
      return page;
    };

    it('has the form as it was left, and it signs in', async () => {
      const ada = await site.somebody();
      const page = await visit();
      await type(page, 'name', ada.login);
      await leave(page, `${site.origin}/elsewhere`);
      await goBackToCached(page);
      assert.equal(await field(page, 'name').inputValue(), ada.login);
      const witness = { events: [], secret: () => {}, assertDiscreet: async () => {} };
      await givePassword({ page, profile: page.context(), witness }, ada);
      await opened(page, ada);
    });

    it('has no form any more when somebody signed in meanwhile', async () => {
      const ada = await site.somebody();
      const page = await visit();
      await leave(page, `${site.origin}/elsewhere`);
      const other = await site.open(page.context(), '/');
      const witness = { events: [], secret: () => {}, assertDiscreet: async () => {} };
      await givePassword({ page: other, profile: page.context(), witness }, ada);
      await opened(other, ada);
      await page.bringToFront();
      await goBackToCached(page);
      await opened(page, ada);
      assert.equal(await page.locator('main#okta-sign-in').count(), 0);
    });
  });
}
