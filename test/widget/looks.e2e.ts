import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TestPage } from './support/entry.js';
import { mountFixture, WIDGET } from './support/mount-fixture.js';

declare const testPage: TestPage;

describe('the looks of the widget', () => {
  const at = mountFixture();
  const { begin, open, remove, show, signIn } = at;

  const brand =
    ':root{--okta-color-primary:#c2410c;--okta-radius:14px;--okta-max-width:360px;--okta-font-family:serif}';
  const style = (selector: string, name: string) =>
    at.page
      .locator(`${WIDGET} ${selector}`)
      .first()
      .evaluate((el, property) => getComputedStyle(el).getPropertyValue(property), name);

  it('follow the page’s properties', async () => {
    await open(at.app.page({ css: brand }));
    await show();
    assert.equal(await style('[type=submit]', 'background-color'), 'rgb(194, 65, 12)');
    assert.equal(await style('[type=submit]', 'border-top-left-radius'), '14px');
    assert.equal(await style('main', 'width'), '360px');
    assert.equal(await style('h2', 'font-family'), 'serif');
  });

  const schemes = [
    { theme: 'light', css: ':root{color-scheme:dark}', dark: false },
    { theme: 'dark', css: '', dark: true },
    { theme: 'auto', css: '', dark: false },
    { theme: 'auto', css: ':root{color-scheme:dark}body{background:#000}', dark: true },
  ] as const;
  for (const { theme, css, dark } of schemes) {
    it(`theme ${theme} is ${dark ? 'dark' : 'light'} on ${css.includes('dark') ? 'a dark page' : 'a light page'}, and readable`, async () => {
      await open(at.app.page({ css }));
      await show({ theme });
      await signIn('wrong');
      await at.page.waitForSelector(`${WIDGET} .infobox-error`);
      assert.equal(await style('main', 'background-color'), dark ? 'rgb(27, 29, 35)' : 'rgb(255, 255, 255)');
      const { ratio, text } = await at.page.evaluate((selector) => testPage.leastContrast(selector), WIDGET);
      assert.ok(ratio >= 4.5, `“${text}” has a contrast of ${ratio.toFixed(2)}`);
    });
  }

  it('speak the language of the at.page, or the one asked for', async () => {
    await open(at.app.page({ lang: 'de-AT' }));
    await show();
    assert.equal(await at.page.inputValue(`${WIDGET} [type=submit]`), 'Anmelden');
    await remove();
    await show({ language: 'fr' });
    assert.equal(await at.page.inputValue(`${WIDGET} [type=submit]`), 'Connexion');
  });

  it('begin with the form asked for, and the name given', async () => {
    await open();
    await show({ loginHint: 'ada@example.com' });
    assert.equal(await at.page.inputValue(`${WIDGET} [name=identifier]`), 'ada@example.com');
    await remove();
    await begin({ flow: 'signup' });
    await at.page.waitForSelector(`${WIDGET} [name="userProfile.lastName"]`);
  });
});
