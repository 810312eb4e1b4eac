import type { Frame, FrameLocator, Page } from 'playwright-core';

/** The user whose sign-in is attacked. */
export const victim = { login: 'ada@example.com', password: 'ada-password', name: 'Ada Lovelace' };

/** The form in the sign-in frame of a page. */
export const inFrame = (page: Page): FrameLocator => page.frameLocator('okta-signin iframe');

/** Types name and password, key by key, and submits them. */
export async function signIn(form: Page | FrameLocator): Promise<void> {
  const name = form.locator('input[name=identifier]');
  const password = form.locator('input[name="credentials.passcode"]');
  await password.waitFor();
  // The widget renders its first form twice, which empties it.
  for (let attempt = 0; attempt < 10; attempt += 1) {
    await name.fill(victim.login);
    await password.fill('');
    await password.pressSequentially(victim.password);
    await password.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );
    const typed = [await name.inputValue(), await password.inputValue()];
    if (typed.join() === [victim.login, victim.password].join()) break;
  }
  await form.locator('[type=submit]:visible').first().click();
}

/** Waits until the page shows guarded content. */
export async function isSignedIn(page: Page): Promise<void> {
  await page.locator('#secret', { hasText: victim.name }).waitFor();
}

/** Frames that a browser refuses to show have an address of its own. */
export function isRefused(frame: Frame): boolean {
  return frame.url().startsWith('chrome-error:');
}

/** Attempts of a script after which one would have succeeded, had it been possible. */
export const ENOUGH_ATTEMPTS = 50;

/** How many attempts a script of `scripts/` has made in a frame. */
export function attemptsIn(frame: Frame): Promise<number> {
  return frame.evaluate(() => (globalThis as unknown as { attempts?: number }).attempts ?? 0);
}

const POLL_INTERVAL_MS = 50;

/** Asks again and again until there is an answer. @throws Error after a minute */
export async function firstAnswer<T>(page: Page, find: () => Promise<T | undefined>): Promise<T> {
  for (const end = Date.now() + WAIT_LIMIT_MS; ;) {
    const found = await find();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`The attack neither succeeded nor failed within ${WAIT_LIMIT_MS / 1000} s.`);
    await page.waitForTimeout(POLL_INTERVAL_MS);
  }
}

/** How long to wait for something that must happen. Far longer than it takes, also on a busy machine. */
export const WAIT_LIMIT_MS = 60_000;
