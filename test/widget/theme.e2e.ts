import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { embeddedSite, formIsThere, generations, WIDGET_PAGE } from './support/embedded.js';

describe('the look of the embedded widget', () => {
  const site = embeddedSite();

  for (const generation of generations) {
    const visit = async (css: string, options = '') => {
      const page = await site.visit({
        config: { 'widget-generation': generation },
        head: `<style>okta-signin { ${css} }</style>`,
        body: `${WIDGET_PAGE}<script>document.querySelector('okta-signin').widgetOptions = {${options}}</script>`,
      });
      await formIsThere(page);
      const style = (selector: string, name: string) =>
        page
          .locator(`main#okta-sign-in ${selector}`)
          .first()
          .evaluate((element, property) => getComputedStyle(element).getPropertyValue(property), name);
      return { style };
    };

    describe(`generation ${generation}`, () => {
      it('follows the page’s properties, whatever way a colour is written', async () => {
        const { style } = await visit(
          '--okta-color-primary: hsl(17 88% 40%); --okta-radius: 14px; --okta-font-family: monospace',
        );
        const [red = 0, green = 0, blue = 0] = (await style('[type=submit]', 'background-color'))
          .match(/\d+/g)!
          .map(Number);
        // Generation 3 makes a palette of it, with enough contrast.
        assert.ok(red > 170 && green < 90 && blue < 60, `${red} ${green} ${blue}`);
        assert.equal(await style('[type=submit]', 'border-top-left-radius'), '14px');
        assert.equal(await style(':is(h1, h2, h3)', 'font-family'), 'monospace');
      });

      it('lets the widget’s own option for the colour win', async () => {
        const { style } = await visit('--okta-color-primary: rgb(200, 0, 0)', "colors: { brand: '#008000' }");
        const [red = 255, green = 0, blue = 255] = (await style('[type=submit]', 'background-color'))
          .match(/\d+/g)!
          .map(Number);
        assert.ok(red < 60 && green > 100 && blue < 60, `${red} ${green} ${blue}`);
      });
    });
  }

  it('is from right to left in generation 3 where its language is', async () => {
    const page = await site.visit({
      config: { 'widget-generation': '3' },
      body: `<div lang="ar">${WIDGET_PAGE}</div><script>
        document.querySelector('okta-signin').widgetOptions = { i18n: { ar: { 'primaryauth.title': 'دخول' } } };
      </script>`,
    });
    await formIsThere(page);
    const direction = await page.locator('main#okta-sign-in').evaluate((main) => getComputedStyle(main).direction);
    assert.equal(direction, 'rtl');
  });

  it('is what afterTransform makes of a form of generation 3', async () => {
    const page = await site.visit({
      config: { 'widget-generation': '3' },
      body: `${WIDGET_PAGE}<script>
        document.querySelector('okta-signin').widgetOptions = {
          hooks: { identify: { afterTransform: [({ formBag }) => {
            formBag.uischema.elements.find(({ type }) => type === 'Title').options.content = 'Members only';
          }] } },
        };
      </script>`,
    });
    await page.getByRole('heading', { name: 'Members only' }).waitFor();
  });
});
