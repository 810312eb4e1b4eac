import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { ada } from '../e2e/support/page-fixture.js';
import {
  widgetFixture,
  formIsThere,
  generations,
  identifier,
  isSignedIn,
  signInAs,
  WIDGET_PAGE,
} from './support/widget-fixture.js';
import { field } from './support/flows.js';

const setOnPage = (page: Page, name: 'lang' | 'dir', value: string) =>
  page.evaluate((said) => document.documentElement.setAttribute(...(said as [string, string])), [name, value]);

describe('the language of the embedded widget', () => {
  const fixture = widgetFixture();

  for (const generation of generations) {
    const config = { 'widget-generation': generation };

    describe(`of generation ${generation}`, () => {
      it('follows the page’s, also when that changes, and what was typed for a name stays', async () => {
        const page = await fixture.visit({ config, body: WIDGET_PAGE });
        await formIsThere(page);
        await identifier(page).fill(ada.login);
        await setOnPage(page, 'lang', 'de-AT');
        await page.locator('main#okta-sign-in:lang(de)').or(page.getByText('Anmelden')).first().waitFor();
        await field(page, 'password').waitFor();
        assert.equal(await identifier(page).inputValue(), ada.login);
        assert.equal(await page.locator('main#okta-sign-in').count(), 1);
        await signInAs(page, ada.login, 'ada-password');
        await isSignedIn(page);
      });

      it('changes in the middle of a sign-in, which goes on where it was', async () => {
        const page = await fixture.visit({ config, body: `<div lang="en">${WIDGET_PAGE}</div>` });
        await formIsThere(page);
        await signInAs(page, 'alan@example.com', 'alan-password');
        await field(page, 'code').waitFor();
        const asked: string[] = [];
        page.on('request', (request) => asked.push(new URL(request.url()).pathname));
        await page.locator('div[lang]').evaluate((element) => element.setAttribute('lang', 'fr'));
        await page.getByText(/code/i).first().waitFor();
        await page
          .getByText(/vérifi/i)
          .first()
          .waitFor();
        await field(page, 'code').waitFor();
        assert.equal(asked.filter((path) => path.endsWith('/v1/interact')).length, 0);
        assert.equal(await identifier(page).count(), 0);
      });

      it('is the author’s, whatever the page says, where they name one', async () => {
        const page = await fixture.visit({
          config,
          body: `${WIDGET_PAGE}<script>document.querySelector('okta-signin').widgetOptions = { language: 'fr' }</script>`,
        });
        await page.getByText('Connexion').first().waitFor();
        await identifier(page).fill('typed');
        await setOnPage(page, 'lang', 'de');
        await page.evaluate(
          () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
        );
        assert.equal(await identifier(page).inputValue(), 'typed');
        await page.getByText('Connexion').first().waitFor();
      });

      it('has its direction, and so has the page, live', async () => {
        const page = await fixture.visit({
          config,
          body: `<div lang="ar">${WIDGET_PAGE}</div><script>
            document.querySelector('okta-signin').widgetOptions = { i18n: { ar: { 'primaryauth.title': 'دخول' } } };
          </script>`,
        });
        await page.getByRole('heading', { name: 'دخول' }).waitFor();
        const direction = (of: Page) =>
          of.locator('main#okta-sign-in').evaluate((main) => getComputedStyle(main).direction);
        assert.equal(await direction(page), 'rtl');
        await page.locator('div[lang]').evaluate((element) => element.setAttribute('lang', 'en'));
        await page.getByRole('heading', { name: 'Sign In' }).waitFor();
        assert.equal(await direction(page), 'ltr');
        await setOnPage(page, 'dir', 'rtl');
        await page.waitForFunction(
          (main) => getComputedStyle(main as Element).direction === 'rtl',
          await page.locator('main#okta-sign-in').elementHandle(),
        );
      });
    });
  }
});
