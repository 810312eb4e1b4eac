import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { generateTotpSecret } from '../../src/org/totp.js';
import { stored } from '../e2e/support/session.js';
import { field, giveCode, givePassword, opened } from '../widget/support/flows.js';
import { frameOf, framedSite, isKeptFromStorage, type FramedSite } from './support/framed.js';

/** Opens the page and signs in, up to the second factor. */
async function halfway(site: FramedSite, thirdParty = false) {
  const totpSecret = generateTotpSecret();
  const somebody = await site.somebody({ totpSecret });
  const visit = await site.visit({ thirdParty });
  await givePassword(visit, somebody);
  await field(visit.form, 'code').waitFor();
  return { visit, somebody, code: () => site.totp(totpSecret) };
}

/** Signs in with a wrong password, then with the right one. */
async function signIn(site: FramedSite, { storage }: { storage: boolean }): Promise<void> {
  const ada = await site.somebody();
  const visit = await site.visit();
  await givePassword(visit, { ...ada, password: 'not-that-one' });
  await visit.form
    .getByText(/unable to sign in/i)
    .first()
    .waitFor();
  assert.equal(await isKeptFromStorage(visit.page), !storage);
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
}

describe('sign-in in a frame of the same site', () => {
  const site = framedSite();

  for (const generation of [2, 3] as const) {
    it(`accepts the right password after a wrong one, with generation ${generation}`, async () => {
      await site.deploy({ generation });
      await signIn(site, { storage: true });
    });
  }

  it('asks for the password again after a sign-out, though the session at Okta lasts', async () => {
    const ada = await site.somebody();
    const visit = await site.visit();
    await givePassword(visit, ada);
    await opened(visit.page, ada);
    await visit.page.evaluate(() => document.querySelector('okta-config')!.client!.signOut({ scope: 'local' }));
    await givePassword(visit, ada);
    await opened(visit.page, ada);
  });

  it('continues when the page is reloaded, and when the frame is', async () => {
    const { visit, somebody, code } = await halfway(site);
    await visit.page.reload();
    await field(visit.form, 'code').waitFor();
    assert.equal(await isKeptFromStorage(visit.page), false);
    await frameOf(visit.page).evaluate(() => location.reload());
    await giveCode(visit, code());
    await opened(visit.page, somebody);
  });
});

describe('sign-in in a frame of another site', () => {
  const site = framedSite({ place: 'cross-site' });

  it('accepts the right password after a wrong one, without storage for the frame', async () => {
    await signIn(site, { storage: false });
  });

  it('continues when the page and the frame are reloaded, with storage for the frame', async () => {
    const { visit, somebody, code } = await halfway(site, true);
    await visit.page.reload();
    await field(visit.form, 'code').waitFor();
    assert.equal(await isKeptFromStorage(visit.page), false);
    await frameOf(visit.page).evaluate(() => location.reload());
    await giveCode(visit, code());
    await opened(visit.page, somebody);
  });

  it('starts again when the frame is reloaded, without storage for the frame', async () => {
    const { visit } = await halfway(site);
    await frameOf(visit.page).evaluate(() => location.reload());
    const ada = await site.somebody();
    await givePassword(visit, ada);
    await opened(visit.page, ada);
  });
});
