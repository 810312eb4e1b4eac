import assert from 'node:assert/strict';
import type { BrowserContext, LaunchOptions, Page } from 'playwright-core';
import { framesDuring } from '../frames.js';

/** Playwright turns off the back/forward cache. These options turn it on, as users have it. */
export const withCache: LaunchOptions = { ignoreDefaultArgs: ['--disable-back-forward-cache'] };

declare global {
  interface Window {
    /** For each `pageshow` of this document, whether it came from the back/forward cache. */
    showings: boolean[];
    /** For each frame since the document came from the cache, its time and whether guarded content was visible. */
    glimpses: { at: number; guarded: boolean }[];
  }
}

/** The `sessionStorage` item with the milliseconds by which {@link letTimePass} moved the clock of the pages. */
const AHEAD = 'test:clock-ahead';
/** The `sessionStorage` item that holds back the requests of the pages, see {@link holdRequests}. */
const HOLD = 'test:hold';

/** Makes the pages of the profile record how they were shown, and what was visible then. */
export async function watchShowings(profile: BrowserContext): Promise<void> {
  await profile.addInitScript(
    ({ ahead, hold }) => {
      const now = Date.now.bind(Date);
      Date.now = () => now() + Number(sessionStorage.getItem(ahead) ?? 0);
      const send = window.fetch;
      window.fetch = async (...request) => {
        while (sessionStorage.getItem(hold)) await new Promise(requestAnimationFrame);
        return send(...request);
      };
      Object.assign(window, { showings: [], glimpses: [] });
      function look() {
        const guarded = [...document.querySelectorAll('#secret, #stamped')];
        window.glimpses.push({
          at: now(),
          guarded: guarded.some((element) => element.checkVisibility({ visibilityProperty: true })),
        });
        requestAnimationFrame(look);
      }
      addEventListener('pageshow', ({ persisted }) => {
        window.showings.push(persisted);
        if (persisted) requestAnimationFrame(look);
      });
    },
    { ahead: AHEAD, hold: HOLD },
  );
}

/** Moves the clock of this tab forward, also for the cached pages of the same origin. No timer fires. */
export async function letTimePass(page: Page, milliseconds: number): Promise<void> {
  await page.evaluate(([key, value]) => sessionStorage.setItem(key, String(value)), [AHEAD, milliseconds] as const);
}

/**
 * Holds back all `fetch()` requests of this tab, also those of cached pages. Playwright does not route the requests of a
 * page that comes from the cache.
 * @returns a function that lets the requests through
 */
export async function holdRequests(page: Page): Promise<() => Promise<void>> {
  await page.evaluate((key) => sessionStorage.setItem(key, 'yes'), HOLD);
  return () => page.evaluate((key) => sessionStorage.removeItem(key), HOLD);
}

/** Goes to another page, as by a link. */
export async function leave(page: Page, address: string): Promise<void> {
  await page.evaluate((to) => void (location.href = to), address);
  await page.waitForURL(address);
}

/** Goes back, and asserts that the browser restored the page from the cache. */
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

/** Frames after which the browser has painted the page. It is at most two frames behind the page. */
const SURELY_SHOWN = 10;

/**
 * Goes back, and asserts that no guarded content is visible. The browser may show a picture of the page as the user left
 * it until the page paints its first frame. So this checks the page's own frames, and what the browser painted later.
 * @param state the state that the guard reaches
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
