import type { FrameLocator, Page } from 'playwright-core';

/** Who is attacked. */
export const victim = { login: 'ada@example.com', password: 'ada-password', name: 'Ada Lovelace' };

/** Types name and password, key by key, and sends them. */
export async function signIn(form: Page | FrameLocator): Promise<void> {
  const name = form.locator('input[name=identifier]');
  const password = form.locator('input[name="credentials.passcode"]');
  await password.waitFor();
  // The widget draws its first form twice.
  for (let attempt = 0; attempt < 6; attempt += 1) {
    await name.fill(victim.login);
    await password.fill('');
    await password.pressSequentially(victim.password);
    const typed = [await name.inputValue(), await password.inputValue()];
    if (typed.join() === [victim.login, victim.password].join()) break;
  }
  await form.locator('[type=submit]:visible').first().click();
}

/** Waits until the page knows who is there. */
export async function isSignedIn(page: Page): Promise<void> {
  await page.locator('#secret', { hasText: victim.name }).waitFor();
}

/** Whether it comes about in so many milliseconds. */
export async function comesAbout(wait: Promise<unknown>): Promise<boolean> {
  return wait.then(
    () => true,
    () => false,
  );
}
