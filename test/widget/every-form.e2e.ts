import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { until } from '../e2e/support/session.js';
import {
  compareLooks,
  hasEdges,
  mirrors,
  picturesDiffer,
  picturesOf,
  readable,
  useStylesheets,
  type Styling,
} from './support/appearance.js';
import { widgetFixture, formIsThere, widgetFile, type WidgetFixture } from './support/widget-fixture.js';
import { roughStylesheets } from './support/rough-css.js';
import { tour } from './support/screens.js';
import {
  addedStyles,
  differences,
  newGlobals,
  shopPage,
  surroundings,
  type Surroundings,
} from './support/shop-page.js';
import { ways, written, type Way } from './support/ways.js';

/*
 * Goes through every form once for each way to show the widget, on a page with the content security policy of the
 * documentation, and makes all checks at each form. Each check is a test, with what it found on all forms.
 */

const names = Object.keys(roughStylesheets);
/** One after the other with the first form; with the others a few at a time, so that none hides what another does. */
const alone: Styling[] = names.map((name) => ({ names: [name] }));
const inGroups: Styling[] = [{ names: names.slice(0, 3) }, { names: names.slice(3) }];
/** Rules of the page match nothing in a shadow tree: only what is inherited, and the size of rem, comes in. */
const together: Styling[] = [{ names }];

const PHONE = { width: 320, height: 640 };
const DESKTOP = { width: 700, height: 900 };

const checks = {
  look: 'looks the same under rough stylesheets of the page, down to every computed style',
  picture: 'has the same picture with the rough stylesheets and without',
  surroundings: 'leaves the page around it as it was, while it is shown and afterwards',
  globals: 'leaves no globals behind, and while it is shown no others than are known',
  styles: 'leaves no stylesheet and no font behind',
  dark: 'is readable on a dark page',
  edges: 'shows the edges of fields and buttons with forced colours',
  mirror: 'is the mirror image of itself from right to left',
  phone: 'fits a phone that is 320 pixels wide',
  refusals: 'needs nothing that the policy of the documentation does not allow',
  hosts: 'asks no host but the page’s own and the org',
} as const;
type Check = keyof typeof checks;

describe('every form', () => {
  const fixture = widgetFixture();
  for (const way of ways) describe(`of ${way.name}`, () => everyForm(fixture, way));
});

function everyForm(fixture: WidgetFixture, { name, policy, config, attributes, globals }: Way): void {
  const screens: string[] = [];
  const findings = Object.fromEntries(Object.keys(checks).map((check) => [check, [] as string[]])) as Record<
    Check,
    string[]
  >;
  const content = () => {
    const { head, bare, around } = shopPage(fixture);
    return {
      content: { config, head, bare, headers: { 'Content-Security-Policy': written(policy(fixture)) } },
      around,
    };
  };
  let firstPicture: string;

  const find = (check: Check, screen: string, found: readonly string[]) => {
    findings[check].push(...found.map((finding) => `${screen}: ${finding}`));
  };
  const passes = (check: Check, action: Promise<void>) =>
    action.catch((error: unknown) => void findings[check].push((error as Error).message));

  async function look(screen: string, page: Page): Promise<void> {
    const isFirst = screens.length === 0;
    screens.push(screen);
    await page.mouse.move(690, 5);
    find('surroundings', screen, await differences(page, empty));
    const unknown = (await newGlobals(page)).join();
    if (unknown !== globals.join()) find('globals', screen, [unknown]);

    const stylings = isFirst ? [...alone, ...together] : attributes ? together : inGroups;
    const { changed, elements } = await compareLooks(page, stylings, isFirst);
    if (elements <= 10) find('look', screen, [`it has ${elements} elements`]);
    changed.forEach((lines, index) => find('look', `${screen}, with ${stylings[index]!.names?.join(' and ')}`, lines));
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const [rough, plain] = (await picturesOf(page, [names, []])) as [string, string];
      if (isFirst) firstPicture = plain;
      // What was drawn between the two pictures is in both of the next.
      if (!(await picturesDiffer(page, rough, plain))) break;
      if (attempt === 1) find('picture', screen, ['it differs']);
    }

    await page.emulateMedia({ colorScheme: 'dark' });
    await passes('dark', readable(page, screen));
    await page.emulateMedia({ colorScheme: 'light', forcedColors: 'active' });
    await passes('edges', hasEdges(page, screen));
    await page.emulateMedia({ colorScheme: 'light', forcedColors: 'none' });
    await passes('mirror', mirrors(page, screen));
    await page.setViewportSize(PHONE);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    if (width > PHONE.width) find('phone', screen, [`it is ${width} pixels wide`]);
    await page.setViewportSize(DESKTOP);
    // The next form comes under all of them.
    await useStylesheets(page, names);
  }

  async function atEnd(part: string, page: Page): Promise<void> {
    await page.evaluate(
      () =>
        new Promise<void>((resolve) => {
          const isGone = () => !document.querySelector('head [data-emotion], link[href*="okta-sign-in"]');
          const observer = new MutationObserver(() => {
            if (!isGone()) return;
            observer.disconnect();
            resolve();
          });
          observer.observe(document, { childList: true, subtree: true });
          document.querySelector('okta-signin')!.remove();
        }),
    );
    find('surroundings', `after ${part}`, await differences(page, empty));
    find('globals', `after ${part}`, await newGlobals(page));
    const added = JSON.stringify(await addedStyles(page));
    if (added !== '{"links":0,"styles":0,"adopted":0,"fonts":0}') find('styles', `after ${part}`, [added]);
  }

  let empty: Surroundings;
  before(async () => {
    const { content: page, around } = content();
    const own = [fixture.origin, fixture.org.origin].map((origin) => new URL(origin).host);
    const tab = await fixture.visit({ ...page, body: around('') });
    await tab.setViewportSize(DESKTOP);
    empty = await surroundings(tab);
    assert.ok(empty.lines.length > 5000);
    const oneTab = {
      org: fixture.org,
      visit: async (each: object) => {
        await fixture.revisit(tab, each);
        return tab;
      },
    };
    await tour(oneTab, { attributes, content: page, around, atEnd, leave: async () => {} }, look);
    find('refusals', 'all', fixture.refusals(tab));
    find(
      'hosts',
      'all',
      [...fixture.hosts(tab)].filter((host) => !own.includes(host)),
    );
  });

  it('is looked at', () => assert.ok(screens.length >= 20, screens.join()));

  for (const [check, title] of Object.entries(checks)) {
    it(title, () => {
      assert.ok(screens.length >= 20, 'every form is looked at');
      assert.deepEqual(findings[check as Check], []);
    });
  }

  it('is first drawn on a page without rough stylesheets as on one with them, and can be seen to change', async () => {
    const { content: page } = content();
    const { head, around } = shopPage(fixture, {
      stylesheets: { important: 'input { letter-spacing: 9px !important }' },
    });
    const tab = await fixture.visit({
      ...page,
      head,
      body: around(`<okta-signin mode="embedded" ${attributes}></okta-signin>`),
    });
    await tab.setViewportSize(DESKTOP);
    await formIsThere(tab);
    await tab.mouse.move(690, 5);
    await until(
      async () => !(await picturesDiffer(tab, firstPicture, (await picturesOf(tab, [[]]))[0]!)),
      'the picture of the first form',
    );
    const intruding = { names: ['important'], inside: 'input { letter-spacing: 9px !important }' };
    const { changed } = await compareLooks(tab, [{ names: ['important'] }, intruding], true);
    const isSeen = (lines: string[] = []) => lines.some((line) => line.includes('letter-spacing: 9px'));
    assert.deepEqual(changed.map(isSeen), [!attributes, true], 'in a shadow root !important does not reach it');
  });

  if (name !== 'generation 2') return;

  it('is changed, and changes the page, with Okta’s own stylesheet, so what is compared can differ', async () => {
    assert.ok(widgetFile('css/okta-sign-in.min.css').length > 0);
    const { head, around } = shopPage(fixture);
    const page = {
      head,
      bare: true,
      config: { ...config, 'widget-css': `${fixture.cdn.origin}/css/okta-sign-in.min.css` },
    };
    const tab = await fixture.visit({ ...page, body: around('') });
    const without = await surroundings(tab);
    await fixture.revisit(tab, { ...page, body: around('<okta-signin mode="embedded"></okta-signin>') });
    await formIsThere(tab);
    assert.ok((await differences(tab, without)).length > 0);
    // Inherited styles end at the element around the widget, with every stylesheet.
    const reaching = alone.filter(({ names: [first] = [] }) => !first!.startsWith('inherited'));
    const { changed } = await compareLooks(tab, reaching, true);
    changed.forEach((lines, index) => assert.ok(lines.length > 0, reaching[index]!.names![0]));
    const [rough, plain] = (await picturesOf(tab, [names, []])) as [string, string];
    assert.ok(await picturesDiffer(tab, rough, plain), 'its picture differs');
  });
}
