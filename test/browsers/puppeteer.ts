import puppeteer, { type ElementHandle, type Frame, type Page } from 'puppeteer-core';
import { chromiumArguments } from '../support/runners/browsers.js';
import { COMMAND_LIMIT_MS, type Content, type Driver, type Profile, type Tab } from './driver.js';

const CLOSE_LIMIT_MS = 10_000;

/** Drives Firefox over WebDriver BiDi, or Chromium over its own protocol. */
export async function startPuppeteer(browserName: 'firefox' | 'chrome', executablePath: string): Promise<Driver> {
  const browser = await puppeteer.launch({
    browser: browserName,
    executablePath,
    protocolTimeout: COMMAND_LIMIT_MS,
    args: browserName === 'chrome' ? chromiumArguments : [],
  });
  return {
    async newProfile(): Promise<Profile> {
      const context = await browser.createBrowserContext();
      return {
        newTab: async () => tab(await context.newPage()),
        close: () => context.close(),
      };
    },
    async close() {
      const program = browser.process();
      const late = setTimeout(() => program?.kill('SIGKILL'), CLOSE_LIMIT_MS);
      await browser.close().catch(() => program?.kill('SIGKILL'));
      clearTimeout(late);
    },
  };
}

function tab(page: Page): Tab {
  page.setDefaultTimeout(COMMAND_LIMIT_MS);
  const front = () => page.bringToFront();
  return {
    ...content(front, async () => page.mainFrame()),
    open: async (url) =>
      front()
        .then(() => page.goto(url))
        .then(none),
    reload: async () =>
      front()
        .then(() => page.reload())
        .then(none),
    // page.goBack() waits for a navigation, and in Firefox a page from the back/forward cache reports none.
    back: async () =>
      front()
        .then(() => page.evaluate('history.back()'))
        .then(none),
    forward: async () =>
      front()
        .then(() => page.evaluate('history.forward()'))
        .then(none),
    frame: (element) => content(front, async () => (await find(page.mainFrame(), element)).contentFrame()),
  };
}

const none = (): void => {};

/** @param front brings the tab to the front, where input goes */
function content(front: () => Promise<void>, current: () => Promise<Frame | null>): Content {
  const frame = async (): Promise<Frame> => {
    const found = await current();
    if (!found) throw new Error('The frame has no document.');
    return found;
  };
  return {
    evaluate: async (expression) => (await frame()).evaluate(expression),
    async click(element) {
      await front();
      await (await find(await frame(), element)).click();
    },
    async type(element, text) {
      await front();
      await (await find(await frame(), element)).type(text);
    },
  };
}

async function find(frame: Frame, element: string): Promise<ElementHandle> {
  const handle = (await frame.evaluateHandle(element)).asElement();
  if (!handle) throw new Error('The expression evaluates to no element.');
  return handle as ElementHandle;
}
