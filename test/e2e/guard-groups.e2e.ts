import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { signedIn, signIn } from './support/session.js';
import { ada, EVERYTHING, grace, pageFixture, type Person } from './support/page-fixture.js';
import { eventsOf, recordEvents } from './support/event-recorder.js';

const TEAM = `groups='["Warehouse staff"]'`;
const guards = (count: number) =>
  `<okta-guard class="team" ${TEAM}>
    <p class="shelves">Shelves</p>
    <p slot="pending">One moment</p>
    <p slot="denied">For the team</p>
  </okta-guard>`.repeat(count);

describe('when the ID token has no groups', () => {
  const fixture = pageFixture({
    seed: {
      authorizationServer: { claims: [{ name: 'groups', groups: '.*', in: ['userinfo'], scopes: ['groups'] }] },
    },
  });

  /** The `Authorization` header of each userinfo request, without preflights. */
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
    fixture.page('/shelves', { body: EVERYTHING + guards(count) });
    const profile = await fixture.signedIn(person);
    await recordEvents(profile);
    const asked = watch(profile);
    return { profile, asked, page: await profile.newPage() };
  }

  const all = (page: Page, state: string, count = 1) =>
    page.waitForFunction(([wanted, number]) => document.querySelectorAll(`.team[state=${wanted}]`).length === number, [
      state,
      count,
    ] as const);

  it('opens the guards to a member of the groups in userinfo, after one request for all of them', async () => {
    const { page, asked } = await open(grace, 30);
    await page.goto(`${fixture.origin}/shelves`);
    await all(page, 'allowed', 30);
    assert.equal(await page.locator('.shelves').first().isVisible(), true);
    assert.equal(asked.length, 1);
    assert.match(asked[0] ?? '', /^Bearer /);
  });

  it('denies other users, and names the missing groups', async () => {
    const { page, asked } = await open(ada);
    await page.goto(`${fixture.origin}/shelves`);
    await page.locator('.team').getByText('For the team').waitFor();
    assert.equal(await page.locator('.shelves').isVisible(), false);
    assert.equal(asked.length, 1);
    const changes = (await eventsOf(page)).filter(({ type }) => type === 'okta-guard-change');
    const told = changes.map(({ said }) => JSON.parse(said) as { state: string; missing: unknown });
    const denied = told.filter(({ state }) => state === 'denied').map(({ missing }) => missing);
    assert.deepEqual(denied, [{ groups: ['Warehouse staff'], scopes: [], claims: [] }]);
  });

  it('shows nothing until userinfo arrives', async () => {
    const { page } = await open(grace);
    let answer = () => {};
    const held = new Promise<void>((resolve) => (answer = resolve));
    await page.route('**/v1/userinfo', async (route) => {
      await held;
      await route.continue();
    });
    await page.goto(`${fixture.origin}/shelves`);
    await page.locator('.team').getByText('One moment').waitFor();
    assert.equal(await page.locator('.shelves').isVisible(), false);
    answer();
    await all(page, 'allowed');
  });

  it('shows an error when userinfo fails, and retries when the user asks for it', async () => {
    const { page, asked } = await open(grace, 2);
    fixture.org.faults.set('userinfo', { status: 500 });
    await page.goto(`${fixture.origin}/shelves`);
    const alert = page.locator('.team').first().getByRole('alert');
    await alert.waitFor();
    assert.match(await alert.innerText(), /^.{20,}\.$/s);
    assert.equal(await page.locator('.shelves').first().isVisible(), false);
    const errors = (await eventsOf(page)).filter(({ type }) => type === 'okta-error');
    assert.equal(errors.length, 1, 'one event for all guards');
    fixture.org.faults.clear();
    const before = asked.length;
    await page.locator('.team').first().getByRole('button', { name: 'Try again' }).click();
    await all(page, 'allowed', 1);
    assert.equal(asked.length, before + 1);
  });

  it('rejects the userinfo of another user', async () => {
    const { page } = await open(ada);
    await page.route('**/v1/userinfo', async (route) => {
      const response = await route.fetch();
      const claims = { ...(await response.json()), sub: 'somebody-else', groups: ['Warehouse staff'] };
      await route.fulfill({ response, json: claims });
    });
    await page.goto(`${fixture.origin}/shelves`);
    await all(page, 'error');
    assert.equal(await page.locator('.shelves').isVisible(), false);
  });

  it('requests userinfo again for the next user', async () => {
    const { page, profile, asked } = await open(grace);
    fixture.page('/', { body: EVERYTHING });
    await page.goto(fixture.origin);
    await signedIn(page, grace);
    assert.equal(asked.length, 0, 'a page without such guards requests nothing');
    await page.evaluate((html) => document.body.insertAdjacentHTML('beforeend', html), guards(1));
    await all(page, 'allowed');
    fixture.page('/', { body: EVERYTHING + guards(1) });
    await page.locator('okta-signout').getByRole('button').click();
    await all(page, 'signed-out');
    await fixture.atOkta(profile, ada);
    await signIn(page, ada);
    await all(page, 'denied');
    assert.equal(new Set(asked).size, 2);
  });
});
