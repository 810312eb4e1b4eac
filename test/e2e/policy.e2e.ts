import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import type { Seed } from '../../src/org/seed.js';
import { people, passwordOf } from '../org/support/app.js';
import { enterCode, enterPassword, openForm, settled, storedTokens, type Style } from './stage.js';
import { tokenRequests, until } from './support/session.js';
import { ada, grace, site } from './support/site.js';

const SECONDS = 6;
const ORDERS = 'orders:write';
const BASIC = ['openid', 'profile', 'email', 'groups', 'offline_access'];

/** An org whose policies say something else of each of three people, and of one scope. */
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
            name: 'The warehouse proves it twice, and often',
            groups: ['Warehouse staff'],
            action: 'ALLOW',
            requireSecondFactor: true,
            accessTokenLifetimeMinutes: SECONDS / 60,
          },
          { name: 'Everybody reads', scopes: BASIC, action: 'ALLOW' },
          { name: 'Whoever writes orders proves it twice', action: 'ALLOW', requireSecondFactor: true },
        ],
      },
    ],
  },
};

const person = (login: string) => ({ login, password: passwordOf(login) });

/** What the client says of the session. */
const session = (page: Page) =>
  page.locator('okta-config').evaluate((config) => {
    const { state } = (config as HTMLElement & { client: { state: Record<string, unknown> } }).client;
    return state as { status: string; expiresAt: number; user: { amr: string[] } };
  });

for (const style of ['hosted', 'embedded'] as Style[]) {
  describe(`the policies of an org, ${style}`, () => {
    const shop = site({ seed, embedded: style === 'embedded' });

    /** A page with a guard for each thing the policies are about; the form is open. */
    async function begin(scopes = BASIC.join(' ')) {
      shop.page('/', {
        config: { scopes },
        body: `<main>
          <okta-signin mode="${style}"></okta-signin>
          <okta-callback></okta-callback>
          <okta-guard><p id="secret">For <okta-user></okta-user></p><p slot="signed-out">Nobody yet</p></okta-guard>
          <okta-guard scopes="${ORDERS}"><p id="orders">Orders</p></okta-guard>
          <okta-guard groups='["Warehouse staff"]'><p id="staff">Shelves</p></okta-guard>
        </main>`,
      });
      const profile = await shop.profile();
      const requests = tokenRequests(profile);
      const page = await shop.open(profile, '/');
      await openForm(page, style);
      return { page, requests };
    }

    const mailed = async (login: string) => (await shop.org.mailbox.waitFor(login)).code!;

    it('want a second factor of a group, and give its tokens a shorter life, which is renewed', async () => {
      const { page, requests } = await begin();
      await enterPassword(page, person(grace.login));
      await enterCode(page, 'identifier', await mailed(grace.login));
      // An authenticator app could be set up for the next time.
      await page.locator('a[data-se=skip], #secret, .skip-all').first().waitFor();
      if (!(await page.locator('#secret').isVisible()))
        await page.locator('a[data-se=skip], .skip-all').first().click();
      await page.locator('#staff').waitFor();
      const { user, expiresAt } = await session(page);
      assert.ok(user.amr.includes('mfa'), user.amr.join(' '));
      assert.ok(expiresAt * 1000 - Date.now() <= SECONDS * 1000, 'no longer than the rule says');
      await until(() => requests.filter((grant) => grant === 'refresh_token').length >= 2, 'two renewals');
      assert.ok((await session(page)).expiresAt > expiresAt);
      assert.equal(await page.locator('#staff').isVisible(), true);
    });

    it('want none of others, and leave their tokens the usual hour', async () => {
      const { page } = await begin();
      await enterPassword(page, person(ada.login));
      await page.locator('#secret', { hasText: ada.name }).waitFor();
      const { user, expiresAt } = await session(page);
      assert.deepEqual(user.amr, ['pwd']);
      assert.ok(expiresAt * 1000 - Date.now() > 3_000_000);
      assert.equal(await page.locator('#orders').isVisible(), false);
    });

    it('want a second factor for a scope', async () => {
      const { page } = await begin([...BASIC, ORDERS].join(' '));
      await enterPassword(page, person(ada.login));
      await enterCode(page, 'identifier', await mailed(ada.login));
      await page.locator('a[data-se=skip], #orders, .skip-all').first().waitFor();
      if (!(await page.locator('#orders').isVisible()))
        await page.locator('a[data-se=skip], .skip-all').first().click();
      await page.locator('#orders').waitFor();
      assert.ok((await session(page)).user.amr.includes('mfa'));
    });

    it('deny somebody, who reads why and can try again, also after a reload', async () => {
      const { page } = await begin();
      await enterPassword(page, person('dana@example.com'));
      const alert = page.locator('main').getByRole('alert');
      await alert.first().waitFor();
      assert.match(
        await alert.first().innerText(),
        /^Okta answered: .*(policy|not allowed).*; ask whoever runs this site/i,
      );
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
      assert.equal(asked.length, style === 'embedded' ? 1 : 0, 'nothing goes round in circles');
      assert.equal(await storedTokens(page), 0);
    });

    it('deny one person, and the next one signs in on the same page', async () => {
      const { page } = await begin();
      await enterPassword(page, person('dana@example.com'));
      await page.locator('main').getByRole('alert').first().waitFor();
      await page.locator('okta-callback, okta-signin').getByRole('button').first().click();
      await page.locator('input[name=identifier]').waitFor();
      await settled(page);
      await enterPassword(page, person(ada.login));
      await page.locator('#secret', { hasText: ada.name }).waitFor();
    });
  });
}
