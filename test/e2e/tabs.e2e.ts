import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { holdTokenRequests, renewalLocks } from './support/hold.js';
import { decryptStored } from '../support/pages/planted-session.js';
import { signedIn, signedOut, signIn, stored, tokenRequests, until } from './support/session.js';
import { ada, grace, pageFixture } from './support/page-fixture.js';
import { documentText, eventsOf, overhear, recordEvents } from './support/event-recorder.js';

const clientOf = {
  signOut: (page: Page) =>
    page.evaluate(() => document.querySelector('okta-config')!.client!.signOut({ scope: 'local' })),
  signIn: (page: Page) => page.evaluate(() => document.querySelector('okta-config')!.client!.signIn()),
};

/** Seconds. Longer than any test takes, and short enough for the clock skew that tokens are accepted with. */
const LIFETIME = 240;
/** Milliseconds. Less than a minute of the lifetime is left then, so the tokens are renewed. */
const UNTIL_RENEWAL = (LIFETIME - 40) * 1000;

describe('two tabs of one browser', () => {
  const fixture = pageFixture({ accessTokenSeconds: LIFETIME });

  it('follow a sign-in and a sign-out in one of them', async () => {
    fixture.page('/');
    const profile = await fixture.profile(ada);
    const [one, other] = [await fixture.open(profile, '/'), await fixture.open(profile, '/')];
    await signedOut(other);
    await signIn(one, ada);
    await signedIn(other, ada);
    await one.locator('okta-signout').getByRole('button').click();
    await signedOut(other);
    assert.doesNotMatch(await documentText(other), /Ada/);
  });

  // storage="session" takes the same path; the pure tests have both.
  it('follow a sign-out in one of them when each has its own tokens (storage="memory")', async () => {
    // The page is the redirect URI, because tokens in memory do not survive another navigation.
    fixture.page('/', { config: { storage: 'memory' } });
    const profile = await fixture.profile(ada);
    const [one, other] = [await fixture.open(profile, '/'), await fixture.open(profile, '/')];
    await signIn(one, ada);
    await signIn(other, ada);
    await one.locator('okta-signout').getByRole('button').click();
    await signedOut(one);
    await signedOut(other);
    await other.reload();
    await signedOut(other);
  });

  it('keep nothing of the previous user when another user signs in', async () => {
    fixture.page('/');
    const profile = await fixture.profile(ada);
    await recordEvents(profile);
    const [one, other] = [await fixture.open(profile, '/'), await fixture.open(profile, '/')];
    await signIn(one, ada);
    await signedIn(other, ada);
    // As a script of the page would.
    await other.locator('#stamped').evaluate((element) => element.append(' Orders of Ada: almonds'));

    await fixture.atOkta(profile, grace);
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

  it('send each other no token', async () => {
    fixture.page('/');
    const profile = await fixture.profile(ada);
    const said = await overhear(profile);
    const [one, other] = [await fixture.open(profile, '/'), await fixture.open(profile, '/')];
    await one.evaluate(() => new BroadcastChannel('probe').postMessage('the test hears this'));
    await signIn(one, ada);
    await signedIn(other, ada);
    const { accessToken, idToken, refreshToken } = await one.evaluate(decryptStored);
    await clientOf.signOut(other);
    await signedOut(one);
    await until(() => said.some((text) => text.includes('the test hears this')), 'a message is overheard');
    for (const secret of [accessToken, idToken, refreshToken!]) {
      assert.deepEqual(
        said.filter((text) => text.includes(secret)),
        [],
      );
    }
  });

  describe('whose tokens are about to expire', () => {
    /** Opens two tabs, signed in just now, with a clock that the test moves. */
    const open = async () => {
      fixture.page('/', { config: { 'request-timeout': '60000' } });
      const profile = await fixture.profile(ada);
      await profile.clock.install();
      const requests = tokenRequests(profile);
      const [one, other] = [await fixture.open(profile, '/'), await fixture.open(profile, '/')];
      await signIn(one, ada);
      await signedIn(other, ada);
      assert.deepEqual(requests.splice(0), ['authorization_code']);
      return { profile, requests, one, other };
    };
    const expiryOf = (page: Page) =>
      page.evaluate(() => document.querySelector('okta-config')!.client!.state.expiresAt ?? 0);
    const noLock = async (page: Page) => {
      const { held, pending } = await renewalLocks(page);
      return held + pending === 0;
    };

    it('send one request for new ones, and both use the response', async () => {
      const { profile, requests, one, other } = await open();
      const before = await expiryOf(one);
      assert.equal(await expiryOf(other), before);
      const renewal = await holdTokenRequests(profile);
      await profile.clock.fastForward(UNTIL_RENEWAL);
      await renewal.first;
      await until(async () => (await renewalLocks(one)).pending === 1, 'the other tab waits for the lock');
      await renewal.release();
      await until(async () => (await expiryOf(one)) > before && (await expiryOf(other)) > before, 'both are renewed');
      await until(() => noLock(one), 'both tabs are done');
      assert.deepEqual(requests, ['refresh_token']);
      assert.equal(await expiryOf(one), await expiryOf(other));
      await signedIn(one, ada);
      await signedIn(other, ada);
    });

    it('stay signed out when one signs out during the renewal', async () => {
      const { profile, requests, one, other } = await open();
      const renewal = await holdTokenRequests(profile);
      await profile.clock.fastForward(UNTIL_RENEWAL);
      await renewal.first;
      await clientOf.signOut(one);
      await signedOut(one);
      await signedOut(other);
      await renewal.release();
      await until(() => noLock(one), 'both tabs are done');
      await signedOut(one);
      await signedOut(other);
      assert.deepEqual(requests, ['refresh_token']);
      assert.equal(JSON.stringify(await stored(one)).includes('tokenType'), false);
      await other.reload();
      await signedOut(other);
    });

    it('belong to the user who signed in last when the renewal for the previous user ends late', async () => {
      const { profile, one, other: slow } = await open();
      await one.close();
      const renewal = await holdTokenRequests(profile);
      await profile.clock.fastForward(UNTIL_RENEWAL);
      await renewal.first;
      const quick = await fixture.open(profile, '/');
      await fixture.atOkta(profile, grace);
      // A sign-in must not wait for the lock of the renewal.
      await clientOf.signIn(quick);
      await signedIn(quick, grace);
      assert.equal((await renewalLocks(slow)).held, 1);
      await renewal.release();
      await until(() => noLock(slow), 'the late renewal has ended');
      await signedIn(quick, grace);
      await signedIn(slow, grace);
    });
  });
});
