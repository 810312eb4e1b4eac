import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { navigations } from './support/session.js';
import { ada, pageFixture } from './support/page-fixture.js';
import { eventsOf, recordEvents } from './support/event-recorder.js';

const guard = `
  <okta-guard class="orders" unauthenticated="redirect">
    <p>Orders</p>
    <p slot="signed-out">Signed out</p>
  </okta-guard>`;

describe('a guard with unauthenticated="redirect"', () => {
  const fixture = pageFixture();

  /** Opens a page of many guards, with a session at Okta and none at the site. */
  async function open(head = '') {
    fixture.page('/', { body: '' });
    fixture.page('/orders', { head, body: guard.repeat(20) });
    const profile = await fixture.profile(ada);
    await recordEvents(profile);
    const page = await profile.newPage();
    const seen = navigations(page);
    await page.goto(`${fixture.origin}/orders?box=7#top`, { waitUntil: 'commit' });
    return { page, asked: () => seen.filter((url) => url.endsWith('/v1/authorize')).length };
  }

  it('redirects to Okta once for all guards, and returns to the same place', async () => {
    const { page, asked } = await open();
    await page.locator('.orders[state=allowed] p', { hasText: 'Orders' }).nth(19).waitFor();
    assert.equal(page.url(), `${fixture.origin}/orders?box=7#top`);
    assert.equal(asked(), 1);
  });

  it('requests a login after a sign-out, which the session at Okta would undo', async () => {
    const { page } = await open();
    await page.locator('.orders[state=allowed]').first().waitFor();
    const left = page.waitForRequest(/\/v1\/authorize\?/);
    // The page may be gone before it says that it is done.
    await page.evaluate(() => void document.querySelector('okta-config')!.client!.signOut({ scope: 'local' }));
    assert.equal(new URL((await left).url()).searchParams.get('prompt'), 'login');
    await page.waitForURL(({ origin }) => origin === fixture.org.origin);
  });

  it('stays and shows its slot when the page cancels okta-guard-redirect', async () => {
    const { page, asked } = await open(
      `<script>addEventListener('okta-guard-redirect', (event) => event.preventDefault());</script>`,
    );
    await page.locator('.orders').getByText('Signed out').nth(19).waitFor();
    const events = (await eventsOf(page)).filter(({ type }) => type === 'okta-guard-redirect');
    assert.equal(events.length, 20, 'one event for each guard');
    assert.equal(await page.locator('.orders[state=signed-out]').count(), 20);
    // A redirect needs only the discovery document, and would have begun before this answer.
    await page.evaluate((issuer) => fetch(`${issuer}/.well-known/openid-configuration?last`), fixture.org.issuer);
    assert.equal(asked(), 0);
  });
});
