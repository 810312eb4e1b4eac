import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { holdTokenRequests } from './support/hold.js';
import { signedIn, signedOut, signIn, tokenRequests, until } from './support/session.js';
import { ada, pageFixture } from './support/page-fixture.js';
import { eventsOf, recordEvents } from './support/event-recorder.js';

/** Seconds. Longer than any test takes, and short enough for the clock skew that tokens are accepted with. */
const LIFETIME = 150;

describe('a device that wakes up', () => {
  const fixture = pageFixture({ accessTokenSeconds: LIFETIME });

  /** Opens a page whose clock the test moves, and signs in. */
  async function open(config: Record<string, string> = {}) {
    fixture.page('/', { config });
    const profile = await fixture.profile(ada);
    await recordEvents(profile);
    const requests = tokenRequests(profile);
    const page = await profile.newPage();
    await page.clock.install();
    await page.goto(fixture.origin);
    await signIn(page, ada);
    requests.length = 0;
    await eventsOf(page);
    return { page, requests };
  }

  /** Moves the clock as a closed lid does: no timer fires meanwhile, then those that are due fire at once. */
  async function sleep(page: Page, seconds: number): Promise<void> {
    await page.clock.fastForward(seconds * 1000);
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange', { bubbles: true })));
  }

  const guardState = (page: Page) => page.locator('okta-guard').getAttribute('state');

  it('shows nothing guarded until expired tokens are renewed, with one request', async () => {
    const { page, requests } = await open({ 'request-timeout': '60000' });
    const renewal = await holdTokenRequests(page.context());
    await sleep(page, LIFETIME + 60);
    await renewal.first;
    await page.locator('okta-guard[state=pending]').waitFor({ state: 'attached' });
    assert.equal(await page.locator('#secret').isVisible(), false);
    await renewal.release();
    await signedIn(page, ada);
    assert.deepEqual(requests, ['refresh_token']);
  });

  it('is signed out when Okta ended the session meanwhile', async () => {
    const { page, requests } = await open();
    fixture.org.faults.set('token', { status: 400, body: '{"error":"invalid_grant","error_description":"expired"}' });
    await sleep(page, LIFETIME + 60);
    await signedOut(page);
    assert.deepEqual(requests, ['refresh_token']);
    assert.equal((await eventsOf(page)).filter(({ type }) => type === 'okta-session-expired').length, 1);
  });

  it('keeps the session but shows nothing guarded until the network is back', async () => {
    const { page } = await open();
    fixture.org.faults.set('token', { drop: true });
    await sleep(page, LIFETIME + 60);
    await page.locator('okta-guard[state=error]').waitFor({ state: 'attached' });
    assert.equal(await page.locator('#secret').isVisible(), false);
    fixture.org.faults.clear();
    await page.evaluate(() => dispatchEvent(new Event('online')));
    await signedIn(page, ada);
  });

  it('ends an idle session, and shows nothing guarded', async () => {
    // Long before the tokens are due for renewal.
    const { page, requests } = await open({ 'idle-timeout': '30' });
    await sleep(page, 40);
    assert.equal(await page.locator('#secret').isVisible(), false);
    await signedOut(page);
    await until(
      async () => (await eventsOf(page)).some(({ type }) => type === 'okta-session-expired'),
      'the event is dispatched',
    );
    assert.deepEqual(requests, []);
    await page.reload();
    await signedOut(page);
  });

  it('keeps the session when its clock is set back by some minutes', async () => {
    const { page } = await open();
    await page.clock.setSystemTime(await page.evaluate(() => Date.now() - 180_000));
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange', { bubbles: true })));
    await signedIn(page, ada);
    assert.equal(await guardState(page), 'allowed');
    await page.reload();
    await signedIn(page, ada);
    assert.equal(
      typeof (await page.evaluate(() => document.querySelector('okta-config')!.client!.getAccessToken())),
      'string',
    );
  });
});
