import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TestPage } from './support/entry.js';
import { app, begin, hosts, open, org, outcome, page, PASSWORD, show, signIn, WIDGET } from './support/harness.js';

declare const testPage: TestPage;

async function computedStyles(selector: string): Promise<string[]> {
  const lines = await page.evaluate((value) => testPage.computedStyles(value), selector);
  return lines.split('\n');
}

describe('the widget next to the rest of the page', () => {
  it('leaves address, history, title and the page’s own elements as they are', async () => {
    await open(`${app.page({ css: 'body{font:18px serif}' })}#part`);
    const state = () =>
      page.evaluate(() => [location.href, String(history.length), document.title, document.body.children.length]);
    const styles = () => computedStyles('body > div, h1, #search, #search *');
    const [before, stylesBefore] = [await state(), await styles()];
    await show();
    assert.deepEqual(await state(), before);
    assert.deepEqual(await styles(), stylesBefore);
  });

  it('stays as it is when the page goes to another address of its own', async () => {
    await open();
    await show();
    await page.fill(`${WIDGET} [name=identifier]`, 'ada');
    await page.evaluate(() => history.pushState({}, '', '/elsewhere'));
    await page.goBack();
    await page.waitForTimeout(300);
    assert.equal(await page.inputValue(`${WIDGET} [name=identifier]`), 'ada');
  });

  it('is not changed by stylesheets of the rough kind', async () => {
    const frame = () =>
      page.evaluate(() => {
        document.querySelector<HTMLElement>('#host')!.style.cssText = 'all:initial;display:block;width:400px';
      });
    const look = async () => {
      await frame();
      await show();
      await page.waitForFunction(() => document.activeElement?.getAttribute('name') === 'identifier');
      await page.evaluate(() => new Promise((resolve) => setTimeout(() => requestAnimationFrame(resolve), 100)));
      return computedStyles(`${WIDGET}, ${WIDGET} *`);
    };
    await open();
    const expected = await look();
    assert.ok(expected.length > 10_000);
    for (const css of roughStylesheets) {
      await page.goto('about:blank');
      await open(app.page({ css }));
      const changed = (await look()).filter((line, index) => line !== expected[index]);
      assert.deepEqual(changed, [], css.slice(0, 80));
    }
  });

  it('needs no more than script-src, style-src, font-src, img-src and connect-src, and asks no other host', async () => {
    await open();
    await show();
    await signIn(PASSWORD);
    await outcome();
    assert.deepEqual(await page.evaluate(() => testPage.violations()), []);
    assert.deepEqual([...hosts].sort(), [new URL(app.origin).host, new URL(org.origin).host].sort());
  });

  it('is no second main of the page', async () => {
    await open();
    await show();
    assert.equal(await page.getByRole('main').count(), 1);
  });

  it('refuses a second one while the first is there', async () => {
    await open();
    await show();
    await begin();
    const { error } = await outcome();
    assert.equal(error?.code, 'widget_failed');
    assert.match(error?.message ?? '', /one sign-in form at a time/);
    assert.equal(await page.locator(`${WIDGET} [name=identifier]`).count(), 1);
  });
});

/** As found in themes of content management systems, `!important` apart. */
const roughStylesheets = [
  // A reset that goes too far, and a root that makes `rem` small.
  `html{font-size:62.5%}*{margin:0;padding:0;border:0;box-sizing:content-box;line-height:2;letter-spacing:2px;
   font:italic 20px serif;color:#123456;text-align:right;list-style:square;transition:all 1s;float:left}`,
  // Element selectors.
  `input,button,select{width:100%;padding:20px;border:4px solid red;background:yellow;border-radius:0;appearance:none}
   a{color:red;text-decoration:underline wavy;font-size:30px}h1,h2,h3{font-size:60px;text-transform:uppercase;margin:50px}
   label{display:none}form{opacity:.3;max-width:50px}p,span,div{padding:12px;background:pink}img,svg{max-width:10px}
   main{display:flex;flex-direction:row-reverse;background:#000;min-width:900px}`,
  // Class names that the widget shares with everybody.
  `.button,.button-primary{display:inline-block;background:#000;font-size:40px;float:left}.link{display:block;color:lime}
   .clearfix{overflow:scroll}.o-form{border:1px dashed}.hide{display:none}.auth-content{padding:90px}.infobox{color:lime}`,
  // Pseudo-elements and states.
  `*::before,*::after{content:"!!";color:red;display:block;position:absolute}input::placeholder{color:lime}
   :focus,:hover{outline:9px solid lime;background:lime}:first-child{margin-top:99px}`,
  // Ids, and selectors as heavy as they get in practice.
  `#content input,#content a,#content div,#content #host *{border:4px dotted blue;margin:20px;font-size:40px}
   body#x main,body main#content #host form input[type]{padding:70px}#okta-sign-in{background:red;margin:99px}
   #okta-sign-in.auth-container.main-container .button-primary{background:lime}`,
  // Inherited properties and animations of the same name.
  `body{font:30px/3 serif;color:red;text-align:center;visibility:visible;word-spacing:9px;text-shadow:1px 1px red;cursor:wait;
   quotes:"<" ">";tab-size:9}@keyframes load8{to{opacity:0}}@font-face{font-family:okticon;src:url(/none.woff)}`,
];
