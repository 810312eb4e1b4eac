import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { chromiumArguments, findBrowser } from '../support/runners/browsers.js';
import { findScreen, type Screen } from '../support/runners/screen.js';
import { ada, startSite, type Site } from './popup-site.js';

// Cross-Origin-Opener-Policy cuts a popup from the page that opened it: the page then sees a closed window, whether it is
// closed or not. What tells the two apart is where the focus is, and that is real only with a screen, and in a browser
// whose driver does not pretend that every page has it.

const screen: Screen | undefined = await findScreen();
const skip = screen ? false : 'needs a screen: install Xvfb';

let site: Site;
let browser: Browser;

before(async () => {
  site = await startSite();
});
after(async () => {
  await site?.close();
  screen?.stop();
});

const policy = { 'Cross-Origin-Opener-Policy': 'same-origin' };
const cases: Readonly<Record<string, (site: Site) => void>> = {
  'the page': (it) => (it.headers = policy),
  Okta: (it) => (it.orgHeaders = policy),
  both: (it) => (it.headers = it.orgHeaders = policy),
  'the page, but only when it comes back': (it) =>
    (it.headers = { 'Cross-Origin-Opener-Policy': 'same-origin-allow-popups' }),
};

for (const [whose, set] of Object.entries(cases)) {
  describe(`a popup that is cut off by ${whose}`, { skip }, () => {
    beforeEach(async () => {
      site.headers = {};
      site.orgHeaders = {};
      set(site);
      browser = await puppeteer.launch({
        executablePath: findBrowser('chromium'),
        args: chromiumArguments,
        headless: false,
        env: { ...process.env, ...screen?.env },
      });
    });
    afterEach(async () => {
      await browser?.close();
    });

    it('brings its answer all the same', async () => {
      const page = await visit();
      await page.type('#note', 'two boxes');
      await page.evaluate(() => {
        document.addEventListener('okta-signin-success', ({ user }) => (document.title = user.name as string));
      });
      const popup = await openPopup(page);
      // Long enough for a page that took it for closed.
      await new Promise((resolve) => setTimeout(resolve, 2000));
      assert.equal(await state(page), 'starting');
      await finish(popup);
      await page.waitForSelector('okta-signin[state=signed-in]');
      assert.equal(await page.title(), ada.name, 'told by the page itself, not through the storage');
      assert.equal(await page.$eval('#note', (note) => (note as HTMLInputElement).value), 'two boxes');
      assert.equal((await shown()).length, 1, 'and closes itself');
    });

    it('is known to be closed when the user is back', async () => {
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

    it('finishes by itself when the user went on in the page, and the page hears of it', async () => {
      const page = await visit();
      const popup = await openPopup(page);
      await page.bringToFront();
      await page.click('#note');
      await page.waitForSelector('okta-signin[state=error]');
      await popup.bringToFront();
      await finish(popup);
      await page.waitForSelector('okta-signin[state=signed-in]');
      assert.equal((await shown()).length, 1);
    });
  });
}

async function shown(): Promise<Page[]> {
  const pages = await browser.pages();
  return pages.filter((page) => page.url() !== 'about:blank');
}

async function withRealFocus(page: Page): Promise<Page> {
  const session = await page.createCDPSession();
  await session.send('Emulation.setFocusEmulationEnabled', { enabled: false });
  return page;
}

async function visit(): Promise<Page> {
  const page = await withRealFocus(await browser.newPage());
  page.setDefaultTimeout(15_000);
  await page.goto(`${site.origin}/`);
  await page.waitForSelector('okta-signin[state=idle]');
  return page;
}

async function openPopup(page: Page): Promise<Page> {
  const target = browser.waitForTarget((candidate) => candidate.url().startsWith(site.org.origin));
  await page.click('okta-signin');
  const popup = await withRealFocus((await (await target).page())!);
  popup.setDefaultTimeout(15_000);
  await popup.waitForSelector('input[name=identifier]');
  await new Promise((resolve) => setTimeout(resolve, 500));
  return popup;
}

async function finish(popup: Page): Promise<void> {
  await popup.type('input[name=identifier]', ada.login);
  await popup.type('input[name="credentials.passcode"]', ada.password);
  const closed = new Promise((resolve) => popup.once('close', resolve));
  await popup.click('input[type=submit]');
  await closed;
}

function state(page: Page): Promise<string | null> {
  return page.$eval('okta-signin', (element) => element.getAttribute('state'));
}
