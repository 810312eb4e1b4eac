import { setTimeout as delay } from 'node:timers/promises';
import type { Content } from './driver.js';
import { call, findVisible, textOf } from './in-page.js';

/** Milliseconds to wait for a state. */
const LIMIT_MS = 30_000;
const POLL_MS = 100;

/**
 * Waits until a condition holds and returns what it returned. An error counts as "not yet", because a page may be
 * replaced in the middle of a command.
 */
export async function until<T>(
  state: string,
  condition: () => T | Promise<T>,
  limit = LIMIT_MS,
): Promise<Exclude<T, false | null | undefined>> {
  const start = performance.now();
  for (;;) {
    let error: unknown;
    try {
      const value = await condition();
      if (value !== false && value != null) return value as Exclude<T, false | null | undefined>;
    } catch (thrown) {
      error = thrown;
    }
    if (performance.now() - start > limit) {
      throw new Error(`Not within ${limit / 1000} s: ${state}`, { cause: error });
    }
    await delay(POLL_MS);
  }
}

/** The text of the first visible element that matches, also in shadow roots; nothing when none is visible. */
export async function visibleText(content: Content, selector: string): Promise<string | undefined> {
  const text = await content.evaluate(
    call((wanted) => {
      const element = findVisible(wanted);
      return element ? textOf(element) : null;
    }, selector),
  );
  return (text as string | null) ?? undefined;
}

/** Waits until an element is visible and has a text in it. */
export async function shows(content: Content, selector: string, text = ''): Promise<void> {
  const shown = async () => (await visibleText(content, selector))?.includes(text);
  await until(`${selector} shows "${text}"`, shown).catch(withPage(content));
}

/** Waits until no element that matches is visible. */
export async function hides(content: Content, selector: string): Promise<void> {
  const hidden = async () => (await visibleText(content, selector)) === undefined;
  await until(`${selector} is hidden`, hidden).catch(withPage(content));
}

/** Adds to an error what the page shows. */
function withPage(content: Content): (error: Error) => Promise<never> {
  return async (error) => {
    const text = content.evaluate(call(() => textOf(document.body).replace(/\s+/g, ' ')));
    const page = await Promise.all([addressOf(content), text]).catch(String);
    error.message += `; the page is ${String(page)}`;
    throw error;
  };
}

/** Waits until an element is visible and clicks it. */
export async function click(content: Content, selector: string): Promise<void> {
  await shows(content, selector);
  await content.click(call(findVisible, selector));
}

/** Replaces the text of a field, and retries when a script re-rendered the field meanwhile. */
export async function type(content: Content, selector: string, text: string): Promise<void> {
  const typed = async () => {
    const value = await content.evaluate(
      call((wanted) => {
        const field = findVisible(wanted) as HTMLInputElement | undefined;
        return field ? field.value : null;
      }, selector),
    );
    if (value === text) return true;
    if (value === null) return false;
    await content.type(
      call((wanted) => {
        const field = findVisible(wanted) as HTMLInputElement;
        field.value = '';
        return field;
      }, selector),
      text,
    );
    return false;
  };
  await until(`${selector} holds what was typed`, typed).catch(withPage(content));
}

/** The address of a document. */
export async function addressOf(content: Content): Promise<string> {
  return (await content.evaluate('location.href')) as string;
}

/** Waits until a tab is at an address. */
export async function arrives(content: Content, address: string | RegExp): Promise<void> {
  const fits = (url: string) => (typeof address === 'string' ? url === address : address.test(url));
  await until(`the tab is at ${String(address)}`, async () => fits(await addressOf(content)));
}
