import assert from 'node:assert/strict';
import type { CDPSession, Page } from 'playwright-core';
import { leastContrast } from './styles.js';

/* How the widget looks, taken in the page and compared there: it is a hundred thousand values. */

/** Parts that are boxes like any other, and parts that are only a way to draw text. */
const BOXES = ['::before', '::after'];
const OTHER_PARTS = ['::placeholder', '::marker', '::first-letter', '::first-line'];
const OF_TEXT = ['color', 'background-color', 'font', 'opacity', 'text-transform', 'letter-spacing', 'text-shadow'];

/** Stylesheets of the page that apply, and a text of CSS in the tree of the widget itself. */
export interface Styling {
  names?: readonly string[];
  inside?: string;
}

/**
 * Compares the computed styles of the widget under each styling with those it has without a rough stylesheet: of the
 * element it is in, everything below it, also in shadow trees, and their parts.
 *
 * @param every Compares every property. Otherwise those that a rough stylesheet declares, and the size of each box.
 * @returns up to 20 differences for each styling, and how many elements were compared
 */
export async function compareLooks(
  page: Page,
  stylings: readonly Styling[],
  every: boolean,
): Promise<{ changed: string[][]; elements: number }> {
  return page.evaluate(
    async ([given, allProperties, boxes, others, ofText]) => {
      const rough = [...document.querySelectorAll<HTMLLinkElement>('[data-rough]')];
      const tree = document.querySelector('okta-signin')!.getRootNode() as Document | ShadowRoot;
      const below = (root: Element): Element[] => [
        root,
        ...[...root.children, ...(root.shadowRoot?.children ?? [])].flatMap(below),
      ];
      const roots = [...tree.querySelectorAll('okta-signin > [slot=widget]')];
      const elementsNow = () => roots.flatMap(below).filter((element) => !['LINK', 'STYLE'].includes(element.tagName));
      const apply = async ({ names = [], inside }: Styling): Promise<() => void> => {
        for (const sheet of rough) sheet.sheet!.disabled = !names.includes(sheet.dataset.rough!);
        const at = roots
          .flatMap(below)
          .find((element) => element.matches('main'))!
          .getRootNode() as Document | ShadowRoot;
        const before = [...at.adoptedStyleSheets];
        if (inside) {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync(inside);
          at.adoptedStyleSheets = [...before, sheet];
        }
        // Fonts begin to load with the layout. What a rule set in motion, it has changed.
        document.body.getBoundingClientRect();
        for (const each of document.getAnimations()) if (each instanceof CSSTransition) each.finish();
        if (document.fonts.status === 'loading') await document.fonts.ready;
        return () => (at.adoptedStyleSheets = before);
      };

      const declared = new Set(['width', 'height']);
      const collect = (rules: CSSRuleList) => {
        for (const rule of rules) {
          if ('style' in rule) for (const name of rule.style as CSSStyleDeclaration) declared.add(name);
          if ('cssRules' in rule) collect(rule.cssRules as CSSRuleList);
        }
      };
      if (!allProperties) for (const { sheet } of rough) collect(sheet!.cssRules);
      // What the page calls its own is inherited, and matters only to those who ask for it.
      const properties = [...getComputedStyle(document.documentElement)].filter(
        (name) => !name.startsWith('--') && (allProperties || declared.has(name)),
      );

      const look = () => {
        const elements = elementsNow();
        for (const element of elements) for (const each of element.getAnimations()) each.finish();
        const seen = new Map<string, string[]>();
        elements.forEach((element, index) => {
          for (const part of [null, ...boxes, ...others]) {
            const style = getComputedStyle(element, part);
            const place = `${index} ${element.localName}.${element.getAttribute('class')}${part ?? ''}`;
            const isThere = !part || !boxes.includes(part) || !['none', 'normal'].includes(style.content);
            const names = part && others.includes(part) ? ofText : isThere ? properties : ['content'];
            seen.set(
              place,
              names.map((property) => style.getPropertyValue(property)),
            );
          }
        });
        return seen;
      };
      const compare = (then: Map<string, string[]>, now: Map<string, string[]>) =>
        [...new Set([...now.keys(), ...then.keys()])]
          .flatMap((place) => {
            const [is, used] = [now.get(place), then.get(place)];
            if (!is || !used) return [`${place} is ${is ? 'new' : 'gone'}`];
            if (is.length !== used.length) return [`${place} has ${is.length} styles, not ${used.length}`];
            const names = namesAt(place, is.length);
            return is.flatMap((value, i) => (value === used[i] ? [] : [`${place} ${names[i]}: ${value} (${used[i]})`]));
          })
          .slice(0, 20);
      const namesAt = (place: string, count: number) =>
        count === 1 ? ['content'] : others.some((part) => place.endsWith(part)) ? ofText : properties;

      const isSame = (one: Element[], other: Element[]) => one.every((element, index) => element === other[index]);
      const changed: string[][] = [];
      let nodes: Element[] = [];
      let was = new Map<string, string[]>();
      for (const styling of given) {
        // A form that was rendered anew in between is compared with itself again.
        for (let attempt = 0; attempt < 3; attempt += 1) {
          if (nodes.length === 0 || !isSame(elementsNow(), nodes)) {
            await apply({});
            nodes = elementsNow();
            was = look();
          }
          const undo = await apply(styling);
          const is = look();
          undo();
          if (isSame(elementsNow(), nodes)) {
            changed.push(compare(was, is));
            break;
          }
          if (attempt === 2) changed.push(['it is rendered anew all the time']);
        }
      }
      return { changed, elements: nodes.length };
    },
    [stylings, every, BOXES, OTHER_PARTS, OF_TEXT] as const,
  );
}

/** Applies these rough stylesheets of the page and no others, without their transitions. */
export async function useStylesheets(page: Page, names: readonly string[]): Promise<void> {
  await page.evaluate(async (wanted) => {
    for (const link of document.querySelectorAll<HTMLLinkElement>('[data-rough]')) {
      link.sheet!.disabled = !wanted.includes(link.dataset.rough!);
    }
    document.body.getBoundingClientRect();
    for (const each of document.getAnimations()) if (each instanceof CSSTransition) each.finish();
    await document.fonts.ready;
  }, names);
}

const sessions = new WeakMap<Page, CDPSession>();

/** Pictures of the place of the widget without a caret, one for each set of rough stylesheets. */
export async function picturesOf(page: Page, sets: readonly (readonly string[])[]): Promise<string[]> {
  // Playwright's own screenshots add a style element, which a strict policy refuses.
  const session = sessions.get(page) ?? (await page.context().newCDPSession(page));
  sessions.set(page, session);
  const pictures: string[] = [];
  for (const names of sets) {
    await useStylesheets(page, names);
    await page.evaluate(async () => {
      const { activeElement } = document;
      const field = activeElement?.shadowRoot?.activeElement ?? activeElement;
      const tree = (field ?? document).getRootNode() as Document | ShadowRoot;
      const kept = globalThis as unknown as { showCaret?: () => void };
      kept.showCaret?.();
      const hidden = new CSSStyleSheet();
      hidden.replaceSync('* { caret-color: transparent !important }');
      const before = [...tree.adoptedStyleSheets];
      tree.adoptedStyleSheets = [...before, hidden];
      kept.showCaret = () => {
        tree.adoptedStyleSheets = before;
        delete kept.showCaret;
      };
      // A page may have its scrolling animated.
      scrollTo({ top: 0, left: 0, behavior: 'instant' });
      for (const animation of document.getAnimations()) {
        if (animation.effect!.getComputedTiming().endTime !== Infinity) animation.finish();
      }
    });
    const clip = { x: 0, y: 0, width: 500, height: 860, scale: 1 };
    pictures.push((await session.send('Page.captureScreenshot', { clip, optimizeForSpeed: true })).data);
  }
  await page.evaluate(() => (globalThis as unknown as { showCaret(): void }).showCaret());
  return pictures;
}

/** Whether two pictures of a page differ by more than how its curves are smoothed, which depends on what is redrawn. */
export async function picturesDiffer(page: Page, one: string, other: string): Promise<boolean> {
  if (one === other) return false;
  return page.evaluate(
    async (pictures) => {
      const [first, second] = await Promise.all(
        pictures.map(async (picture) => {
          const bytes = Uint8Array.from(atob(picture), (character) => character.charCodeAt(0));
          const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
          const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
          context.drawImage(bitmap, 0, 0);
          return context.getImageData(0, 0, bitmap.width, bitmap.height).data;
        }),
      );
      return first!.length !== second!.length || first!.some((value, index) => Math.abs(value - second![index]!) > 16);
    },
    [one, other],
  );
}

/** Fails unless every text of the form can be read (WCAG 2.2, 1.4.3). */
export async function readable(page: Page, screen: string): Promise<void> {
  await page.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    for (const each of document.getAnimations()) if (each instanceof CSSTransition) each.finish();
  });
  const { ratio, text } = await page.evaluate(leastContrast, 'main#okta-sign-in');
  assert.ok(ratio >= 4.5, `${screen}: “${text}” has a contrast of ${ratio.toFixed(2)}`);
}

/** Fails unless each field and button has an edge: with forced colours there is no background to show where it is. */
export async function hasEdges(page: Page, screen: string): Promise<void> {
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
}

/** Fails unless the form, from right to left, is the mirror image of itself. */
export async function mirrors(page: Page, screen: string): Promise<void> {
  const differing = await page.locator('main#okta-sign-in').evaluate(async (main) => {
    const boxes = async (turned: boolean) => {
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      const around = main.getBoundingClientRect();
      return (
        [...main.querySelectorAll('*')]
          .filter((element) => element.checkVisibility() && !element.closest('svg *'))
          // Generation 3 has what is typed for a password and the eye beside it, and the picture of a message and the
          // room beside that, from left to right in any case.
          .filter((element) => !element.closest('.MuiInputBase-adornedEnd > *, .MuiAlert-root > *'))
          // Words are in the order of their own language.
          .filter((element) => getComputedStyle(element).display !== 'inline')
          .map((element) => {
            const { left, right, top, width, height } = element.getBoundingClientRect();
            const start = turned ? around.right - right : left - around.left;
            return `${element.localName}.${element.className} ${[start, top, width, height].map((each) => Math.round(each)).join(' ')}`;
          })
      );
    };
    const expected = await boxes(false);
    document.documentElement.dir = 'rtl';
    const turned = await boxes(true);
    document.documentElement.removeAttribute('dir');
    return turned.filter((line, index) => line !== expected[index]);
  });
  assert.deepEqual(differing, [], `${screen} is the mirror image of itself`);
}
