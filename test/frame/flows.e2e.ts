import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { generateTotpSecret } from '../../src/org/totp.js';
import { stored } from '../e2e/support/session.js';
import { field, giveCode, givePassword, opened } from '../widget/support/flows.js';
import { frameOf, framedSite, isKeptFromStorage, places, type FramedSite, type Place } from './support/framed.js';

/** At the second factor. */
async function halfway(site: FramedSite, thirdParty = false) {
  const totpSecret = generateTotpSecret();
  const somebody = await site.somebody({ totpSecret });
  const visit = await site.visit({ thirdParty });
  await givePassword(visit, somebody);
  await field(visit.form, 'code').waitFor();
  return { visit, somebody, code: () => site.totp(totpSecret) };
}

for (const generation of [2, 3] as const) {
  for (const place of Object.keys(places) as Place[]) {
    describe(`generation ${generation} in a frame, ${place}`, () => {
      const site = framedSite({ generation, place });
      // A browser that keeps storage from frames of other sites has nothing to go on with.
      const thirdParty = place === 'cross-site';

      it('signs in with a password, the wrong one first', async () => {
        const ada = await site.somebody();
        const visit = await site.visit();
        await givePassword(visit, { ...ada, password: 'not-that-one' });
        await visit.form
          .getByText(/unable to sign in/i)
          .first()
          .waitFor();
        assert.equal(await isKeptFromStorage(visit.page), thirdParty);
        await givePassword(visit, ada);
        await opened(visit.page, ada);
        assert.equal(await visit.page.locator('iframe').count(), 0);
        for (const name of ['okta-widget-ready', 'okta-widget-error', 'okta-signin-success']) {
          assert.ok(visit.witness.events.includes(name), name);
        }
        assert.equal(visit.witness.events.filter((name) => name === 'okta-widget-ready').length, 1);
        const { local, session } = await stored(visit.page);
        assert.deepEqual([Object.keys(local), Object.keys(session)], [[`okta-elements:${site.org.issuer}:app`], []]);
        await visit.witness.assertDiscreet(visit.page);
      });

      it('asks again after a sign-out, though Okta still knows who it was', async () => {
        const ada = await site.somebody();
        const visit = await site.visit({ thirdParty });
        await givePassword(visit, ada);
        await opened(visit.page, ada);
        await visit.page.evaluate(() => document.querySelector('okta-config')!.client!.signOut({ scope: 'local' }));
        await field(visit.form, 'name').waitFor();
        await givePassword(visit, ada);
        await opened(visit.page, ada);
      });

      it('goes on where it was when the page is loaded again', async () => {
        const { visit, somebody, code } = await halfway(site, thirdParty);
        await visit.page.reload();
        await giveCode(visit, code());
        await opened(visit.page, somebody);
      });

      it('goes on where it was when the frame is loaded again', async () => {
        const { visit, somebody, code } = await halfway(site, thirdParty);
        assert.equal(await isKeptFromStorage(visit.page), false);
        await frameOf(visit.page).evaluate(() => location.reload());
        await giveCode(visit, code());
        await opened(visit.page, somebody);
      });

      if (place === 'cross-site') {
        it('begins again when it is loaded again, where the browser keeps storage from it', async () => {
          const { visit } = await halfway(site);
          await frameOf(visit.page).evaluate(() => location.reload());
          const ada = await site.somebody();
          await givePassword(visit, ada);
          await opened(visit.page, ada);
        });
      }
    });
  }
}
