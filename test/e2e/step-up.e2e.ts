import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { assertSignedIn, enterCode, mia, shopFixture, type Style } from './support/shop-fixture.js';

const ADDRESS = '/address.html?from=members#main';

describe('a step-up before the delivery address changes', () => {
  const fixture = shopFixture();

  /** Opens the page that needs a second factor. The user is signed in with a password alone. */
  async function begin() {
    const page = await fixture.visit('/sign-in.html', mia);
    await page.locator('main okta-signin').getByRole('button').click();
    await page.waitForURL(/members\.html/);
    await assertSignedIn(page, mia.name);
    const asked: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'OPTIONS') return;
      const { pathname, searchParams } = new URL(request.url());
      if (!/\/v1\/(authorize|interact)$/.test(pathname)) return;
      const parameters = pathname.endsWith('interact') ? new URLSearchParams(request.postData() ?? '') : searchParams;
      asked.push(`${parameters.get('acr_values')} ${parameters.get('max_age')}`);
    });
    await page.goto(fixture.munchbox.shop.origin + ADDRESS);
    await page.locator('#sign-in').waitFor();
    return { page, asked };
  }

  const state = (page: Page) => page.locator('main > okta-guard');
  const inState = (page: Page, name: string) => page.locator(`main > okta-guard[state=${name}]`).waitFor();

  /** Starts the step-up: on the page of Okta, or with the form in this page. */
  async function choose(page: Page, style: Style): Promise<void> {
    if (style === 'hosted') await page.locator('#sign-in').getByRole('button').click();
    else await page.locator('#choice').getByText('On this page').click();
  }

  /** Completes the step-up with a mailed code. */
  async function confirm(page: Page, style: Style): Promise<void> {
    const { mailbox } = fixture.munchbox.org;
    const after = mailbox.messages(mia.login).at(-1);
    await choose(page, style);
    const { code } = await mailbox.waitFor(mia.login, { after });
    await enterCode(page, 'identifier', code!);
    // Okta offers to set up an authenticator app.
    const skip = page.locator('a[data-se=skip], .skip-all').first();
    await skip.or(page.locator('#address')).first().waitFor();
    if (await skip.isVisible()) await skip.click();
  }

  for (const style of ['hosted', 'embedded'] as Style[]) {
    it(`asks for the second factor only, and the server then accepts the address (${style})`, async () => {
      const { page, asked } = await begin();
      assert.equal(await page.locator('#address').count(), 0, 'the address form is not in the page');
      let navigations = 0;
      page.on('framenavigated', (frame) => (navigations += frame === page.mainFrame() ? 1 : 0));
      await confirm(page, style);
      await page.locator('form#address').waitFor();
      assert.equal(page.url(), fixture.munchbox.shop.origin + ADDRESS);
      assert.deepEqual(asked, ['urn:okta:loa:2fa:any 900']);
      if (style === 'embedded') assert.equal(navigations, 0, 'the page stays');

      await page.reload();
      await page.getByLabel('Street').fill(`1 ${style} Road`);
      await page.getByLabel('Town').fill('Bakewell');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('status').filter({ hasText: 'Saved' }).waitFor();
      assert.equal(asked.length, 1, 'the step-up outlasts the page');
      await page.goto(`${fixture.munchbox.shop.origin}/members.html`);
      await page.locator('#address', { hasText: `1 ${style} Road` }).waitFor();
    });

    it(`stays denied after a reload when Okta denies it, and the user can retry (${style})`, async () => {
      const { page, asked } = await begin();
      const { rules } = fixture.munchbox.org.config.authorizationServer.policies[0]!;
      rules.unshift({ ...rules[0]!, name: 'Nobody for now', groups: ['Members'] });
      try {
        await choose(page, style);
        if (style === 'embedded') await inState(page, 'denied');
        else await page.waitForURL(fixture.munchbox.shop.origin + ADDRESS);
        await inState(page, 'denied');
        await page.getByRole('heading', { name: 'We could not confirm that it is you' }).waitFor();
        assert.equal(page.url(), fixture.munchbox.shop.origin + ADDRESS);
        assert.equal(asked.length, 1);
        await page.reload();
        await inState(page, 'denied');
        await assertSignedIn(page, mia.name);
        await page.waitForLoadState('networkidle');
        assert.equal(asked.length, 1, 'a denied step-up is not started again');
        assert.equal(await page.locator('#address').count(), 0);
      } finally {
        rules.shift();
      }
      await state(page).getByRole('button', { name: 'Try again' }).click();
      await inState(page, 'step-up');
      await choose(page, style);
      await page
        .locator('input[name="credentials.passcode"], .authenticator-row, [data-se=challenge-email]')
        .first()
        .waitFor();
    });
  }

  // The last test: the clock of the org stays ahead of the clock of the next page.
  it('expires after 15 minutes, and Okta asks for everything again', async () => {
    const { page, asked } = await begin();
    await confirm(page, 'hosted');
    await page.locator('form#address').waitFor();
    const later = 901_000;
    fixture.munchbox.org.clock.advance(later);
    await page.clock.install({ time: Date.now() + later });
    await page.reload();
    await inState(page, 'step-up');
    assert.equal(await page.locator('#address').count(), 0);
    await choose(page, 'hosted');
    // The password comes first, the code after it.
    await page.locator('input[name=identifier]').waitFor();
    assert.equal(asked.at(-1), 'urn:okta:loa:2fa:any 900');
  });
});
