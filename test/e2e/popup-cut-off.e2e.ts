import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import puppeteer, { type Browser, type BrowserContext, type Page } from 'puppeteer-core';
import { chromiumArguments, findBrowser } from '../support/runners/browsers.js';
import { findScreen, type Screen } from '../support/runners/screen.js';
import { ada, startSite, type Site } from './popup-site.js';
import { oktaSessionCookies } from './support/okta-session.js';

// Cross-Origin-Opener-Policy cuts a popup from its opener: the page then sees a closed window, whether it is closed or
// not. The focus tells the two apart. It is real only with a screen and without the focus emulation of the driver.

const policy = { 'Cross-Origin-Opener-Policy': 'same-origin' };
const cases: Readonly<Record<string, (site: Site) => void>> = {
  'the page': (it) => (it.headers = policy),
  Okta: (it) => (it.orgHeaders = policy),
  both: (it) => (it.headers = it.orgHeaders = policy),
  'the page, but only when it comes back': (it) =>
    (it.headers = { 'Cross-Origin-Opener-Policy': 'same-origin-allow-popups' }),
};

/** Counts the runs of all intervals: the page looks at its popup in one. As text, so that tsx adds nothing to it. */
const COUNT_LOOKS = `{
  const { setInterval } = window;
  window.looks = 0;
  window.setInterval = (run, ...rest) => setInterval(() => { window.looks += 1; run(); }, ...rest);
}`;

const screen: Screen | undefined = await findScreen();

describe('a popup that is cut off from its opener', { skip: screen ? false : 'needs a screen: install Xvfb' }, () => {
  let site: Site;
  let browser: Browser;
  let context: BrowserContext;

  before(async () => {
    site = await startSite();
    browser = await puppeteer.launch({
      executablePath: findBrowser('chromium'),
      args: chromiumArguments,
      headless: false,
      env: { ...process.env, ...screen?.env },
    });
  });
  after(async () => {
    await browser?.close();
    await site?.close();
    screen?.stop();
  });
  beforeEach(async () => {
    site.headers = {};
    site.orgHeaders = {};
    site.org.faults.clear();
    context = await browser.createBrowserContext();
  });
  afterEach(() => context.close());

  for (const [whose, set] of Object.entries(cases)) {
    describe(`by ${whose}`, () => {
      beforeEach(() => void set(site));

      it('signs in all the same', async () => {
        const page = await visit();
        await page.type('#note', 'two boxes');
        await page.evaluate(() => {
          document.addEventListener('okta-signin-success', ({ user }) => (document.title = user.name as string));
        });
        const popup = await openPopup(page);
        // More looks at the popup than the page needs to take it for closed.
        const looks = await page.evaluate(() => window.looks);
        await page.waitForFunction((before) => window.looks > before + 10, { polling: 100 }, looks);
        assert.equal(await state(page), 'starting');
        await finish(popup);
        await page.waitForSelector('okta-signin[state=signed-in]');
        assert.equal(await page.title(), ada.name, 'the page itself reports it, not another tab');
        assert.equal(await page.$eval('#note', (note) => (note as HTMLInputElement).value), 'two boxes');
        assert.equal((await pages()).length, 1, 'the popup closes itself');
      });

      it('fails when the user closes it and returns to the page', async () => {
        const page = await visit();
        const popup = await openPopup(page);
        await popup.close();
        const start = performance.now();
        await page.waitForSelector('okta-signin[state=error]');
        assert.ok(performance.now() - start < 1500);
        assert.match(await page.$eval('okta-signin', (el) => el.shadowRoot!.textContent), /closed/);
      });

      // A window that is not cut off yet is not taken for closed.
      if (whose.includes('comes back')) return;

      it('finishes on its own when the user went on in the page, which then shows the user', async () => {
        const page = await visit();
        const popup = await openPopup(page);
        await page.bringToFront();
        await page.click('#note');
        await page.waitForSelector('okta-signin[state=error]');
        await popup.bringToFront();
        await finish(popup);
        await page.waitForSelector('okta-signin[state=signed-in]');
        assert.equal((await pages()).length, 1);
      });
    });
  }

  async function pages(): Promise<Page[]> {
    return (await context.pages()).filter((page) => page.url() !== 'about:blank');
  }

  async function withRealFocus(page: Page): Promise<Page> {
    const session = await page.createCDPSession();
    await session.send('Emulation.setFocusEmulationEnabled', { enabled: false });
    return page;
  }

  async function visit(): Promise<Page> {
    const page = await withRealFocus(await context.newPage());
    page.setDefaultTimeout(15_000);
    await page.evaluateOnNewDocument(COUNT_LOOKS);
    await page.goto(`${site.origin}/`);
    await page.waitForSelector('okta-signin[state=idle]');
    return page;
  }

  /** Opens a popup at Okta. A bare page stands in for the form, which takes long to load. */
  async function openPopup(page: Page): Promise<Page> {
    site.org.faults.set('authorize', { status: 200, body: 'html', times: 1 });
    const target = context.waitForTarget((candidate) => candidate.url().startsWith(`${site.org.origin}/`));
    await page.click('okta-signin');
    const popup = await withRealFocus((await (await target).page())!);
    popup.setDefaultTimeout(15_000);
    await popup.waitForFunction(() => document.readyState === 'complete');
    return popup;
  }

  /** Signs in at Okta, and waits until the popup has closed itself. */
  async function finish(popup: Page): Promise<void> {
    await popup.setCookie(...(await oktaSessionCookies(site.org, ada)));
    const closed = new Promise((resolve) => popup.once('close', resolve));
    await Promise.all([closed, popup.reload().catch(() => undefined)]);
  }

  function state(page: Page): Promise<string | null> {
    return page.$eval('okta-signin', (element) => element.getAttribute('state'));
  }
});

declare global {
  interface Window {
    /** How often a timer of the page has looked at the popup. */
    looks: number;
  }
}
