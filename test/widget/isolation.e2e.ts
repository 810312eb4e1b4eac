import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TestPage } from './support/entry.js';
import { mountFixture, WIDGET } from './support/mount-fixture.js';

declare const testPage: TestPage;

describe('the widget next to the rest of the page', () => {
  const at = mountFixture();
  const { begin, open, outcome, show } = at;

  async function computedStyles(selector: string): Promise<string[]> {
    const lines = await at.page.evaluate((value) => testPage.computedStyles(value), selector);
    return lines.split('\n');
  }

  it('leaves address, history, title and the page’s own elements as they are', async () => {
    await open(`${at.app.page({ css: 'body{font:18px serif}' })}#part`);
    const state = () =>
      at.page.evaluate(() => [location.href, String(history.length), document.title, document.body.children.length]);
    const styles = () => computedStyles('body > div, h1, #search, #search *');
    const [before, stylesBefore] = [await state(), await styles()];
    await show();
    assert.deepEqual(await state(), before);
    assert.deepEqual(await styles(), stylesBefore);
  });

  it('stays as it is when the page goes to another address of its own', async () => {
    await open();
    await show();
    await at.page.fill(`${WIDGET} [name=identifier]`, 'ada');
    await at.page.evaluate(async () => {
      history.pushState({}, '', '/elsewhere');
      const isBack = new Promise((resolve) => addEventListener('popstate', resolve, { once: true }));
      history.back();
      await isBack;
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    });
    assert.equal(await at.page.inputValue(`${WIDGET} [name=identifier]`), 'ada');
  });

  it('is no second main of the page', async () => {
    await open();
    await show();
    assert.equal(await at.page.getByRole('main').count(), 1);
  });

  it('refuses a second one while the first is there', async () => {
    await open();
    await show();
    await begin();
    const { error } = await outcome();
    assert.equal(error?.code, 'widget_failed');
    assert.match(error?.message ?? '', /one sign-in form at a time/);
    assert.equal(await at.page.locator(`${WIDGET} [name=identifier]`).count(), 1);
  });
});
