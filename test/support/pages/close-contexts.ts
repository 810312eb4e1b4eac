import type { BrowserContext } from 'playwright-core';

/**
 * Closes browser profiles, whatever their pages are at. Chromium never answers when it is told to do so in the middle
 * of a navigation to another origin, so the pages leave for an empty one first.
 *
 * @throws Error when a profile is not closed within half a minute, so that the test has a name to fail under
 */
export async function closeContexts(contexts: readonly BrowserContext[]): Promise<void> {
  const pages = contexts.flatMap((context) => context.pages());
  // What is on its way there may be refused; then there was no navigation to wait for.
  await Promise.all(pages.map((page) => page.goto('about:blank', { timeout: 10_000 }).catch(() => undefined)));
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('The browser did not close a profile within 30 s.')), 30_000);
  });
  await Promise.race([Promise.all(contexts.map((context) => context.close())), late]);
  clearTimeout(timer);
}
