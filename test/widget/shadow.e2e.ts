import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { ada } from '../e2e/support/site.js';
import { embeddedSite, failure, formIsThere, isSignedIn, NOTE_ERRORS, signInAs } from './support/embedded.js';

/* What the page makes of the element itself is the page's. */
const IN_PAGE = '<okta-signin mode="embedded" style="all: initial; display: block"></okta-signin>';
const IN_SHADOW = '<okta-signin mode="embedded" isolation="shadow" style="all: initial; display: block"></okta-signin>';

/** As found in themes of content management systems. */
const ROUGH = `
  html { font-size: 62.5% }
  * { letter-spacing: 2px; box-sizing: content-box; line-height: 3; padding: 1px; border: 2px solid red }
  body { font: italic 30px serif; color: red; text-align: right }
  input, button { width: 300px; padding: 20px; background: lime; border-radius: 0 }
  h1, h2, h3 { font-size: 60px; text-transform: uppercase } label { display: none } svg { max-width: 5px }
  div::before { content: '!!' } main, form { opacity: 0.3 } #shop input { border: 9px dotted blue }`;

/** Every computed style below the widget's main element, in document order. Inherited colours of no text are left out. */
async function computedStyles(page: Page): Promise<string[]> {
  await page.evaluate(() => document.fonts.ready);
  return page.locator('main#okta-sign-in').evaluate(async (main) => {
    await Promise.all(main.getAnimations({ subtree: true }).map((animation) => animation.finished));
    return [main, ...main.querySelectorAll('*')].flatMap((element, index) =>
      [null, '::before', '::after'].flatMap((pseudo) => {
        const style = getComputedStyle(element, pseudo);
        if (pseudo && ['none', 'normal'].includes(style.content)) return [`${index}${pseudo} none`];
        return [...style].map(
          (name) => `${index} ${element.localName}${pseudo ?? ''} ${name}: ${style.getPropertyValue(name)}`,
        );
      }),
    );
  });
}

describe('generation 3', () => {
  const site = embeddedSite();
  const frame = (content: string) =>
    `<div id="shop" style="all: initial; display: block; width: 500px"><div id="place" style="all: initial; display: block">${content}</div></div>`;
  const visit = (content: string, css = '') =>
    site.visit({
      config: { 'widget-generation': '3', nonce: 'n1' },
      head: `<style nonce="n1">${css}</style>`,
      body: frame(content),
    });

  for (const [where, content] of [
    ['in a shadow root', IN_SHADOW],
    ['in the document', IN_PAGE],
  ] as const) {
    it(`looks the same on a page with rough stylesheets: ${where}`, async () => {
      const plain = await visit(IN_PAGE);
      await formIsThere(plain);
      const expected = await computedStyles(plain);
      assert.ok(expected.length > 10_000);
      assert.ok(
        expected.some((line) => /background-color: rgb\((?!255, 255, 255|0, 0, 0)/.test(line)),
        'it has colours',
      );
      const rough = await visit(content, ROUGH);
      await formIsThere(rough);
      const changed = (await computedStyles(rough)).filter((line, index) => line !== expected[index]);
      assert.deepEqual(changed.slice(0, 40), []);
    });

    it(`leaves the page as it is, and nothing behind: ${where}`, async () => {
      const page = await visit(
        `<h2 class="hide nowrap">Shop <span class="strong">1</span></h2><svg class="siwFillPrimary"></svg>${content}`,
      );
      await formIsThere(page);
      const others = () =>
        page.evaluate(() =>
          [...document.querySelectorAll('h2, h2 span, svg.siwFillPrimary, body, html')].map((element) => {
            const style = getComputedStyle(element);
            return [...style]
              .filter((name) => !/size|height|origin|extent|inset|width/.test(name))
              .map((name) => style.getPropertyValue(name))
              .join();
          }),
        );
      const count = () =>
        page.evaluate(() => [
          document.head.children.length,
          document.adoptedStyleSheets.length,
          document.fonts.size,
          document.title,
        ]);
      const during = await others();
      await page.locator('okta-signin').evaluate((element) => element.remove());
      await page.waitForFunction(() => document.head.querySelector('[data-emotion]') === null);
      assert.deepEqual(await others(), during);
      assert.deepEqual(await count(), [
        await page.evaluate(() => document.querySelectorAll('head > *').length),
        0,
        0,
        '/',
      ]);
      assert.equal(await page.locator('head link[rel=stylesheet]').count(), 0);
    });
  }

  it('is chosen for a shadow root when the page names no generation, and signs in there', async () => {
    const page = await site.visit({ body: IN_SHADOW });
    await formIsThere(page);
    assert.equal(await page.evaluate(() => document.querySelector('main')), null);
    await signInAs(page, ada.login, 'ada-password');
    await isSignedIn(page);
  });

  it('is chosen inside the shadow root of another component when the page names no generation', async () => {
    const page = await site.visit({
      body: '<div><template shadowrootmode="open"><okta-signin mode="embedded"></okta-signin></template></div>',
    });
    await formIsThere(page);
    await signInAs(page, ada.login, 'ada-password');
    await isSignedIn(page);
  });

  it('gives way to the document when the attribute goes', async () => {
    const page = await site.visit({ head: NOTE_ERRORS, body: IN_SHADOW });
    await formIsThere(page);
    await page.locator('okta-signin').evaluate((element) => element.removeAttribute('isolation'));
    await page.waitForFunction(() => document.querySelector('main input[name=identifier]'));
    await signInAs(page, ada.login, 'ada-password');
    await isSignedIn(page);
  });

  it('works inside the shadow roots of others, in a shadow root of its own or not', async () => {
    for (const content of [IN_SHADOW, IN_PAGE]) {
      const page = await site.visit({
        config: { 'widget-generation': '3' },
        body: `<div id="app"><template shadowrootmode="open"><div><template shadowrootmode="open">
          <style>input { border: 9px solid red; width: 40px }</style>${content}
        </template></div></template></div>`,
      });
      await formIsThere(page);
      const submit = page.locator('main#okta-sign-in [type=submit]');
      await page.waitForFunction(
        (element) => getComputedStyle(element).color === 'rgb(255, 255, 255)',
        await submit.elementHandle(),
      );
      assert.ok((await page.locator('input[name=identifier]').boundingBox())!.width > 200);
      await signInAs(page, ada.login, 'ada-password');
      await page.locator('okta-signin[state=signed-in]').waitFor({ state: 'attached' });
    }
  });

  it('breaks no policy of a page that names its styles by nonce', async () => {
    const page = await site.visit({
      config: { nonce: 'n1' },
      head: `<script nonce="n1">
        globalThis.violations = [];
        document.addEventListener('securitypolicyviolation', (event) => violations.push(event.violatedDirective));
      </script>`,
      body: '<okta-signin mode="embedded" isolation="shadow"></okta-signin>',
      headers: {
        'Content-Security-Policy':
          "default-src 'self'; script-src 'self' 'nonce-n1'; style-src 'self' 'nonce-n1'; img-src 'self' data:; connect-src 'self' http://localhost:*",
      },
    });
    await formIsThere(page);
    await signInAs(page, ada.login, 'wrong');
    await page.getByText('Unable to sign in').first().waitFor();
    const violations = await page.evaluate(() => (globalThis as unknown as { violations: string[] }).violations);
    // The page's own style element has no nonce.
    assert.deepEqual(violations, ['style-src-elem']);
  });

  it('leaves the styles of a page that uses Emotion too alone', async () => {
    const page = await site.visit({
      config: { 'widget-generation': '3' },
      head: '<style data-emotion="css">#own { color: rgb(1, 2, 3) }</style>',
      body: `<p id="own">Own</p>${IN_SHADOW}`,
    });
    await formIsThere(page);
    const colour = () => page.locator('#own').evaluate((element) => getComputedStyle(element).color);
    assert.equal(await colour(), 'rgb(1, 2, 3)');
    await page.locator('okta-signin').evaluate((element) => element.remove());
    await page.waitForFunction(() => document.head.querySelectorAll('[data-emotion]').length === 1);
    assert.equal(await colour(), 'rgb(1, 2, 3)');
  });
});

describe('generation 2', () => {
  const site = embeddedSite();

  it('says that it cannot be in a shadow root', async () => {
    const page = await site.visit({ config: { 'widget-generation': '2' }, head: NOTE_ERRORS, body: IN_SHADOW });
    const { code, message } = await failure(page);
    assert.equal(code, 'config_invalid');
    assert.match(message, /set widget-generation="3"/);
  });

  it('says the same inside the shadow root of somebody else', async () => {
    const page = await site.visit({
      config: { 'widget-generation': '2' },
      head: NOTE_ERRORS,
      body: `<div><template shadowrootmode="open"><okta-signin mode="embedded"></okta-signin></template></div>`,
    });
    const { message } = await failure(page);
    assert.match(message, /set widget-generation="3"/);
  });
});
