import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { signedIn, signedOut, signIn, tokenRequests, until } from './support/session.js';
import { ada, site } from './support/site.js';
import { eventsOf, witnessEvents } from './support/witness.js';

/** Of an access token, seconds. */
const LIFE = 60;

describe('a device that slept', () => {
  const shop = site({ accessTokenSeconds: LIFE });

  /** A page whose clock is the test's, with somebody signed in. */
  async function open(config: Record<string, string> = {}) {
    shop.page('/', { config });
    const profile = await shop.profile(ada);
    await witnessEvents(profile);
    const requests = tokenRequests(profile);
    const page = await profile.newPage();
    await page.clock.install();
    await page.goto(shop.origin);
    await signIn(page, ada);
    requests.length = 0;
    await eventsOf(page);
    return { page, requests };
  }

  /** The lid is closed for some seconds: the clock goes on and timers do not, then what is due comes at once. */
  async function sleep(page: Page, seconds: number): Promise<void> {
    await page.clock.fastForward(seconds * 1000);
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange', { bubbles: true })));
  }

  const guardState = (page: Page) => page.locator('okta-guard').getAttribute('state');

  it('shows nothing guarded until expired tokens are renewed, with one request', async () => {
    const { page, requests } = await open();
    shop.org.faults.set('token', { delayMs: 2000, times: 1 });
    await sleep(page, LIFE + 60);
    await page.locator('okta-guard[state=pending]').waitFor({ state: 'attached' });
    assert.equal(await page.locator('#secret').isVisible(), false);
    await signedIn(page, ada);
    assert.deepEqual(requests, ['refresh_token']);
  });

  it('is signed out when the session ended at Okta meanwhile', async () => {
    const { page, requests } = await open();
    shop.org.faults.set('token', { status: 400, body: '{"error":"invalid_grant","error_description":"expired"}' });
    await sleep(page, LIFE + 60);
    await signedOut(page);
    assert.deepEqual(requests, ['refresh_token']);
    assert.equal((await eventsOf(page)).filter(({ type }) => type === 'okta-session-expired').length, 1);
  });

  it('keeps the session when there is no network yet, shows nothing of it, and goes on when there is', async () => {
    const { page } = await open();
    shop.org.faults.set('token', { drop: true });
    await sleep(page, LIFE + 60);
    await page.locator('okta-guard[state=error]').waitFor({ state: 'attached' });
    assert.equal(await page.locator('#secret').isVisible(), false);
    shop.org.faults.clear();
    await page.evaluate(() => dispatchEvent(new Event('online')));
    await signedIn(page, ada);
  });

  it('ends an idle session, and shows nothing more of it', async () => {
    const { page, requests } = await open({ 'idle-timeout': '100' });
    await sleep(page, 120);
    assert.equal(await page.locator('#secret').isVisible(), false);
    await signedOut(page);
    await until(async () => (await eventsOf(page)).some(({ type }) => type === 'okta-session-expired'), 'it is told');
    assert.deepEqual(requests, []);
    await page.reload();
    await signedOut(page);
  });

  it('works on when its clock is put back by some minutes', async () => {
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
