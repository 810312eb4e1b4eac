import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { signedIn, signedOut, signIn, stored, tokenRequests, until } from './support/session.js';
import { ada, EVERYTHING, grace, site } from './support/site.js';
import { documentText, eventsOf, overhear, witnessEvents } from './support/witness.js';

/** A change in one tab is in the others within this time, milliseconds. */
const SOON = { timeout: 3000 };

const clientOf = {
  signOut: (page: Page) =>
    page.evaluate(() => document.querySelector('okta-config')!.client!.signOut({ scope: 'local' })),
  signIn: (page: Page) => page.evaluate(() => document.querySelector('okta-config')!.client!.signIn()),
};

/** Access tokens of so short a life are renewed when half of it is over. Seconds. */
const LIFE = 8;

describe('two tabs of one browser', () => {
  const shop = site();

  it('are signed in by a sign-in in one', async () => {
    shop.page('/');
    const profile = await shop.profile(ada);
    const [one, other] = [await shop.open(profile, '/'), await shop.open(profile, '/')];
    await signedOut(other);
    await signIn(one, ada);
    await other.locator('#secret', { hasText: ada.name }).waitFor(SOON);
    await signedIn(other, ada);
  });

  it('are signed out by a sign-out in one', async () => {
    shop.page('/');
    const profile = await shop.profile(ada);
    const [one, other] = [await shop.open(profile, '/'), await shop.open(profile, '/')];
    await signIn(one, ada);
    await signedIn(other, ada);
    await one.locator('okta-signout').getByRole('button').click();
    await other.locator('okta-guard [slot=signed-out]').waitFor(SOON);
    await signedOut(other);
    assert.doesNotMatch(await documentText(other), /Ada/);
  });

  for (const storage of ['session', 'memory']) {
    it(`are signed out by a sign-out in one, where each has tokens of its own (storage="${storage}")`, async () => {
      // With memory, a page that comes back to another address than its own has lost its tokens on the way.
      shop.page('/', { config: { storage } });
      const profile = await shop.profile(ada);
      const [one, other] = [await shop.open(profile, '/'), await shop.open(profile, '/')];
      await signIn(one, ada);
      await signIn(other, ada);
      await one.locator('okta-signout').getByRole('button').click();
      await signedOut(one);
      await other.locator('okta-guard [slot=signed-out]').waitFor(SOON);
      await signedOut(other);
      await other.reload();
      await signedOut(other);
    });
  }

  it('keep nothing of the user before, when somebody else signs in', async () => {
    shop.page('/');
    const profile = await shop.profile(ada);
    await witnessEvents(profile);
    const [one, other] = [await shop.open(profile, '/'), await shop.open(profile, '/')];
    await signIn(one, ada);
    await signedIn(other, ada);
    // What a page's own script would do for her.
    await other.locator('#stamped').evaluate((element) => element.append(' Orders of Ada: almonds'));

    await shop.atOkta(profile, grace);
    await clientOf.signIn(one);
    await signedIn(one, grace);
    await signedIn(other, grace);
    await eventsOf(other);
    await other.bringToFront();
    await other.evaluate(() => dispatchEvent(new Event('online')));

    for (const page of [one, other]) {
      assert.doesNotMatch(await documentText(page), /Ada|almonds/);
      const { local, session } = await stored(page);
      for (const value of [...Object.values(local), ...Object.values(session)]) {
        const claims = value.replace(/eyJ[\w-]+\.([\w-]+)\.[\w-]+/g, (_, body: string) =>
          Buffer.from(body, 'base64url').toString(),
        );
        assert.doesNotMatch(claims, /ada|Ada/);
      }
      assert.doesNotMatch(JSON.stringify(await eventsOf(page)), /Ada|ada@/);
      const state = await page.evaluate(() => JSON.stringify(document.querySelector('okta-config')!.client!.state));
      assert.match(state, /Grace/);
      assert.doesNotMatch(state, /Ada/);
    }
  });

  it('tell each other no token, whatever happens', async () => {
    shop.page('/');
    const profile = await shop.profile(ada);
    const said = await overhear(profile);
    const [one, other] = [await shop.open(profile, '/'), await shop.open(profile, '/')];
    await one.evaluate(() => new BroadcastChannel('probe').postMessage('the test hears this'));
    await signIn(one, ada);
    await signedIn(other, ada);
    const { local } = await stored(one);
    await clientOf.signOut(other);
    await signedOut(one);
    await until(() => said.some((text) => text.includes('the test hears this')), 'a message is overheard');
    const secrets = Object.values(local)
      .join()
      .match(/[\w.-]{20,}/g)!;
    assert.ok(secrets.length >= 3, 'access, ID and refresh token are known to the test');
    for (const secret of secrets) {
      assert.deepEqual(
        said.filter((text) => text.includes(secret)),
        [],
      );
    }
  });
});

describe('two tabs whose tokens are about to expire', () => {
  const shop = site({ accessTokenSeconds: LIFE });

  /** Two tabs, signed in just now. */
  const open = async () => {
    shop.page('/', { body: EVERYTHING });
    const profile = await shop.profile(ada);
    const requests = tokenRequests(profile);
    const [one, other] = [await shop.open(profile, '/'), await shop.open(profile, '/')];
    await signIn(one, ada);
    await signedIn(other, ada);
    assert.deepEqual(requests.splice(0), ['authorization_code']);
    return { profile, requests, one, other };
  };
  const expiryOf = (page: Page) =>
    page.evaluate(() => document.querySelector('okta-config')!.client!.state.expiresAt ?? 0);

  it('send one request for new ones, and both go on with the answer', async () => {
    const { requests, one, other } = await open();
    const before = await expiryOf(one);
    assert.equal(await expiryOf(other), before);
    await until(async () => (await expiryOf(one)) > before && (await expiryOf(other)) > before, 'both are renewed');
    // Long enough for the other one to be late, not for the next renewal.
    await one.waitForTimeout(1500);
    assert.deepEqual(requests, ['refresh_token']);
    assert.equal(await expiryOf(one), await expiryOf(other));
    await signedIn(one, ada);
    await signedIn(other, ada);
  });

  it('stay signed out when one signs out while the other waits for the answer', async () => {
    const { requests, one, other } = await open();
    shop.org.faults.set('token', { delayMs: 1000, times: 2 });
    await until(() => requests.length > 0, 'a renewal is under way');
    await clientOf.signOut(one);
    await signedOut(one);
    await signedOut(other);
    await one.waitForTimeout(1500);
    await signedOut(one);
    await signedOut(other);
    assert.deepEqual(requests, ['refresh_token']);
    assert.equal(JSON.stringify(await stored(one)).includes('accessToken'), false);
    await other.reload();
    await signedOut(other);
  });

  it('belong to who signed in last, when a renewal for the user before is answered late', async () => {
    const { profile, requests, one, other } = await open();
    await other.close();
    const slow = await shop.open(profile, '/');
    await signedIn(slow, ada);
    shop.org.faults.set('token', { delayMs: 2500, times: 1 });
    await until(() => requests.length > 0, 'a renewal is under way');
    await shop.atOkta(profile, grace);
    // Whoever waits for the lock must not hold up a person.
    await clientOf.signIn(one);
    await signedIn(one, grace);
    await one.waitForTimeout(2500);
    await signedIn(one, grace);
    await signedIn(slow, grace);
  });
});
