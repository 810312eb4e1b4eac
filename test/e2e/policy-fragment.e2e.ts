import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page, Request } from 'playwright-core';
import { assertSignedIn, enterPassword, mia, openForm, sam, stage } from './stage.js';

const VANS = '/fragments/vans.html';
const GATE_CODE = '4417';

describe('a fragment that comes with a token', () => {
  const set = stage();

  /** Every request for it, from the first moment on. */
  function watch(page: Page): Request[] {
    const seen: Request[] = [];
    page.context().on('request', (request) => {
      if (new URL(request.url()).pathname === VANS) seen.push(request);
    });
    return seen;
  }

  async function signIn(page: Page, person: typeof mia): Promise<void> {
    await openForm(page, 'hosted');
    await enterPassword(page, person);
    await assertSignedIn(page, person.name);
  }

  const staffPage = () => `${set.munchbox.shop.origin}/staff.html`;
  const rested = (page: Page) => page.waitForLoadState('networkidle');

  it('is not asked for while nobody is signed in, nor by who may not see it', async () => {
    const page = await set.visit('/sign-in.html');
    const seen = watch(page);
    await page.goto(staffPage());
    await page.getByRole('heading', { name: 'The warehouse door is shut' }).waitFor();
    await rested(page);
    await page.goto(`${set.munchbox.shop.origin}/sign-in.html`);
    await signIn(page, mia);
    await page.goto(staffPage());
    await page.getByRole('heading', { name: 'Warehouse team only' }).waitFor();
    await rested(page);
    assert.deepEqual(
      seen.map((request) => request.url()),
      [],
    );
    assert.doesNotMatch(await page.content(), new RegExp(GATE_CODE));
  });

  it('is asked for once by who may, with the token and nothing else of the session', async () => {
    const page = await set.visit('/sign-in.html');
    await signIn(page, sam);
    const seen = watch(page);
    await page.goto(staffPage());
    await page.getByRole('cell', { name: GATE_CODE }).waitFor();
    await rested(page);
    assert.equal(seen.length, 1);
    const headers = await seen[0]!.allHeaders();
    assert.match(headers.authorization ?? '', /^Bearer [\w-]+\.[\w-]+\.[\w-]+$/);
    assert.equal(new URL(seen[0]!.url()).search, '');
  });

  it('is gone from the page when the user signs out', async () => {
    const page = await set.visit('/sign-in.html');
    await signIn(page, sam);
    await page.goto(staffPage());
    await page.getByRole('cell', { name: GATE_CODE }).waitFor();
    // Out of the page before the browser leaves it.
    const gone = page.waitForFunction((code) => !document.documentElement.outerHTML.includes(code), GATE_CODE);
    await page.locator('.account okta-signout').getByRole('button').click();
    await gone;
    await page.locator('.account okta-signin').waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: 'The warehouse door is shut' }).waitFor();
    assert.doesNotMatch(await page.content(), new RegExp(GATE_CODE));
  });

  it('that the server will not give shows an error, and the rest of the page stays', async () => {
    const page = await set.visit('/sign-in.html');
    await signIn(page, sam);
    await page.route(`**${VANS}`, (route) => {
      const headers = { ...route.request().headers(), authorization: 'Bearer a.b.c' };
      return route.continue({ headers });
    });
    await page.goto(staffPage());
    await page.locator('.fragment').getByText('The vans cannot be shown at the moment').waitFor();
    assert.equal(await page.getByRole('heading', { name: 'Packing list' }).isVisible(), true);
    assert.doesNotMatch(await page.content(), new RegExp(GATE_CODE));
  });
});
