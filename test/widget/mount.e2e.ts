import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { chromium, type Browser, type Page } from 'playwright-core';
import { createOrg, type Org } from '../../src/org/index.js';
import { chromiumArguments, ensureBrowser } from '../support/runners/browsers.js';
import { startApp, type App } from './support/app.js';
import type { Settings, TestPage } from './support/entry.js';

declare const testPage: TestPage;

const WIDGET = '#okta-elements-widget';
const PASSWORD = 'correct horse';

let org: Org;
let app: App;
let browser: Browser;
let page: Page;
let hosts: Set<string>;
let problems: string[];

before(async () => {
  app = await startApp('http://localhost:*');
  org = await createOrg({
    seed: {
      users: [{ login: 'ada@example.com', firstName: 'Ada', lastName: 'Lovelace', password: PASSWORD }],
      clients: [{ id: 'shop', label: 'Shop', redirectUris: [`${app.origin}/`] }],
      trustedOrigins: [app.origin],
    },
  });
  browser = await chromium.launch({ executablePath: await ensureBrowser('chromium'), args: chromiumArguments });
});
after(async () => {
  await browser.close();
  await org.close();
  await app.close();
});

beforeEach(async () => {
  page = await browser.newPage({ viewport: { width: 1000, height: 900 } });
  hosts = new Set();
  problems = [];
  page.on('request', (request) => {
    const { protocol, host } = new URL(request.url());
    if (protocol !== 'data:') hosts.add(host);
  });
  page.on('pageerror', (error) => problems.push(String(error)));
});
afterEach(async () => {
  org.faults.clear();
  app.missing.clear();
  await page.close();
  assert.deepEqual(problems, []);
});

const verifier = randomBytes(32).toString('base64url');
const transaction = (): Settings['transaction'] => ({
  issuer: org.issuer,
  clientId: 'shop',
  redirectUri: `${app.origin}/`,
  scopes: ['openid', 'profile', 'email'],
  state: 'state-of-the-session',
  nonce: 'nonce-of-the-session',
  codeChallenge: createHash('sha256').update(verifier).digest('base64url'),
  codeChallengeMethod: 'S256',
});

async function open(address = app.page()): Promise<void> {
  await page.goto(address);
  await page.waitForFunction(() => 'testPage' in globalThis);
}

/** Starts the widget without waiting for it. */
function begin(settings: Partial<Settings> = {}): Promise<void> {
  const { widgetOptions, ...others } = settings;
  return page.evaluate((given) => testPage.show(given), {
    transaction: transaction(),
    ...others,
    widgetOptions: { assets: { baseUrl: `${app.origin}/widget` }, ...widgetOptions },
  });
}

async function show(settings: Partial<Settings> = {}): Promise<void> {
  await begin(settings);
  await page.locator(`${WIDGET} [name=identifier]`).waitFor();
  await page.evaluate(() => document.fonts.ready);
}

const outcome = () => page.evaluate(() => testPage.outcome());
const remove = () => page.evaluate(() => testPage.remove());
async function computedStyles(selector: string): Promise<string[]> {
  const lines = await page.evaluate((value) => testPage.computedStyles(value), selector);
  return lines.split('\n');
}

const heard = () => page.evaluate(() => testPage.heard());

async function signIn(password: string): Promise<void> {
  await page.fill(`${WIDGET} [name=identifier]`, 'ada@example.com');
  await page.fill(`${WIDGET} [name="credentials.passcode"]`, password);
  await page.click(`${WIDGET} [type=submit]`);
}

describe('mountWidget', () => {
  describe('when the user signs in', () => {
    it('resolves with a code for our transaction, which our verifier exchanges for tokens with our nonce', async () => {
      await open();
      await show();
      await signIn(PASSWORD);
      const { interactionCode = '', state } = await outcome();
      assert.equal(state, 'state-of-the-session');
      const response = await fetch(`${org.issuer}/v1/token`, {
        method: 'POST',
        headers: { Origin: app.origin },
        body: new URLSearchParams({
          grant_type: 'interaction_code',
          client_id: 'shop',
          redirect_uri: `${app.origin}/`,
          interaction_code: interactionCode,
          code_verifier: verifier,
        }),
      });
      const tokens = (await response.json()) as { id_token: string };
      const claims = JSON.parse(Buffer.from(tokens.id_token.split('.')[1]!, 'base64url').toString()) as object;
      assert.deepEqual({ ...claims, nonce: 'nonce-of-the-session', email: 'ada@example.com' }, claims);
    });

    it('has kept no token in the page', async () => {
      await open();
      await show();
      await signIn(PASSWORD);
      await outcome();
      const stored = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
      assert.doesNotMatch(stored, /eyJ|_token"/);
      assert.doesNotMatch(stored, new RegExp(PASSWORD));
    });

    it('shows a wrong password as such and goes on with the right one', async () => {
      await open();
      await show();
      assert.deepEqual(await heard(), ['ready', 'render identify']);
      await signIn('wrong');
      await page.waitForSelector(`${WIDGET} .o-form-has-errors .infobox-error`);
      assert.match((await heard()).join(), /^error widget_failed Unable to sign in/);
      await page.waitForTimeout(400);
      await signIn(PASSWORD);
      assert.ok((await outcome()).interactionCode);
    });

    it('leaves what Okta answers in the end for the user to read', async () => {
      await open();
      org.faults.set('idx', {
        status: 403,
        body: JSON.stringify({
          version: '1.0.0',
          messages: { type: 'array', value: [{ message: 'You may not.', class: 'ERROR', i18n: { key: 'no' } }] },
        }),
      });
      await begin();
      await page.getByText('You may not.').waitFor();
      assert.match((await heard()).join(), /render terminal/);
      assert.equal((await remove()).error?.name, 'AbortError');
    });
  });

  describe('when it is removed', () => {
    it('rejects with an AbortError', async () => {
      await open();
      await show();
      assert.equal((await remove()).error?.name, 'AbortError');
    });

    for (const moment of ['at once', 'while the form is on its way', 'when the form is there'] as const) {
      it(`leaves the document as it was: ${moment}`, async () => {
        await open();
        // The first time loads code; what a browser keeps of that is not the widget's.
        await show();
        await remove();
        const before = await page.evaluate(() => document.documentElement.outerHTML);
        if (moment === 'while the form is on its way') org.faults.set('idx', { delayMs: 300 });
        await begin();
        if (moment === 'while the form is on its way') await page.waitForRequest(/introspect/);
        if (moment === 'when the form is there') await page.waitForSelector(`${WIDGET} [name=identifier]`);
        await remove();
        await page.waitForTimeout(500);
        assert.equal(await page.evaluate(() => document.documentElement.outerHTML), before);
      });
    }

    it('leaves no listener and no node behind, however often', async () => {
      await open();
      const session = await page.context().newCDPSession(page);
      await session.send('Performance.enable');
      const count = async () => {
        // The widget puts some of its clean-up off.
        await page.waitForTimeout(1000);
        await session.send('HeapProfiler.collectGarbage');
        const { metrics } = await session.send('Performance.getMetrics');
        return metrics.filter(({ name }) => name === 'Nodes' || name === 'JSEventListeners').map(({ value }) => value);
      };
      const cycle = async () => {
        await show();
        await remove();
      };
      await cycle();
      await cycle();
      const [nodes = 0, listeners = 0] = await count();
      for (let times = 0; times < 8; times += 1) await cycle();
      const [nodesAfter = 0, listenersAfter = 0] = await count();
      assert.ok(listenersAfter <= listeners, `${listenersAfter - listeners} listeners more`);
      assert.ok(nodesAfter <= nodes + 8, `${nodesAfter - nodes} nodes more`);
    });

    it('can be shown again at once', async () => {
      await open();
      await show();
      await remove();
      await show();
      await signIn(PASSWORD);
      assert.ok((await outcome()).interactionCode);
    });

    it('sends no further request', async () => {
      await open();
      await show();
      await page.fill(`${WIDGET} [name=identifier]`, 'ada@example.com');
      await remove();
      let requests = 0;
      page.on('request', () => (requests += 1));
      await page.waitForTimeout(500);
      assert.equal(requests, 0);
    });
  });

  describe('next to the rest of the page', () => {
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

  describe('when it cannot be shown', () => {
    it('says that its files did not load, and tries again next time', async () => {
      await open();
      app.missing.add('/widget/css/okta-sign-in.css');
      await begin();
      assert.equal((await outcome()).error?.code, 'widget_load_failed');
      assert.equal(await page.locator('link[href*="okta-sign-in"]').count(), 0);
      app.missing.clear();
      await show();
    });

    it('says what Okta says when it refuses the sign-in, and takes the form away', async () => {
      await open();
      await begin({ transaction: { ...transaction(), redirectUri: 'https://elsewhere.example/' } });
      const { error } = await outcome();
      assert.equal(error?.code, 'widget_failed');
      assert.match(error?.message ?? '', /redirect_uri/i);
      assert.deepEqual(await heard(), []);
      assert.equal(await page.locator(WIDGET).count(), 0);
    });

    it('says what to check when Okta does not answer', async () => {
      await open();
      org.faults.set('interact', { cors: false });
      await begin();
      const { error } = await outcome();
      assert.equal(error?.code, 'widget_failed');
      assert.match(error?.message ?? '', /Trusted Origins/);
    });

    it('says when a setting is not one of the widget’s', async () => {
      await open();
      await begin({ widgetOptions: { i18n: { en: 'not an object' } } });
      assert.equal((await outcome()).error?.code, 'widget_failed');
    });
  });

  describe('looks', () => {
    const brand =
      ':root{--okta-color-primary:#c2410c;--okta-radius:14px;--okta-max-width:360px;--okta-font-family:serif}';
    const style = (selector: string, name: string) =>
      page
        .locator(`${WIDGET} ${selector}`)
        .first()
        .evaluate((el, property) => getComputedStyle(el).getPropertyValue(property), name);

    it('follow the page’s properties', async () => {
      await open(app.page({ css: brand }));
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
        await open(app.page({ css }));
        await show({ theme });
        await signIn('wrong');
        await page.waitForSelector(`${WIDGET} .infobox-error`);
        assert.equal(await style('main', 'background-color'), dark ? 'rgb(27, 29, 35)' : 'rgb(255, 255, 255)');
        const { ratio, text } = await page.evaluate((selector) => testPage.leastContrast(selector), WIDGET);
        assert.ok(ratio >= 4.5, `“${text}” has a contrast of ${ratio.toFixed(2)}`);
      });
    }

    it('fit a small phone', async () => {
      await page.setViewportSize({ width: 320, height: 640 });
      await open();
      await show();
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 320));
      const box = await page.locator(`${WIDGET} main`).boundingBox();
      assert.ok(box && box.width > 250 && box.x >= 0, JSON.stringify(box));
    });

    it('speak the language of the page, or the one asked for', async () => {
      await open(app.page({ lang: 'de-AT' }));
      await show();
      assert.equal(await page.inputValue(`${WIDGET} [type=submit]`), 'Anmelden');
      await remove();
      await show({ language: 'fr' });
      assert.equal(await page.inputValue(`${WIDGET} [type=submit]`), 'Connexion');
    });

    it('begin with the form asked for, and the name given', async () => {
      await open();
      await show({ loginHint: 'ada@example.com' });
      assert.equal(await page.inputValue(`${WIDGET} [name=identifier]`), 'ada@example.com');
      await remove();
      await begin({ flow: 'signup' });
      await page.waitForSelector(`${WIDGET} [name="userProfile.lastName"]`);
    });
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
