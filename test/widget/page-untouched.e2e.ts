import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { embeddedSite, formIsThere } from './support/embedded.js';
import { tour } from './support/screens.js';

/* What the page around the widget is like, before it is there, while it is there, and afterwards. */

/** Elements and names that the widget's stylesheets and scripts have something to say about. */
const PAGE = `
  <header id="header" class="auth-header main-container"><h1 class="okta-form-title">Shop</h1></header>
  <nav class="clearfix"><a class="link button" href="#x">Link</a> <a class="button button-primary" href="#y">Buy</a></nav>
  <form id="search" class="o-form o-form-button-bar"><fieldset class="o-form-fieldset"><legend>Find</legend>
    <label class="okta-form-label">What <input name="q" value="tea" class="input-fix"></label>
    <span class="icon error-16-small hide"></span><select><option>One</option></select>
    <input type="checkbox" id="box"><label for="box">Box</label><button class="MuiButton-root">Go</button></fieldset></form>
  <p><span style="display: inline-block; font-family: Inter, monospace">In a font that the widget has too</span></p>
  <ul class="MuiList-root"><li>One</li></ul><table><tr><td class="MuiBox-root">Cell</td></tr></table>
  <svg width="20" height="20" class="MuiSvgIcon-root"><path class="siwFillPrimary" d="M0 0h20v20z"/></svg>
  <section id="place" style="all: initial; display: block; position: absolute; top: 400px; width: 500px; height: 800px"></section>`;

/** Everything about the page that is not the widget's, as text. */
function surroundings(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const attributes = (element: Element) =>
      [...element.attributes].map(({ name, value }) => `${name}=${value}`).join(' ');
    const outside = [...document.querySelectorAll('*')].filter(
      (element) => !element.closest('head, script, okta-signin'),
    );
    const styles = outside.flatMap((element, index) =>
      [null, '::before', '::after', '::placeholder', '::marker', '::selection'].flatMap((part) => {
        const style = getComputedStyle(element, part);
        const place = `${index} ${element.localName}${part ?? ''}`;
        return [...style].map((name) => `${place} ${name}: ${style.getPropertyValue(name)}`);
      }),
    );
    return [
      ...outside.map((element) => `<${element.localName} ${attributes(element)}>`),
      `title ${document.title}`,
      `address ${location.href}`,
      `history ${history.length}`,
      `cookies ${document.cookie}`,
      ...[...document.querySelectorAll('meta, head > title, script')].map((element) => element.outerHTML),
      ...styles,
    ];
  });
}

interface Before {
  namesBefore: Set<string>;
}

const NOTE_GLOBALS = '<script>globalThis.namesBefore = new Set(Object.getOwnPropertyNames(globalThis))</script>';

/** Globals that came since the page began, this package's own apart. */
function newGlobals(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { namesBefore } = globalThis as unknown as Before;
    const own = /^(namesBefore$|lit|reactiveElement|keptLooks)/;
    return Object.getOwnPropertyNames(globalThis)
      .filter((name) => !namesBefore.has(name) && !own.test(name))
      .sort();
  });
}

/** What is in the page for the widget, outside of its element. */
const inHead = (page: Page) =>
  page.evaluate(() => ({
    links: document.head.querySelectorAll('link[rel=stylesheet]').length,
    styles: [...document.head.querySelectorAll('style')].filter((style) => !/okta-guard/.test(style.textContent))
      .length,
    adopted: document.adoptedStyleSheets.length,
    fonts: document.fonts.size,
  }));

const ways = [
  {
    name: 'generation 2',
    config: { 'widget-generation': '2' },
    attributes: '',
    globals: ['AbstractChosen', 'Chosen', 'SelectParser', 'jQueryCourage'],
  },
  { name: 'generation 3', config: { 'widget-generation': '3' }, attributes: '', globals: ['regeneratorRuntime'] },
  {
    name: 'generation 3 in a shadow root',
    config: {},
    attributes: 'isolation="shadow"',
    globals: ['regeneratorRuntime'],
  },
];

describe('the page around the widget', () => {
  const site = embeddedSite();

  for (const { name, config, attributes, globals } of ways) {
    it(`is as it was on every form of ${name}, and afterwards`, async () => {
      const content = { config, head: NOTE_GLOBALS };
      const empty = await surroundings(await site.visit({ ...content, body: PAGE }));
      assert.ok(empty.length > 5000);
      const around = (tag: string) => PAGE.replace('</section>', `${tag}</section>`);
      const different = async (page: Page) => {
        const [was, now] = [new Set(empty), new Set(await surroundings(page))];
        return [...[...now].filter((line) => !was.has(line)), ...empty.filter((line) => !now.has(line))];
      };
      const atEnd = async (part: string, page: Page) => {
        await page.evaluate(() => document.querySelector('okta-signin')!.remove());
        await page.waitForFunction(() => !document.querySelector('head [data-emotion]'));
        assert.deepEqual(await different(page), [], `after ${part}`);
        assert.deepEqual(await newGlobals(page), [], `globals after ${part}`);
        assert.deepEqual(await inHead(page), { links: 0, styles: 0, adopted: 0, fonts: 0 }, `after ${part}`);
      };
      await tour(site, { attributes, content, around, atEnd }, async (screen, page) => {
        assert.deepEqual(await different(page), [], screen);
        assert.deepEqual(await newGlobals(page), globals, `globals while ${screen} is shown`);
      });
    });
  }

  it('is seen to change with Okta’s own stylesheet, so what is compared can differ', async () => {
    const css = `${site.cdn.origin}/css/okta-sign-in.min.css`;
    const page = await site.visit({ body: PAGE });
    const empty = await surroundings(page);
    const shown = await site.visit({
      config: { 'widget-generation': '2', 'widget-css': css },
      body: PAGE.replace('</section>', '<okta-signin mode="embedded"></okta-signin></section>'),
    });
    await formIsThere(shown);
    const was = new Set(empty);
    assert.ok((await surroundings(shown)).filter((line) => !was.has(line)).length > 0);
  });
});
