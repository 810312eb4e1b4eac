import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { until } from '../e2e/support/session.js';
import { widgetFixture, formIsThere, generations, WIDGET_PAGE } from './support/widget-fixture.js';
import { readable } from './support/appearance.js';

/** How light what is behind the form is, from 0 to 255. */
const lightness = (page: Page) =>
  page.locator('main#okta-sign-in input[name=identifier]').evaluate((field) => {
    for (let at: Element | null = field; at; at = at.parentElement) {
      const [red = 0, , , opacity = 1] = getComputedStyle(at)
        .backgroundColor.match(/[\d.]+/g)!
        .map(Number);
      if (opacity > 0) return red;
    }
    return 255;
  });

describe('the look of the embedded widget', () => {
  const fixture = widgetFixture();

  for (const generation of generations) {
    const visit = async (css: string, options = '') => {
      const page = await fixture.visit({
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
      it('is dark or light as the page is, or as theme says, live', async () => {
        const page = await fixture.visit({
          config: { 'widget-generation': generation },
          head: '<style>:root { color-scheme: light dark }</style>',
          body: WIDGET_PAGE,
        });
        await formIsThere(page);
        const element = page.locator('okta-signin');
        const steps: [scheme: 'light' | 'dark', theme: string, dark: boolean][] = [
          ['light', 'auto', false],
          ['dark', 'auto', true],
          ['dark', 'light', false],
          ['light', 'dark', true],
        ];
        for (const [colorScheme, theme, dark] of steps) {
          await page.emulateMedia({ colorScheme });
          await element.evaluate((each, value) => each.setAttribute('theme', value), theme);
          await until(async () => (await lightness(page)) < 100 === dark, `${theme} on a ${colorScheme} page`);
        }
      });

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

  it('is what the author says in the words of generation 3', async () => {
    const page = await fixture.visit({
      config: { 'widget-generation': '3' },
      head: '<style>okta-signin { --okta-color-primary: #c2410c; --okta-radius: 14px }</style>',
      body: `${WIDGET_PAGE}<script>document.querySelector('okta-signin').widgetOptions = {
        brandColors: { primaryColor: '#008000' }, theme: { tokens: { BorderRadiusMain: '3px', BorderRadiusTight: '3px' } },
      }</script>`,
    });
    await formIsThere(page);
    const { radius, colour } = await page.locator('main#okta-sign-in [type=submit]').evaluate((button) => {
      const { borderTopLeftRadius, backgroundColor } = getComputedStyle(button);
      return { radius: borderTopLeftRadius, colour: backgroundColor.match(/\d+/g)!.map(Number) };
    });
    assert.equal(radius, '3px');
    assert.ok(colour[1]! > colour[0]! && colour[1]! > colour[2]!, String(colour));
  });

  it('has the page’s own surface, text and danger behind and in generation 3, and greys that go with them', async () => {
    const page = await fixture.visit({
      config: { 'widget-generation': '3' },
      head: `<style>
        body { background: #000 }
        okta-signin { --okta-color-surface: #1a0c2e; --okta-color-text: #f0e6ff; --okta-color-danger: #ff9b9b }
      </style>`,
      body: WIDGET_PAGE,
    });
    await formIsThere(page);
    // It renders the form anew when it has been drawn first.
    const error = page.locator('main#okta-sign-in .Mui-error').first();
    await until(async () => {
      await page.locator('main#okta-sign-in [type=submit]').click();
      return error.isVisible();
    }, 'fields left empty are noticed');
    const colours = await page.evaluate(() =>
      [...document.querySelectorAll('main#okta-sign-in *')].flatMap((element) => {
        const { color, backgroundColor } = getComputedStyle(element);
        return [color, backgroundColor];
      }),
    );
    for (const said of ['rgb(26, 12, 46)', 'rgb(240, 230, 255)', 'rgb(255, 155, 155)']) {
      assert.ok(colours.includes(said), `${said} is somewhere`);
    }
    await readable(page, 'on a dark surface');
  });

  it('is what afterTransform makes of a form of generation 3', async () => {
    const page = await fixture.visit({
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
