import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { goBackToCached, leave, watchShowings, withCache } from '../e2e/support/back-forward-cache.js';
import {
  field,
  flowFixture,
  generation2,
  givePassword,
  opened,
  type,
  variants,
  type Variant,
  type FlowPage,
} from './support/flows.js';

const unheard: FlowPage['leaks'] = { events: [], forget: () => {}, secret: () => {}, assertDiscreet: async () => {} };

describe('a page that the browser keeps for going back', () => {
  const fixture = flowFixture({ launch: withCache });

  const visit = async (variant: Variant) => {
    fixture.put(variant);
    fixture.file('/elsewhere', 'text/html', '<!doctype html><title>elsewhere</title>');
    const profile = await fixture.profile();
    await watchShowings(profile);
    const page = await fixture.open(profile, '/');
    await field(page, 'name').waitFor();
    return page;
  };

  // A widget could keep its page out of the browser's cache.
  for (const variant of variants.filter(({ isolation }) => !isolation)) {
    it(`has the form of ${variant.name} as it was left, which signs in`, async () => {
      const ada = await fixture.somebody();
      const page = await visit(variant);
      await type(page, 'name', ada.login);
      await leave(page, `${fixture.origin}/elsewhere`);
      await goBackToCached(page);
      assert.equal(await field(page, 'name').inputValue(), ada.login);
      await givePassword({ page, profile: page.context(), leaks: unheard }, ada);
      await opened(page, ada);
    });
  }

  it('has no form when the user has signed in meanwhile', async () => {
    const ada = await fixture.somebody();
    const page = await visit(generation2);
    await leave(page, `${fixture.origin}/elsewhere`);
    const other = await fixture.open(page.context(), '/');
    await givePassword({ page: other, profile: page.context(), leaks: unheard }, ada);
    await opened(other, ada);
    await page.bringToFront();
    await goBackToCached(page);
    await opened(page, ada);
    assert.equal(await page.locator('main#okta-sign-in').count(), 0);
  });
});
