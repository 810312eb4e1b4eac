import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page, Request } from 'playwright-core';
import { assertSignedIn, mia, sam, shopFixture, type User } from './support/shop-fixture.js';

const VANS = '/fragments/vans.html';
const GATE_CODE = '4417';

describe('a fragment that needs a token', () => {
  const fixture = shopFixture();

  /** Requests for the fragment from now on. */
  function watch(page: Page): Request[] {
    const seen: Request[] = [];
    page.context().on('request', (request) => {
      if (new URL(request.url()).pathname === VANS) seen.push(request);
    });
    return seen;
  }

  /** Opens the sign-in page and signs in. The user has a session at Okta already. */
  async function signedIn(user: User): Promise<Page> {
    const page = await fixture.visit('/sign-in.html', user);
    await page.locator('main okta-signin').getByRole('button').click();
    await assertSignedIn(page, user.name);
    return page;
  }

  const staffPage = () => `${fixture.munchbox.shop.origin}/staff.html`;
  const rested = (page: Page) => page.waitForLoadState('networkidle');

  it('is not requested for a signed-out user or a user without the group', async () => {
    const page = await fixture.visit('/sign-in.html', mia);
    const seen = watch(page);
    await page.goto(staffPage());
    await page.getByRole('heading', { name: 'The warehouse door is shut' }).waitFor();
    await rested(page);
    await page.goto(`${fixture.munchbox.shop.origin}/sign-in.html`);
    await page.locator('main okta-signin').getByRole('button').click();
    await assertSignedIn(page, mia.name);
    await page.goto(staffPage());
    await page.getByRole('heading', { name: 'Warehouse team only' }).waitFor();
    await rested(page);
    assert.deepEqual(
      seen.map((request) => request.url()),
      [],
    );
    assert.doesNotMatch(await page.content(), new RegExp(GATE_CODE));
  });

  it('is requested once for a user with the group, with the access token only', async () => {
    const page = await signedIn(sam);
    const seen = watch(page);
    await page.goto(staffPage());
    await page.getByRole('cell', { name: GATE_CODE }).waitFor();
    await rested(page);
    assert.equal(seen.length, 1);
    const headers = await seen[0]!.allHeaders();
    assert.match(headers.authorization ?? '', /^Bearer [\w-]+\.[\w-]+\.[\w-]+$/);
    assert.equal(new URL(seen[0]!.url()).search, '');
  });

  it('is removed from the page when the user signs out', async () => {
    const page = await signedIn(sam);
    await page.goto(staffPage());
    await page.getByRole('cell', { name: GATE_CODE }).waitFor();
    // The content is removed before the browser leaves the page.
    const gone = page.waitForFunction((code) => !document.documentElement.outerHTML.includes(code), GATE_CODE);
    await page.locator('.account okta-signout').getByRole('button').click();
    await gone;
    await page.locator('.account okta-signin').waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: 'The warehouse door is shut' }).waitFor();
    assert.doesNotMatch(await page.content(), new RegExp(GATE_CODE));
  });

  it('shows an error when the server rejects the token, and the rest of the page stays', async () => {
    const page = await signedIn(sam);
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
