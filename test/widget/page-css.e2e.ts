import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { lookOf, pictureOf, useStylesheets } from './support/appearance.js';
import { embeddedSite, formIsThere, widgetFile } from './support/embedded.js';
import { roughStylesheets } from './support/rough-css.js';
import { tour } from './support/screens.js';

/* Every form with the stylesheets of a rough page, and without: no element, no part of one and no picture differs. */

const names = Object.keys(roughStylesheets) as (keyof typeof roughStylesheets)[];

/*
 * The page's own elements around the widget stay where they are, so that pictures can be compared; what is inherited
 * from them does not.
 */
const PLACE = 'display: block; margin: 0; padding: 0; border: 0; outline: 0; transition: none; box-shadow: none';
const around = (tag: string) => `
  <main id="content" class="container"><h1>Shop</h1>
    <div id="place" style="${PLACE}; position: absolute; top: 0; left: 0; width: 500px; height: 860px; background: #fff; z-index: 9">
      ${tag.replace('<okta-signin', `<okta-signin style="${PLACE}; float: none; background: none"`)}
    </div>
  </main>
  <style>#place::before, #place::after, #place > *::before, #place > *::after { content: none !important }</style>`;

const inHead = Object.entries(roughStylesheets)
  .map(([name, css]) => `<style data-rough="${name}">${css}</style>`)
  .join('\n');

/** One after the other with the first form; with the others a few at a time, so that none hides what another does. */
const alone = names.map((name) => [name]);
const inGroups = [names.slice(0, 3), names.slice(3, -1), names.slice(-1), names];

/** Compares the form that is shown with itself on an empty page. */
async function compare(screen: string, page: Page): Promise<void> {
  await page.mouse.move(900, 5);
  await useStylesheets(page, []);
  const { elements } = await lookOf(page, 'empty page');
  assert.ok(elements > 10, `${screen} has ${elements} elements`);
  const picture = await pictureOf(page);
  for (const chosen of screen === 'sign-in' ? [...alone, names] : inGroups) {
    await useStylesheets(page, chosen);
    const { changed } = await lookOf(page, 'rough page', 'empty page');
    assert.deepEqual(changed, [], `${screen}, with ${chosen.join(' and ')}`);
  }
  const after = await pictureOf(page);
  assert.ok(after.equals(picture), `${screen} has the same picture`);
}

const ways = [
  { name: 'generation 2', config: { 'widget-generation': '2' }, attributes: '' },
  { name: 'generation 3', config: { 'widget-generation': '3' }, attributes: '' },
  { name: 'generation 3 in a shadow root', config: {}, attributes: 'isolation="shadow"' },
];

describe('page CSS of the rough kind', () => {
  const site = embeddedSite();

  for (const { name, config, attributes } of ways) {
    it(`changes nothing of any form of ${name}`, async () => {
      const seen: string[] = [];
      await tour(site, { attributes, content: { config, head: inHead }, around }, async (screen, page) => {
        await compare(screen, page);
        seen.push(screen);
      });
      assert.ok(seen.length >= 20, seen.join());
    });

    it(`is loaded before or after, ${name} starts the same`, async () => {
      const body = around(`<okta-signin mode="embedded" ${attributes}></okta-signin>`);
      const start = async (head: string) => {
        const page = await site.visit({ config, head, body });
        await formIsThere(page);
        await page.mouse.move(900, 5);
        await useStylesheets(page, []);
        return pictureOf(page);
      };
      const [empty, rough] = [await start(''), await start(inHead)];
      assert.ok(rough.equals(empty));
    });
  }

  it('changes much of the widget as Okta’s own stylesheet has it, so what is compared can differ', async () => {
    site.cdn.instead.clear();
    const css = `${site.cdn.origin}/css/okta-sign-in.min.css`;
    assert.ok(widgetFile('css/okta-sign-in.min.css').length > 0);
    const page = await site.visit({
      config: { 'widget-generation': '2', 'widget-css': css },
      head: inHead,
      body: around('<okta-signin mode="embedded"></okta-signin>'),
    });
    await formIsThere(page);
    await useStylesheets(page, []);
    await lookOf(page, 'empty page');
    const picture = await pictureOf(page);
    // What is inherited ends at the element the widget is in, whatever the stylesheet.
    for (const name of names.filter((each) => !each.startsWith('inherited'))) {
      await useStylesheets(page, [name]);
      const { changed } = await lookOf(page, 'rough page', 'empty page');
      assert.ok(changed.length > 0, name);
    }
    assert.equal((await pictureOf(page)).equals(picture), false);
  });

  for (const { name, config, attributes } of ways) {
    it(`is seen to change ${name} where it reaches the form after all, so what is compared can differ`, async () => {
      const page = await site.visit({
        config,
        head: '<style data-rough="important">input { letter-spacing: 9px !important }</style>',
        body: around(`<okta-signin mode="embedded" ${attributes}></okta-signin>`),
      });
      await formIsThere(page);
      await useStylesheets(page, []);
      await lookOf(page, 'empty page');
      const intrude = () =>
        page.locator('input[name=identifier]').evaluate((input) => {
          const root = input.getRootNode();
          if (!(root instanceof ShadowRoot)) return;
          const sheet = new CSSStyleSheet();
          sheet.replaceSync('input { letter-spacing: 9px !important }');
          root.adoptedStyleSheets.push(sheet);
        });
      await useStylesheets(page, ['important']);
      if (attributes) {
        assert.deepEqual(
          (await lookOf(page, 'rough page', 'empty page')).changed,
          [],
          'not even !important reaches it',
        );
        await intrude();
      }
      const { changed } = await lookOf(page, 'rough page', 'empty page');
      assert.ok(changed.some((line) => line.includes('letter-spacing: 9px')));
    });
  }
});
