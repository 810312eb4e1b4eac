import type { Page } from 'playwright-core';
import type { PageContent } from '../../e2e/support/page-fixture.js';
import type { WidgetFixture } from './widget-fixture.js';
import { roughStylesheets } from './rough-css.js';
import { NONCE } from './ways.js';

/*
 * A page with a widget in the middle of it, rough stylesheets that can be switched on and off, and nothing that the
 * policy of the documentation forbids: no inline style and no inline script.
 */

/** Elements and names that the widget's stylesheets and scripts have something to say about. */
const shop = (tag: string) => `
  <header id="header" class="auth-header main-container"><h1 class="okta-form-title">Shop</h1></header>
  <nav class="clearfix"><a class="link button" href="#x">Link</a> <a class="button button-primary" href="#y">Buy</a></nav>
  <form id="search" class="o-form o-form-button-bar"><fieldset class="o-form-fieldset"><legend>Find</legend>
    <label class="okta-form-label">What <input name="q" value="tea" class="input-fix"></label>
    <span class="icon error-16-small hide"></span><select><option>One</option></select>
    <input type="checkbox" id="box"><label for="box">Box</label><button class="MuiButton-root">Go</button></fieldset></form>
  <p><span id="font">In a font that the widget has too</span></p>
  <ul class="MuiList-root"><li>One</li></ul><table><tr><td class="MuiBox-root">Cell</td></tr></table>
  <svg width="20" height="20" class="MuiSvgIcon-root"><path class="siwFillPrimary" d="M0 0h20v20z"/></svg>
  <main id="content" class="container"><h2>Sign in</h2><div id="place">${tag}</div></main>`;

/*
 * The place of the widget stays where it is, so that pictures can be compared; what is inherited does not. What is around
 * it does not move: to draw that takes more time than everything else. On a phone there is nothing but the widget.
 */
const PLACE = `margin: 0 !important; padding: 0 !important; border: 0 !important; outline: 0 !important;
  transition: none !important; box-shadow: none !important; float: none !important;`;
const SHOP_CSS = `
  :root { color-scheme: light dark; background: Canvas }
  #font { display: inline-block; font-family: Inter, monospace }
  #place { ${PLACE} display: block !important; position: absolute !important; top: 0; left: 0; z-index: 9;
    width: 500px !important; height: 860px !important; background: Canvas !important }
  #place > okta-signin { ${PLACE} display: block !important; background: none !important }
  :not(#place *) { transition: none !important }
  #place::before, #place::after, #place > *::before, #place > *::after { content: none !important }
  @media (max-width: 400px) {
    body > :not(#content), #content > :not(#place) { display: none !important }
    #place { position: static !important; width: auto !important; height: auto !important }
  }`;

const NOTE_BEFORE = `
  globalThis.namesBefore = new Set(Object.getOwnPropertyNames(globalThis));
  globalThis.historyBefore = history.length;`;

interface Noted {
  namesBefore: Set<string>;
  historyBefore: number;
}

export interface ShopOptions {
  /** Stylesheets that the page has besides its own, by name. Default: the rough ones. */
  stylesheets?: Readonly<Record<string, string>>;
}

/** Puts the files of the page, and says what is in it. */
export function shopPage(
  fixture: WidgetFixture,
  { stylesheets = roughStylesheets }: ShopOptions = {},
): { head: string; around(tag: string): string } & Pick<PageContent, 'bare'> {
  fixture.file('/shop.css', 'text/css', SHOP_CSS);
  fixture.file('/note.js', 'text/javascript', NOTE_BEFORE);
  const link = (attributes: string) => `<link rel="stylesheet" nonce="${NONCE}" ${attributes}>`;
  const rough = Object.entries(stylesheets).map(([name, css], index) => {
    fixture.file(`/rough/${index}.css`, 'text/css', css);
    return link(`data-rough="${name}" href="/rough/${index}.css"`);
  });
  return {
    bare: true,
    head: ['<script src="/note.js"></script>', link('data-shop href="/shop.css"'), ...rough].join('\n'),
    around: shop,
  };
}

/** What a page is like around the widget. */
export interface Surroundings {
  digest: string;
  lines: readonly string[];
}

/** Everything about the page that is not the widget's. Without lines when it is what is `expected`. */
export function surroundings(page: Page, expected?: Surroundings): Promise<Surroundings> {
  return page.evaluate(async (digestBefore) => {
    for (const sheet of document.querySelectorAll<HTMLLinkElement>('[data-rough]')) sheet.sheet!.disabled = true;
    // The page's own transitions end where they lead.
    document.body.getBoundingClientRect();
    for (const each of document.getAnimations()) if (each instanceof CSSTransition) each.finish();
    const attributes = (element: Element) =>
      [...element.attributes].map(({ name, value }) => `${name}=${value}`).join(' ');
    const outside = [...document.querySelectorAll('*')].filter(
      (element) => !element.closest('head, script, okta-signin'),
    );
    const ofText = ['color', 'background-color', 'font', 'opacity', 'text-transform', 'letter-spacing', 'text-shadow'];
    const every = [...getComputedStyle(document.documentElement)];
    const parts: [part: string | null, names: string[]][] = [
      [null, every],
      ['::before', every],
      ['::after', every],
      ['::placeholder', ofText],
      ['::marker', ofText],
      ['::selection', ofText],
    ];
    const styles = outside.flatMap((element, index) =>
      parts.flatMap(([part, names]) => {
        const style = getComputedStyle(element, part);
        const place = `${index} ${element.localName}${part ?? ''}`;
        const isAbsent = names === every && part && ['none', 'normal'].includes(style.content);
        return (isAbsent ? ['content'] : names).map((name) => `${place} ${name}: ${style.getPropertyValue(name)}`);
      }),
    );
    const lines = [
      ...outside.map((element) => `<${element.localName} ${attributes(element)}>`),
      `title ${document.title}`,
      `address ${location.href}`,
      `history ${history.length - (globalThis as unknown as Noted).historyBefore}`,
      `cookies ${document.cookie}`,
      ...[...document.querySelectorAll('meta, head > title, script')].map((element) => element.outerHTML),
      ...styles,
    ];
    const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(lines.join('\n')));
    const digest = [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    return { digest, lines: digest === digestBefore ? [] : lines };
  }, expected?.digest);
}

/** How a page differs from what is expected, in up to 20 lines. */
export async function differences(page: Page, expected: Surroundings): Promise<string[]> {
  const { digest, lines } = await surroundings(page, expected);
  if (digest === expected.digest) return [];
  const [was, is] = [new Set(expected.lines), new Set(lines)];
  const different = [
    ...lines.filter((line) => !was.has(line)),
    ...expected.lines.filter((line) => !is.has(line)).map((line) => `no longer ${line}`),
  ];
  return (different.length > 0 ? different : ['its lines have another order']).slice(0, 20);
}

/** Globals that came since the page began, apart from this package's. */
export function newGlobals(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { namesBefore } = globalThis as unknown as Noted;
    const own = /^(namesBefore|historyBefore|showCaret)$|^(lit|reactiveElement)/;
    return Object.getOwnPropertyNames(globalThis)
      .filter((name) => !namesBefore.has(name) && !own.test(name))
      .sort();
  });
}

/** How many stylesheets and fonts are in the page, apart from its own. */
export function addedStyles(page: Page): Promise<Record<'links' | 'styles' | 'adopted' | 'fonts', number>> {
  return page.evaluate(() => ({
    links: document.querySelectorAll('link[rel=stylesheet]:not([data-rough], [data-shop])').length,
    styles: document.querySelectorAll('style').length,
    adopted: document.adoptedStyleSheets.length,
    fonts: document.fonts.size,
  }));
}
