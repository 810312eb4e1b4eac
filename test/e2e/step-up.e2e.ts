import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { enterCode, enterPassword, mia, openForm, stage, type Style } from './stage.js';
import { until } from './support/session.js';

const ADDRESS = '/address.html?from=members#main';

for (const style of ['hosted', 'embedded'] as Style[]) {
  describe(`a step-up before the delivery address changes, ${style}`, () => {
    const set = stage();

    /** Mia, signed in with her password alone, at the page that wants more. */
    async function begin() {
      const page = await set.visit('/sign-in.html');
      await openForm(page, 'hosted');
      await enterPassword(page, mia);
      await page.waitForURL(/members\.html/);
      await page.locator('.account okta-user', { hasText: mia.name }).waitFor();
      const asked: string[] = [];
      page.on('request', (request) => {
        if (request.method() === 'OPTIONS') return;
        const { pathname, searchParams } = new URL(request.url());
        if (!/\/v1\/(authorize|interact)$/.test(pathname)) return;
        const said = pathname.endsWith('interact') ? new URLSearchParams(request.postData() ?? '') : searchParams;
        asked.push(`${said.get('acr_values')} ${said.get('max_age')}`);
      });
      await page.goto(set.munchbox.shop.origin + ADDRESS);
      await page.locator('#sign-in').waitFor();
      return { page, asked };
    }

    const state = (page: Page) => page.locator('main > okta-guard');
    const inState = (page: Page, name: string) => page.locator(`main > okta-guard[state=${name}]`).waitFor();

    /** Confirms it, in this style: only the code is asked for. */
    async function confirm(page: Page): Promise<void> {
      const { mailbox } = set.munchbox.org;
      const before = mailbox.messages(mia.login).length;
      await choose(page);
      await until(() => mailbox.messages(mia.login).length > before, 'the mail');
      await enterCode(page, 'identifier', mailbox.messages(mia.login).at(-1)!.code!);
      // An authenticator app could be set up for the next time.
      const skip = page.locator('a[data-se=skip], .skip-all').first();
      await skip.or(page.locator('#address')).first().waitFor();
      if (await skip.isVisible()) await skip.click();
    }

    /** Starts it, where the switch on the page says. */
    async function choose(page: Page): Promise<void> {
      if (style === 'hosted') await page.locator('#sign-in').getByRole('button').click();
      else await page.locator('#choice').getByText('On this page').click();
    }

    it('asks for just the second factor, and comes back to the same place', async () => {
      const { page, asked } = await begin();
      assert.equal(await page.locator('#address').count(), 0, 'the form is not in the page');
      let left = 0;
      page.on('framenavigated', (frame) => (left += frame === page.mainFrame() ? 1 : 0));
      await confirm(page);
      await page.locator('form#address').waitFor();
      assert.equal(page.url(), set.munchbox.shop.origin + ADDRESS);
      assert.deepEqual(asked, ['urn:okta:loa:2fa:any 900']);
      if (style === 'embedded') assert.equal(left, 0, 'the page was never left');

      await page.reload();
      await page.locator('form#address').waitFor();
      assert.equal(asked.length, 1, 'it holds');
    });

    it('lets the server take the new address, which then comes with a token', async () => {
      const { page } = await begin();
      await confirm(page);
      await page.getByLabel('Street').fill(`1 ${style} Road`);
      await page.getByLabel('Town').fill('Bakewell');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('status').filter({ hasText: 'Saved' }).waitFor();
      await page.goto(`${set.munchbox.shop.origin}/members.html`);
      await page.locator('#address', { hasText: `1 ${style} Road` }).waitFor();
    });

    it('that is refused ends in denied, also after a reload, and can be tried again', async () => {
      const { page, asked } = await begin();
      const { rules } = set.munchbox.org.config.authorizationServer.policies[0]!;
      rules.unshift({ ...rules[0]!, name: 'Nobody for now', groups: ['Members'] });
      try {
        await choose(page);
        if (style === 'embedded') await inState(page, 'denied');
        else await page.waitForURL(set.munchbox.shop.origin + ADDRESS);
        await inState(page, 'denied');
        await page.getByRole('heading', { name: 'We could not confirm that it is you' }).waitFor();
        assert.equal(page.url(), set.munchbox.shop.origin + ADDRESS);
        assert.equal(asked.length, 1);
        await page.reload();
        await inState(page, 'denied');
        await page.waitForLoadState('networkidle');
        assert.equal(asked.length, 1, 'nothing goes round in circles');
        assert.equal(await page.locator('#address').count(), 0);
        assert.equal(
          await page.locator('.account okta-user', { hasText: mia.name }).isVisible(),
          true,
          'still signed in',
        );
      } finally {
        rules.shift();
      }
      await state(page).getByRole('button', { name: 'Try again' }).click();
      await inState(page, 'step-up');
      await confirm(page);
      await page.locator('form#address').waitFor();
    });

    // The last one here: the org's clock stays ahead of the next page's.
    it('is over after a quarter of an hour: then everything is asked for again', async () => {
      const { page, asked } = await begin();
      await confirm(page);
      await page.locator('form#address').waitFor();
      const later = 901_000;
      set.munchbox.org.clock.advance(later);
      await page.clock.install({ time: Date.now() + later });
      await page.reload();
      await inState(page, 'step-up');
      assert.equal(await page.locator('#address').count(), 0);
      await choose(page);
      // The password comes first, the code after it.
      await page.locator('input[name=identifier]').waitFor();
      assert.equal(asked.at(-1), 'urn:okta:loa:2fa:any 900');
    });
  });
}
