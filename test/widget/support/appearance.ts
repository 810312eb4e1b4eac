import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { leastContrast } from './styles.js';

/* How the widget looks, taken in the page and compared there: it is a hundred thousand values. */

/** Parts that are boxes like any other, and parts that are but a way to draw text. */
const BOXES = ['::before', '::after'];
const OTHER_PARTS = ['::placeholder', '::marker', '::first-letter', '::first-line'];
const OF_TEXT = ['color', 'background-color', 'font', 'opacity', 'text-transform', 'letter-spacing', 'text-shadow'];

interface Kept {
  keptLooks?: Map<string, Map<string, string[]>>;
}

/**
 * Notes every computed style of the widget: of the element it is in, all below that, in shadow trees too, and their
 * parts. Compared with what was noted under another name, if one is given.
 *
 * @returns up to 20 differences, and how many elements were looked at
 */
export async function lookOf(page: Page, name: string, comparedWith?: string) {
  return page.evaluate(
    async ([own, other, boxes, others, ofText]) => {
      const kept = ((globalThis as Kept).keptLooks ??= new Map<string, Map<string, string[]>>());
      const below = (root: Element): Element[] => [
        root,
        ...[...root.children, ...(root.shadowRoot?.children ?? [])].flatMap(below),
      ];
      const tree = document.querySelector('okta-signin')!.getRootNode() as Document | ShadowRoot;
      await document.fonts.ready;
      const roots = [...tree.querySelectorAll('okta-signin > [slot=widget]')];
      const elements = roots.flatMap(below).filter((element) => !['LINK', 'STYLE'].includes(element.tagName));
      // What a rule set in motion, it has changed.
      for (const element of elements) for (const each of element.getAnimations()) each.finish();
      // What the page calls its own goes down to everything, and matters to nobody who does not ask for it.
      const isStandard = (property: string) => !property.startsWith('--');
      const look = new Map<string, string[]>();
      elements.forEach((element, index) => {
        for (const part of [null, ...boxes, ...others]) {
          const style = getComputedStyle(element, part);
          const place = `${index} ${element.localName}.${element.getAttribute('class')}${part ?? ''}`;
          const isThere = !part || !boxes.includes(part) || !['none', 'normal'].includes(style.content);
          const names = part && others.includes(part) ? ofText : isThere ? [...style].filter(isStandard) : ['content'];
          look.set(
            place,
            names.map((property) => `${property}: ${style.getPropertyValue(property)}`),
          );
        }
      });
      kept.set(own, look);
      const before = other === undefined ? look : (kept.get(other) ?? new Map<string, string[]>());
      const changed = [...new Set([...look.keys(), ...before.keys()])].flatMap((place) => {
        const [is, was] = [look.get(place), before.get(place)];
        if (!is || !was) return [`${place} is ${is ? 'new' : 'gone'}`];
        if (is.length !== was.length) return [`${place} has ${is.length} styles, not ${was.length}`];
        return is.flatMap((line, index) => (line === was[index] ? [] : [`${place} ${line} (${was[index]})`]));
      });
      return { changed: changed.slice(0, 20), elements: elements.length };
    },
    [name, comparedWith, BOXES, OTHER_PARTS, OF_TEXT] as const,
  );
}

/** Has stylesheets of the page count, and no other of those that have a title. */
export async function useStylesheets(page: Page, names: readonly string[]): Promise<void> {
  await page.evaluate((wanted) => {
    for (const style of document.querySelectorAll<HTMLStyleElement>('style[data-rough]')) {
      style.sheet!.disabled = !wanted.includes(style.dataset.rough!);
    }
  }, names);
}

/** A picture of the widget, without a caret. */
export function pictureOf(page: Page): Promise<Buffer> {
  return page.locator('#place').screenshot({ animations: 'disabled', caret: 'hide' });
}

/** Sees that every text of the form can be read (WCAG 2.2, 1.4.3). */
export async function readable(page: Page, screen: string): Promise<void> {
  await page.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    for (const each of document.getAnimations()) if (each instanceof CSSTransition) each.finish();
  });
  const { ratio, text } = await page.evaluate(leastContrast, 'main#okta-sign-in');
  assert.ok(ratio >= 4.5, `${screen}: “${text}” has a contrast of ${ratio.toFixed(2)}`);
}

/** Where every box of the form is, from its left edge, and where it would be if the form were turned round. */
export async function boxes(page: Page, turned: boolean): Promise<string[]> {
  return page.locator('main#okta-sign-in').evaluate(async (main, mirror) => {
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    const around = main.getBoundingClientRect();
    return (
      [...main.querySelectorAll('*')]
        .filter((element) => element.checkVisibility() && !element.closest('svg *'))
        // Generation 3 has what is typed for a password and the eye beside it, and the picture of a message and the room
        // beside that, from left to right in any case.
        .filter((element) => !element.closest('.MuiInputBase-adornedEnd > *, .MuiAlert-root > *'))
        // Words are in the order of their own language.
        .filter((element) => getComputedStyle(element).display !== 'inline')
        .map((element) => {
          const { left, right, top, width, height } = element.getBoundingClientRect();
          const start = mirror ? around.right - right : left - around.left;
          return `${element.localName}.${element.className} ${[start, top, width, height].map((each) => Math.round(each)).join(' ')}`;
        })
    );
  }, turned);
}
