import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type * as Package from '../../src/index.js';
import { generateTotpSecret } from '../../src/org/totp.js';
import { stored } from '../e2e/support/session.js';
import { field, giveCode, givePassword, opened } from '../widget/support/flows.js';
import { frameOf, frameFixture, isKeptFromStorage, type FrameFixture } from './support/frame-fixture.js';

/** Opens the page and signs in, up to the second factor. */
async function halfway(fixture: FrameFixture, thirdParty = false) {
  const totpSecret = generateTotpSecret();
  const somebody = await fixture.somebody({ totpSecret });
  const view = await fixture.visit({ thirdParty });
  await givePassword(view, somebody);
  await field(view.form, 'code').waitFor();
  return { view, somebody, code: () => fixture.totp(totpSecret) };
}

/** Signs in with a wrong password, then with the right one. */
async function signIn(fixture: FrameFixture, { storage }: { storage: boolean }): Promise<void> {
  const ada = await fixture.somebody();
  const view = await fixture.visit();
  await givePassword(view, { ...ada, password: 'not-that-one' });
  await view.form
    .getByText(/unable to sign in/i)
    .first()
    .waitFor();
  assert.equal(await isKeptFromStorage(view.page), !storage);
  await givePassword(view, ada);
  await opened(view.page, ada);
  assert.equal(await view.page.locator('iframe').count(), 0);
  for (const name of ['okta-widget-ready', 'okta-widget-error', 'okta-signin-success']) {
    assert.ok(view.leaks.events.includes(name), name);
  }
  assert.equal(view.leaks.events.filter((name) => name === 'okta-widget-ready').length, 1);
  const { local, session } = await stored(view.page);
  assert.deepEqual(
    [Object.keys(local), Object.keys(session)],
    [[`okta-elements:${encodeURIComponent(fixture.org.issuer)}:app`], []],
  );
  await view.leaks.assertDiscreet(view.page);
}

describe('sign-in in a frame of the same site', () => {
  const fixture = frameFixture();

  for (const generation of [2, 3] as const) {
    it(`accepts the right password after a wrong one, with generation ${generation}`, async () => {
      await fixture.deploy({ generation });
      await signIn(fixture, { storage: true });
    });
  }

  it('asks for the password again after a sign-out, though the session at Okta lasts', async () => {
    const ada = await fixture.somebody();
    const view = await fixture.visit();
    await givePassword(view, ada);
    await opened(view.page, ada);
    // The JSON script configures the page, so there is no <okta-config> to ask for the client.
    await view.page.evaluate(async () => {
      const url = '/okta-elements/okta-elements.js';
      const { getClient } = (await import(url)) as Pick<typeof Package, 'getClient'>;
      await getClient().signOut({ scope: 'local' });
    });
    await givePassword(view, ada);
    await opened(view.page, ada);
  });

  it('continues when the page is reloaded, and when the frame is', async () => {
    const { view, somebody, code } = await halfway(fixture);
    await view.page.reload();
    await field(view.form, 'code').waitFor();
    assert.equal(await isKeptFromStorage(view.page), false);
    await frameOf(view.page).evaluate(() => location.reload());
    await giveCode(view, code());
    await opened(view.page, somebody);
  });
});

describe('sign-in in a frame of another site', () => {
  const fixture = frameFixture({ place: 'cross-site' });

  it('accepts the right password after a wrong one, without storage for the frame', async () => {
    await signIn(fixture, { storage: false });
  });

  it('continues when the page and the frame are reloaded, with storage for the frame', async () => {
    const { view, somebody, code } = await halfway(fixture, true);
    await view.page.reload();
    await field(view.form, 'code').waitFor();
    assert.equal(await isKeptFromStorage(view.page), false);
    await frameOf(view.page).evaluate(() => location.reload());
    await giveCode(view, code());
    await opened(view.page, somebody);
  });

  it('starts again when the frame is reloaded, without storage for the frame', async () => {
    const { view } = await halfway(fixture);
    await frameOf(view.page).evaluate(() => location.reload());
    const ada = await fixture.somebody();
    await givePassword(view, ada);
    await opened(view.page, ada);
  });
});
