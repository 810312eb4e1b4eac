import assert from 'node:assert/strict';
import type { BrowserContext, LaunchOptions, Page } from 'playwright-core';
import { framesDuring } from '../frames.js';

/** Playwright turns the back/forward cache off; with these options it is as users have it. */
export const withCache: LaunchOptions = { ignoreDefaultArgs: ['--disable-back-forward-cache'] };

declare global {
  interface Window {
    /** Each showing of this document: whether it came from the back/forward cache. */
    showings: boolean[];
    /** Each frame since the document came from the cache: when, and whether something guarded was to be seen. */
    glimpses: { at: number; guarded: boolean }[];
  }
}

/** From now on, pages of the profile remember how they were shown, and what was seen then. */
export async function watchShowings(profile: BrowserContext): Promise<void> {
  await profile.addInitScript(() => {
    Object.assign(window, { showings: [], glimpses: [] });
    function look() {
      const guarded = [...document.querySelectorAll('#secret, #stamped')];
      window.glimpses.push({
        at: Date.now(),
        guarded: guarded.some((element) => element.checkVisibility({ visibilityProperty: true })),
      });
      requestAnimationFrame(look);
    }
    addEventListener('pageshow', ({ persisted }) => {
      window.showings.push(persisted);
      if (persisted) requestAnimationFrame(look);
    });
  });
}

/** Goes to another page, as by a link. */
export async function leave(page: Page, address: string): Promise<void> {
  await page.evaluate((to) => void (location.href = to), address);
  await page.waitForURL(address);
}

/** Goes back, and sees that the page is the one that was left, brought back from the cache. */
export async function goBackToCached(page: Page): Promise<void> {
  await page.goBack({ waitUntil: 'commit' });
  const { showings, reasons } = await page.evaluate(() => {
    const [entry] = performance.getEntriesByType('navigation') as (PerformanceEntry & {
      notRestoredReasons: unknown;
    })[];
    return { showings: window.showings, reasons: JSON.stringify(entry!.notRestoredReasons) };
  });
  assert.equal(showings.at(-1), true, `the page comes from the back/forward cache; if not: ${reasons}`);
}

/** The browser is at most two frames behind those that a page has asked for; these are more. */
const SURELY_SHOWN = 10;

/**
 * Goes back, and sees that nothing guarded is to be seen then. The browser itself may show a picture of the page as it
 * was left, more than once, until the page's first frame is there: what the page paints is what its own frames say, and
 * what the browser painted later.
 * @param state what the guard comes to
 */
export async function goBackToNothing(page: Page, state: 'signed-out' | 'pending'): Promise<void> {
  let glimpses: Window['glimpses'] = [];
  const frames = await framesDuring(page, async () => {
    await goBackToCached(page);
    await page.locator(`okta-guard[state=${state}]`).waitFor({ state: 'attached' });
    await page.waitForFunction((enough) => window.glimpses.length > enough, SURELY_SHOWN);
    glimpses = await page.evaluate(() => window.glimpses);
  });
  assert.equal(
    glimpses.some(({ guarded }) => guarded),
    false,
  );
  const own = frames.filter(({ at }) => at > glimpses[SURELY_SHOWN]!.at);
  assert.ok(own.length > 0, 'frames were captured');
  assert.deepEqual(
    own.filter(({ share }) => share > 0),
    [],
  );
}
