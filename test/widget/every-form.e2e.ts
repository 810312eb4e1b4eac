import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { boxes, readable } from './support/appearance.js';
import { embeddedSite, generations } from './support/embedded.js';
import { tour } from './support/screens.js';

/* Every form under the conditions that users bring along: each is looked at in all of them, one after the other. */

async function onADarkPage(screen: string, page: Page): Promise<void> {
  await page.emulateMedia({ colorScheme: 'dark' });
  await readable(page, screen);
  await page.emulateMedia({ colorScheme: 'light' });
}

/** Backgrounds are gone then, so that only an edge shows where a field or a button is. */
async function withForcedColours(screen: string, page: Page): Promise<void> {
  await page.emulateMedia({ forcedColors: 'active' });
  const unseen = await page.locator('main#okta-sign-in').evaluate((main) =>
    [...main.querySelectorAll('input:not([type=checkbox], [type=radio], [type=hidden]), button[type=submit]')]
      .filter((field) => field.checkVisibility())
      .filter((field) => {
        const around = [field, field.parentElement!, ...field.parentElement!.children];
        return !around.some((each) => parseFloat(getComputedStyle(each).borderTopWidth) > 0);
      })
      .map((field) => field.outerHTML.slice(0, 120)),
  );
  assert.deepEqual(unseen, [], `${screen} has fields and buttons without an edge`);
  await page.emulateMedia({ forcedColors: 'none' });
}

async function fromRightToLeft(screen: string, page: Page): Promise<void> {
  const expected = await boxes(page, false);
  await page.evaluate(() => (document.documentElement.dir = 'rtl'));
  const turned = await boxes(page, true);
  await page.evaluate(() => (document.documentElement.dir = 'ltr'));
  assert.deepEqual(
    turned.filter((line, index) => line !== expected[index]),
    [],
    `${screen} is the mirror image of itself`,
  );
}

async function onASmallPhone(screen: string, page: Page): Promise<void> {
  const size = page.viewportSize()!;
  await page.setViewportSize({ width: 320, height: 640 });
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= 320, `${screen} is ${width}px wide on a phone of 320`);
  await page.setViewportSize(size);
}

describe('every form', () => {
  const site = embeddedSite();

  for (const generation of generations) {
    it(`of generation ${generation} is readable on a dark page, has edges with forced colours, turns round, and fits a phone`, async () => {
      const content = {
        config: { 'widget-generation': generation },
        head: '<style>:root { color-scheme: light dark; background: Canvas }</style>',
      };
      let screens = 0;
      const problems: unknown[] = [];
      await tour(site, { content }, async (screen, page) => {
        screens += 1;
        for (const condition of [onADarkPage, withForcedColours, fromRightToLeft, onASmallPhone]) {
          await condition(screen, page).catch((error: unknown) => problems.push((error as Error).message));
        }
      });
      assert.deepEqual(problems, []);
      assert.ok(screens >= 20);
    });
  }
});
