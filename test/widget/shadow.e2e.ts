import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ada } from '../e2e/support/page-fixture.js';
import { widgetFixture, failure, formIsThere, isSignedIn, NOTE_ERRORS, signInAs } from './support/widget-fixture.js';

/* What the page makes of the element itself is the page's. */
const IN_PAGE = '<okta-signin mode="embedded" style="all: initial; display: block"></okta-signin>';
const IN_SHADOW = '<okta-signin mode="embedded" isolation="shadow" style="all: initial; display: block"></okta-signin>';

describe('the widget in a shadow root', () => {
  const fixture = widgetFixture();
  it('is chosen for a shadow root when the page names no generation, and signs in there', async () => {
    const page = await fixture.visit({ body: IN_SHADOW });
    await formIsThere(page);
    assert.equal(await page.evaluate(() => document.querySelector('main')), null);
    await signInAs(page, ada.login, 'ada-password');
    await isSignedIn(page);
  });

  it('is chosen inside the shadow root of another component when the page names no generation', async () => {
    const page = await fixture.visit({
      body: '<div><template shadowrootmode="open"><okta-signin mode="embedded"></okta-signin></template></div>',
    });
    await formIsThere(page);
    await signInAs(page, ada.login, 'ada-password');
    await isSignedIn(page);
  });

  it('gives way to the document when the attribute goes', async () => {
    const page = await fixture.visit({ head: NOTE_ERRORS, body: IN_SHADOW });
    await formIsThere(page);
    await page.locator('okta-signin').evaluate((element) => element.removeAttribute('isolation'));
    await page.waitForFunction(() => document.querySelector('main input[name=identifier]'));
    await signInAs(page, ada.login, 'ada-password');
    await isSignedIn(page);
  });

  it('works inside the shadow roots of others, in a shadow root of its own or not', async () => {
    for (const content of [IN_SHADOW, IN_PAGE]) {
      const page = await fixture.visit({
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

  it('leaves the styles of a page that uses Emotion too alone', async () => {
    const page = await fixture.visit({
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

  it('is not generation 2, which says so', async () => {
    const page = await fixture.visit({ config: { 'widget-generation': '2' }, head: NOTE_ERRORS, body: IN_SHADOW });
    const { code, message } = await failure(page);
    assert.equal(code, 'config_invalid');
    assert.match(message, /set widget-generation="3"/);
  });

  it('is not generation 2 in the shadow root of another component, which says so', async () => {
    const page = await fixture.visit({
      config: { 'widget-generation': '2' },
      head: NOTE_ERRORS,
      body: `<div><template shadowrootmode="open"><okta-signin mode="embedded"></okta-signin></template></div>`,
    });
    const { message } = await failure(page);
    assert.match(message, /set widget-generation="3"/);
  });
});
