import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import {
  assertSignedIn,
  enterPassword,
  mia,
  openForm,
  sam,
  settled,
  shopFixture,
  storedTokens,
  styles,
  type Style,
} from './support/shop-fixture.js';

const MEMBERS = '/members.html';

describe('a session', () => {
  const fixture = shopFixture();
  const signInButton = (page: Page) => page.locator('main okta-signin').first().getByRole('button');

  it('locks an account after too many wrong passwords', async () => {
    const { directory, config } = fixture.munchbox.org;
    const { id } = directory.findByLogin(sam.login)!;
    directory.setFailedAttempts(id, config.signIn.lockoutAttempts - 1);
    const page = await fixture.visit(styles.hosted);
    await openForm(page, 'hosted');
    await enterPassword(page, { ...sam, password: 'wrong' });
    const locked = page.getByText(/account is locked/i).first();
    await locked.waitFor();
    assert.equal(directory.get(id)!.status, 'LOCKED_OUT');
    assert.equal(await storedTokens(page), 0);
    // Now the right password is rejected too.
    await page.reload();
    await page.locator('input[name=identifier]').waitFor();
    await settled(page);
    // Read from the response: a late second rendering of the form takes its message away.
    const rejection = page.waitForResponse(/\/idp\/idx\/identify/);
    await enterPassword(page, sam);
    assert.match(await (await rejection).text(), /account is locked/i);
    assert.equal(await storedTokens(page), 0);
  });

  it('returns to the path, query and hash of the page', async () => {
    const address = `${MEMBERS}?box=2&note=a%20b#past-boxes`;
    const page = await fixture.visit(address, mia);
    const left = page.waitForRequest(/\/v1\/authorize/);
    await signInButton(page).click();
    await left;
    await assertSignedIn(page, mia.name);
    assert.equal(page.url(), fixture.munchbox.shop.origin + address);
  });

  it('returns to its own origin only, even if return-to names another', async () => {
    const page = await fixture.visit(styles.hosted, mia);
    for (const address of ['https://evil.example/', 'javascript:alert(1)']) {
      await page.locator('main okta-signin').evaluate((el, to) => el.setAttribute('return-to', to), address);
      const [request] = await Promise.all([page.waitForRequest(/\/v1\/authorize/), signInButton(page).click()]);
      assert.ok(request.url().startsWith(fixture.orgOrigin));
      await page.waitForURL(`${fixture.munchbox.shop.origin}/**`);
      await assertSignedIn(page, mia.name);
      assert.equal(new URL(page.url()).origin, fixture.munchbox.shop.origin, address);
      await page.evaluate(() => localStorage.clear());
      await page.goto(fixture.munchbox.shop.origin + styles.hosted);
    }
  });

  it('does not accept a code that the page did not request', async () => {
    const page = await fixture.visit('/?code=PROMO10&state=of-another-app&box=2');
    await page.locator('.account okta-signin').getByRole('button').waitFor();
    assert.equal(new URL(page.url()).search, '?code=PROMO10&state=of-another-app&box=2');
    assert.equal(await storedTokens(page), 0);
  });

  const shops = {
    localhost: () => [fixture.munchbox.shop.origin, fixture.munchbox.org.origin],
    'a custom domain': () => [
      fixture.munchbox.shop.customOrigin,
      fixture.munchbox.org.origins['login.munchbox.localhost']!,
    ],
  } as const;
  for (const [host, originsOf] of Object.entries(shops)) {
    it(`ends in the page, in other tabs and at Okta when the user signs out, on ${host}`, async () => {
      const [shop, org] = originsOf() as [string, string];
      const page = await fixture.visit(shop + MEMBERS, mia);
      await signInButton(page).click();
      await assertSignedIn(page, mia.name);
      const tab = await page.context().newPage();
      await tab.goto(shop + MEMBERS);
      await assertSignedIn(tab, mia.name);

      await page.locator('.account okta-signout').getByRole('button').click();
      await page.waitForURL(`${shop}/`);
      await tab.locator('#next-box').waitFor({ state: 'hidden' });
      assert.equal(await storedTokens(page), 0);
      assert.equal(await storedTokens(tab), 0);
      const session = await page.goto(`${org}/api/v1/sessions/me`);
      assert.equal(session?.status(), 404);

      await signInButton(tab).click();
      await tab.locator('input[name=identifier]').waitFor();
    });
  }

  for (const style of Object.keys(styles) as Style[]) {
    it(`needs no password while the session at Okta lasts (${style})`, async () => {
      const page = await fixture.visit(styles[style], mia);
      if (style === 'hosted') await signInButton(page).click();
      await assertSignedIn(page, mia.name);
      assert.equal(new URL(page.url()).pathname, MEMBERS);
    });
  }

  it('keeps the button visible and disabled until Okta answers', async () => {
    const page = await fixture.visit(MEMBERS, mia);
    let answer!: () => void;
    const held = new Promise<void>((resolve) => (answer = resolve));
    await page.route('**/.well-known/openid-configuration', async (route) => {
      await held;
      await route.continue();
    });
    const requested = page.waitForRequest('**/.well-known/openid-configuration');
    await signInButton(page).click();
    await requested;
    assert.equal(await signInButton(page).isVisible(), true);
    assert.equal(await signInButton(page).isDisabled(), true);
    answer();
    await assertSignedIn(page, mia.name);
  });

  it('shows the error of a failed callback, and a retry returns to the page of the sign-in', async () => {
    const address = `${MEMBERS}?box=2#stamps`;
    const page = await fixture.visit(address, mia);
    fixture.munchbox.org.faults.set('token', { status: 500, times: 1 });
    await signInButton(page).click();
    await page.locator('okta-callback [role=alert]', { hasText: 'The service isn’t available' }).waitFor();
    assert.equal(await storedTokens(page), 0);
    assert.equal(page.url(), `${fixture.munchbox.shop.origin}/`);
    await page.locator('okta-callback').getByRole('button').click();
    await assertSignedIn(page, mia.name);
    assert.equal(page.url(), fixture.munchbox.shop.origin + address);
  });

  it('stays signed out on a page with the embedded form when the revocation fails', async () => {
    const page = await fixture.visit(styles.embedded, mia);
    await assertSignedIn(page, mia.name);
    await page.goto(fixture.munchbox.shop.origin + styles.embedded);
    await assertSignedIn(page, mia.name);
    fixture.munchbox.org.faults.set('revoke', { status: 500, delayMs: 300 });
    await page.locator('.account okta-signout').getByRole('button').click();
    await page.waitForURL(`${fixture.munchbox.shop.origin}/`);
    fixture.munchbox.org.faults.clear();
    await page.locator('.account okta-signin').getByRole('button').waitFor();
    assert.equal(await storedTokens(page), 0);
  });
});
