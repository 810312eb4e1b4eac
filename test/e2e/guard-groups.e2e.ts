import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { signIn } from './support/session.js';
import { ada, EVERYTHING, grace, site, type Person } from './support/site.js';
import { eventsOf, witnessEvents } from './support/witness.js';

const TEAM = `groups='["Warehouse staff"]'`;
const guards = (count: number) =>
  `<okta-guard class="team" ${TEAM}>
    <p class="shelves">Shelves</p>
    <p slot="pending">One moment</p>
    <p slot="denied">For the team</p>
  </okta-guard>`.repeat(count);

describe('groups that the ID token leaves out', () => {
  const shop = site({
    seed: {
      authorizationServer: { claims: [{ name: 'groups', groups: '.*', in: ['userinfo'], scopes: ['groups'] }] },
    },
  });

  /** Requests for userinfo, each as what it brought. Preflights are not in it. */
  function watch(profile: BrowserContext): (string | undefined)[] {
    const asked: (string | undefined)[] = [];
    profile.on('request', (request) => {
      if (request.method() === 'GET' && request.url().endsWith('/v1/userinfo')) {
        asked.push(request.headers().authorization);
      }
    });
    return asked;
  }

  async function open(person: Person, count = 1) {
    shop.page('/', { body: EVERYTHING });
    shop.page('/shelves', { body: EVERYTHING + guards(count) });
    const profile = await shop.profile(person);
    await witnessEvents(profile);
    const asked = watch(profile);
    const page = await shop.open(profile, '/');
    await signIn(page, person);
    assert.equal(asked.length, 0, 'nobody wants to know yet');
    return { profile, asked, page };
  }

  const all = (page: Page, state: string, count = 1) =>
    page.waitForFunction(([wanted, number]) => document.querySelectorAll(`.team[state=${wanted}]`).length === number, [
      state,
      count,
    ] as const);

  it('open a guard to whom userinfo says is in them, after one request for all guards of the page', async () => {
    const { page, asked } = await open(grace, 30);
    await page.goto(`${shop.origin}/shelves`);
    await all(page, 'allowed', 30);
    assert.equal(await page.locator('.shelves').first().isVisible(), true);
    assert.equal(asked.length, 1);
    assert.match(asked[0] ?? '', /^Bearer /);
  });

  it('keep it closed to who is not, and it says which are missing', async () => {
    const { page, asked } = await open(ada);
    await page.goto(`${shop.origin}/shelves`);
    await page.locator('.team').getByText('For the team').waitFor();
    assert.equal(await page.locator('.shelves').isVisible(), false);
    assert.equal(asked.length, 1);
    const changes = (await eventsOf(page)).filter(({ type }) => type === 'okta-guard-change');
    const told = changes.map(({ said }) => JSON.parse(said) as { state: string; missing: unknown });
    const denied = told.filter(({ state }) => state === 'denied').map(({ missing }) => missing);
    assert.deepEqual(denied, [{ groups: ['Warehouse staff'], scopes: [], claims: [] }]);
  });

  it('show nothing until the answer is there', async () => {
    const { page } = await open(grace);
    let answer = () => {};
    const held = new Promise<void>((resolve) => (answer = resolve));
    await page.route('**/v1/userinfo', async (route) => {
      await held;
      await route.continue();
    });
    await page.goto(`${shop.origin}/shelves`);
    await page.locator('.team').getByText('One moment').waitFor();
    assert.equal(await page.locator('.shelves').isVisible(), false);
    answer();
    await all(page, 'allowed');
  });

  it('show an error when Okta does not say, and are asked for again when told to', async () => {
    const { page, asked } = await open(grace, 2);
    shop.org.faults.set('userinfo', { status: 500 });
    await page.goto(`${shop.origin}/shelves`);
    const alert = page.locator('.team').first().getByRole('alert');
    await alert.waitFor();
    assert.match(await alert.innerText(), /^.{20,}\.$/s);
    assert.equal(await page.locator('.shelves').first().isVisible(), false);
    const errors = (await eventsOf(page)).filter(({ type }) => type === 'okta-error');
    assert.equal(errors.length, 1, 'told once, however many guards');
    shop.org.faults.clear();
    const before = asked.length;
    await page.locator('.team').first().getByRole('button', { name: 'Try again' }).click();
    await all(page, 'allowed', 1);
    assert.equal(asked.length, before + 1);
  });

  it('are of no use when they are somebody else’s', async () => {
    const { page } = await open(ada);
    await page.route('**/v1/userinfo', async (route) => {
      const response = await route.fetch();
      const claims = { ...(await response.json()), sub: 'somebody-else', groups: ['Warehouse staff'] };
      await route.fulfill({ response, json: claims });
    });
    await page.goto(`${shop.origin}/shelves`);
    await all(page, 'error');
    assert.equal(await page.locator('.shelves').isVisible(), false);
  });

  it('are asked for anew for the next user, whose are their own', async () => {
    const { page, profile, asked } = await open(grace);
    shop.page('/', { body: EVERYTHING + guards(1) });
    await page.goto(shop.origin);
    await all(page, 'allowed');
    await page.locator('okta-signout').getByRole('button').click();
    await all(page, 'signed-out');
    await shop.atOkta(profile, ada);
    await signIn(page, ada);
    await all(page, 'denied');
    assert.equal(new Set(asked).size, 2);
  });
});
