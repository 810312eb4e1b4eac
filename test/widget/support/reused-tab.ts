import { afterEach } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { closeContexts } from '../../support/pages/close-contexts.js';

const EVENTS = ['console', 'dialog', 'framenavigated', 'pageerror', 'popup', 'request', 'requestfinished', 'response'];
const VIEWPORT = { width: 1280, height: 720 };

/** Where a tab comes from. */
export interface TabSource {
  /** Opens a new profile. */
  open(): Promise<BrowserContext>;
  /** Keeps that profile open after the test. */
  keep(profile: BrowserContext): void;
  /** A page of the tested origin that does nothing. */
  blank(): string;
}

/**
 * Lends one tab to one test after another. Between tests it loses its cookies, storage, listeners and other tabs, but
 * keeps its process and cache: a new profile costs two CPU seconds for each page with generation 3 of the widget.
 *
 * @returns the tab, or a new one while the test has it already or wants a `fresh` one
 */
export function reusedTab({ open, keep, blank }: TabSource): (fresh?: boolean) => Promise<Page> {
  let tab: Page | undefined;
  let isLent = false;

  afterEach(async () => {
    if (!tab || !isLent) return;
    isLent = false;
    try {
      await clear(tab, blank());
    } catch {
      // A test may have closed it, or its page may not let go.
      await closeContexts([tab.context()]);
      tab = undefined;
    }
  });

  return async (fresh = false) => {
    if (fresh || isLent) return (await open()).newPage();
    if (!tab) {
      const profile = await open();
      keep(profile);
      tab = await profile.newPage();
    }
    isLent = true;
    return tab;
  };
}

/** Makes a tab as good as new. */
async function clear(page: Page, blank: string): Promise<void> {
  const profile = page.context();
  for (const name of EVENTS) page.removeAllListeners(name);
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await profile.setOffline(false);
  for (const other of profile.pages().filter((each) => each !== page)) {
    await other.goto('about:blank', { timeout: 10_000 }).catch(() => undefined);
    await other.close();
  }
  await forget(page, blank);
  await page.emulateMedia({ colorScheme: null, forcedColors: null });
  await page.setViewportSize(VIEWPORT);
}

/** Leaves the page, and takes away what it and Okta remember in this profile. */
export async function forget(page: Page, blank: string): Promise<void> {
  await page.goto(blank);
  await page.evaluate(() => {
    localStorage.clear();
    sessionStorage.clear();
  });
  await page.context().clearCookies();
}
