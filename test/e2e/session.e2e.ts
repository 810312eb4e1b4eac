import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  assertSignedIn,
  enterPassword,
  hosts,
  mia,
  openForm,
  sam,
  settled,
  stage,
  storedTokens,
  styles,
  type Style,
} from './stage.js';

for (const [host, options] of Object.entries(hosts)) {
  describe(`a session on ${host}`, () => {
    const set = stage(options);

    for (const style of Object.keys(styles) as Style[]) {
      it(`locks an account after too many wrong passwords (${style})`, async () => {
        const { directory, config } = set.munchbox.org;
        const { id } = directory.findByLogin(sam.login)!;
        directory.setStatus(id, 'ACTIVE');
        directory.setFailedAttempts(id, config.signIn.lockoutAttempts - 1);
        const page = await set.visit(styles[style]);
        await openForm(page, style);
        await enterPassword(page, { ...sam, password: 'not-his' });
        await page
          .getByText(/account is locked/i)
          .first()
          .waitFor();
        assert.equal(directory.get(id)!.status, 'LOCKED_OUT');
        assert.equal(await storedTokens(page), 0);
        // The right password does not help now.
        await page.reload();
        await page.locator('input[name=identifier]').waitFor();
        await settled(page);
        await enterPassword(page, sam);
        await page
          .getByText(/account is locked/i)
          .first()
          .waitFor();
      });
    }

    it('comes back to path, query and hash exactly', async () => {
      const address = '/members.html?box=2&note=a%20b#past-boxes';
      const page = await set.visit(address);
      await page.locator('main okta-signin').first().getByRole('button').click();
      await page.locator('input[name=identifier]').waitFor();
      assert.notEqual(new URL(page.url()).origin, set.munchbox.shop.origin);
      await settled(page);
      await enterPassword(page, mia);
      await assertSignedIn(page, mia.name);
      assert.equal(page.url(), set.munchbox.shop.origin + address);
    });

    it('goes nowhere but its own origin, whatever return-to says', async () => {
      const page = await set.visit(styles.hosted);
      for (const address of ['https://evil.example/', '//evil.example/', 'javascript:alert(1)', '\\\\evil.example']) {
        await page.locator('main okta-signin').evaluate((el, to) => el.setAttribute('return-to', to), address);
        const [request] = await Promise.all([
          page.waitForRequest(/\/v1\/authorize/),
          page.locator('main okta-signin').getByRole('button').click(),
        ]);
        assert.ok(request.url().startsWith(set.orgOrigin));
        await page.locator('input[name=identifier]').waitFor();
        await settled(page);
        await enterPassword(page, mia);
        await page.waitForURL(`${set.munchbox.shop.origin}/**`);
        await assertSignedIn(page, mia.name);
        assert.equal(new URL(page.url()).origin, set.munchbox.shop.origin, address);
        await page.context().clearCookies();
        await page.evaluate(() => localStorage.clear());
        await page.goto(set.munchbox.shop.origin + styles.hosted);
      }
    });

    it('does not take a code it did not ask for', async () => {
      const page = await set.visit('/?code=PROMO10&state=somebody-elses&box=2');
      await page.locator('.account okta-signin').getByRole('button').waitFor();
      assert.equal(new URL(page.url()).search, '?code=PROMO10&state=somebody-elses&box=2');
      assert.equal(await storedTokens(page), 0);
    });

    it('ends everywhere on sign-out: in the page, in other tabs and at Okta', async () => {
      const page = await set.visit('/members.html');
      await page.locator('main okta-signin').first().getByRole('button').click();
      await page.locator('input[name=identifier]').waitFor();
      await settled(page);
      await enterPassword(page, mia);
      await assertSignedIn(page, mia.name);
      const tab = await page.context().newPage();
      await tab.goto(`${set.munchbox.shop.origin}/members.html`);
      await assertSignedIn(tab, mia.name);

      await page.locator('.account okta-signout').getByRole('button').click();
      await page.waitForURL(`${set.munchbox.shop.origin}/`);
      await tab.locator('#next-box').waitFor({ state: 'hidden' });
      assert.equal(await storedTokens(page), 0);
      assert.equal(await storedTokens(tab), 0);
      const there = await page.context().newPage();
      const session = await there.goto(`${set.orgOrigin}/api/v1/sessions/me`);
      assert.equal(session?.status(), 404);

      await tab.locator('main okta-signin').first().getByRole('button').click();
      await tab.locator('input[name=identifier]').waitFor();
    });

    for (const style of Object.keys(styles) as Style[]) {
      it(`goes straight through while the session at Okta lasts (${style})`, async () => {
        const page = await set.visit(styles.embedded);
        await openForm(page, 'embedded');
        await enterPassword(page, mia);
        await assertSignedIn(page, mia.name);
        await page.evaluate(() => localStorage.clear());
        await page.goto(set.munchbox.shop.origin + styles[style]);
        if (style === 'hosted') await page.locator('main okta-signin').getByRole('button').click();
        await assertSignedIn(page, mia.name);
        assert.equal(new URL(page.url()).pathname, '/members.html');
      });
    }

    it('keeps the button where it is while Okta takes its time', async () => {
      const page = await set.visit('/members.html');
      set.munchbox.org.faults.set('discovery', { delayMs: 2500, times: 1 });
      const button = page.locator('main okta-signin').first().getByRole('button');
      await button.click();
      await settled(page);
      assert.equal(await button.isVisible(), true);
      assert.equal(await button.isDisabled(), true);
      await page.locator('input[name=identifier]').waitFor();
    });

    it('says what failed on the way back, and trying again leads where the sign-in began', async () => {
      const address = '/members.html?box=2#stamps';
      const page = await set.visit(address);
      set.munchbox.org.faults.set('token', { status: 500, times: 1 });
      await page.locator('main okta-signin').first().getByRole('button').click();
      await page.locator('input[name=identifier]').waitFor();
      await settled(page);
      await enterPassword(page, mia);
      await page.locator('okta-callback [role=alert]', { hasText: 'status 500' }).waitFor();
      assert.equal(await storedTokens(page), 0);
      assert.equal(page.url(), `${set.munchbox.shop.origin}/`);
      await page.locator('okta-callback').getByRole('button').click();
      await assertSignedIn(page, mia.name);
      assert.equal(page.url(), set.munchbox.shop.origin + address);
    });

    it('stays signed out on a page with the embedded form, though revoking fails', async () => {
      const page = await set.visit(styles.embedded);
      await openForm(page, 'embedded');
      await enterPassword(page, mia);
      await assertSignedIn(page, mia.name);
      await page.goto(set.munchbox.shop.origin + styles.embedded);
      await assertSignedIn(page, mia.name);
      set.munchbox.org.faults.set('revoke', { status: 500, delayMs: 1000 });
      await page.locator('.account okta-signout').getByRole('button').click();
      await page.waitForURL(`${set.munchbox.shop.origin}/`);
      set.munchbox.org.faults.clear();
      await page.locator('.account okta-signin').getByRole('button').waitFor();
      assert.equal(await storedTokens(page), 0);
    });
  });
}
