import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import type { Seed } from '../../src/org/seed.js';
import { people, passwordOf } from '../org/support/app.js';
import { enterCode, enterPassword, openForm, settled, storedTokens, type Style } from './support/shop-fixture.js';
import { startOktaSession } from './support/okta-session.js';
import { tokenRequests } from './support/session.js';
import { ada, grace, pageFixture } from './support/page-fixture.js';

const LIFETIME_MINUTES = 5;
const ORDERS = 'orders:write';
const BASIC = ['openid', 'profile', 'email', 'groups', 'offline_access'];

/** An org whose policies treat three users and one scope differently. */
const seed: Partial<Seed> = {
  groups: [...people.groups, 'Closed accounts'],
  users: [
    ...people.users,
    {
      login: 'dana@example.com',
      firstName: 'Dana',
      lastName: 'Crumb',
      password: 'dana-password',
      groups: ['Closed accounts'],
    },
  ],
  authorizationServer: {
    scopes: ['groups', ORDERS],
    policies: [
      {
        name: 'The app',
        rules: [
          { name: 'Closed accounts stay out', groups: ['Closed accounts'], action: 'DENY' },
          {
            name: 'Warehouse staff need a second factor, and get short tokens',
            groups: ['Warehouse staff'],
            action: 'ALLOW',
            requireSecondFactor: true,
            accessTokenLifetimeMinutes: LIFETIME_MINUTES,
          },
          { name: 'Everybody reads', scopes: BASIC, action: 'ALLOW' },
          { name: 'Writing orders needs a second factor', action: 'ALLOW', requireSecondFactor: true },
        ],
      },
    ],
  },
};

const person = (login: string) => ({ login, password: passwordOf(login) });

/** The session as the client reports it. */
const session = (page: Page) =>
  page.locator('okta-config').evaluate((config) => {
    const { state } = (config as HTMLElement & { client: { state: Record<string, unknown> } }).client;
    return state as { status: string; expiresAt: number; user: { amr: string[] } };
  });

describe('the policies of an org', () => {
  const fixture = pageFixture({ seed, embedded: true });
  const DANA = person('dana@example.com');

  /** Opens a page with a guard for each policy, and the form of this style. */
  async function begin(style: Style, { scopes = BASIC, form = true, user = '' } = {}) {
    fixture.page('/', {
      config: { scopes: scopes.join(' ') },
      body: `<main>
        <okta-signin mode="${style}"></okta-signin>
        <okta-callback></okta-callback>
        <okta-guard><p id="secret">For <okta-user></okta-user></p><p slot="signed-out">Nobody yet</p></okta-guard>
        <okta-guard scopes="${ORDERS}"><p id="orders">Orders</p></okta-guard>
        <okta-guard groups='["Warehouse staff"]'><p id="staff">Shelves</p></okta-guard>
      </main>`,
    });
    const profile = await fixture.profile();
    if (user) await startOktaSession(profile, fixture.org, person(user));
    const requests = tokenRequests(profile);
    const page = await fixture.open(profile, '/');
    if (form) await openForm(page, style);
    return { page, requests };
  }

  /** Enters the mailed code, and waits for the content of the guard. */
  async function confirm(page: Page, login: string, guarded: string): Promise<void> {
    await enterCode(page, 'identifier', (await fixture.org.mailbox.waitFor(login)).code!);
    // Okta offers to set up an authenticator app.
    const skip = page.locator('a[data-se=skip], .skip-all').first();
    await skip.or(page.locator(guarded)).first().waitFor();
    if (!(await page.locator(guarded).isVisible())) await skip.click();
    await page.locator(guarded).waitFor();
    assert.ok((await session(page)).user.amr.includes('mfa'));
  }

  const denied = (page: Page) => page.locator('main').getByRole('alert').first();

  it('require no second factor of other users, and give their tokens one hour', async () => {
    const { page } = await begin('hosted', { form: false, user: ada.login });
    await page.locator('okta-signin').getByRole('button').click();
    await page.locator('#secret', { hasText: ada.name }).waitFor();
    const { user, expiresAt } = await session(page);
    assert.deepEqual(user.amr, ['pwd']);
    assert.ok(expiresAt * 1000 - Date.now() > 3_000_000);
    assert.equal(await page.locator('#orders').isVisible(), false);
  });

  it('require a second factor for a scope', async () => {
    const { page } = await begin('embedded', { scopes: [...BASIC, ORDERS] });
    await enterPassword(page, person(ada.login));
    await confirm(page, ada.login, '#orders');
  });

  for (const style of ['hosted', 'embedded'] as Style[]) {
    it(`deny one user, who reads why, and do not start again after a reload (${style})`, async () => {
      const { page } = await begin(style);
      await enterPassword(page, DANA);
      await denied(page).waitFor();
      assert.match(await denied(page).innerText(), /^You don’t have access\. Ask the owner of this site/);
      assert.equal(new URL(page.url()).search, '');
      assert.equal(await storedTokens(page), 0);
      assert.equal(await page.locator('#secret').isVisible(), false);

      const asked: string[] = [];
      page.on('request', (request) => {
        const { pathname } = new URL(request.url());
        if (request.method() !== 'OPTIONS' && /\/v1\/(authorize|interact)$/.test(pathname)) asked.push(pathname);
      });
      await page.reload();
      await page.locator('okta-guard [slot=signed-out]').waitFor();
      if (style === 'embedded') await page.locator('input[name=identifier]').waitFor();
      else await page.locator('okta-signin').getByRole('button').waitFor();
      await page.waitForLoadState('networkidle');
      assert.equal(asked.length, style === 'embedded' ? 1 : 0, 'the sign-in is not started again');
      assert.equal(await storedTokens(page), 0);
      // The form is still open, for the next user. With the hosted form, the next test has this.
      if (style === 'hosted') return;

      await settled(page);
      await enterPassword(page, person(ada.login));
      await page.locator('#secret', { hasText: ada.name }).waitFor();
    });
  }

  it('let the next user sign in after Okta denied another one', async () => {
    const { page } = await begin('hosted', { form: false, user: DANA.login });
    await page.locator('okta-signin').getByRole('button').click();
    await denied(page).waitFor();
    await page.locator('okta-callback, okta-signin').getByRole('button').first().click();
    await page.locator('input[name=identifier]').waitFor();
    await settled(page);
    await enterPassword(page, person(ada.login));
    await page.locator('#secret', { hasText: ada.name }).waitFor();
  });

  // The last test: the clock of the org stays ahead of the clock of the next page.
  it('require a second factor of a group, and give its tokens a shorter lifetime, which is renewed', async () => {
    const { page, requests } = await begin('hosted');
    await enterPassword(page, person(grace.login));
    await confirm(page, grace.login, '#staff');
    const { expiresAt } = await session(page);
    const lifetime = LIFETIME_MINUTES * 60_000;
    assert.ok(expiresAt * 1000 - Date.now() <= lifetime, 'the lifetime is the one of the rule');
    await page.clock.install();
    await page.reload();
    await page.locator('#staff').waitFor();
    let last = expiresAt;
    for (let renewals = 1; renewals <= 2; renewals++) {
      const renewed = page.waitForResponse((response) => response.url().endsWith('/v1/token') && response.ok());
      // Renewal is due before the tokens expire.
      fixture.org.clock.advance(lifetime - 5000);
      await page.clock.fastForward(lifetime - 5000);
      await renewed;
      await page.waitForFunction(
        (before) =>
          (document.querySelector('okta-config') as unknown as { client: { state: { expiresAt: number } } }).client
            .state.expiresAt > before,
        last,
      );
      last = (await session(page)).expiresAt;
      assert.equal(requests.filter((grant) => grant === 'refresh_token').length, renewals);
      assert.equal(await page.locator('#staff').isVisible(), true);
    }
  });
});
