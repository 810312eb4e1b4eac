import type { BrowserContext, Page, Request } from 'playwright-core';
import type { Person, PageFixture } from './page-fixture.js';

/** Clicks the button, and waits until what is guarded is shown. The profile has a session at Okta already. */
export async function signIn(page: Page, person: Person): Promise<void> {
  await page.locator('okta-signin').getByRole('button').click();
  await signedIn(page, person);
}

/** What is guarded is shown, and for whom. */
export async function signedIn(page: Page, person: Person): Promise<void> {
  await page.locator('#secret', { hasText: person.name }).waitFor();
  await page.locator('#stamped', { hasText: person.login }).waitFor();
}

/** Nothing guarded is shown, and there is a button to sign in. */
export async function signedOut(page: Page): Promise<void> {
  await page.locator('okta-guard [slot=signed-out]').waitFor();
  await page.locator('#secret').waitFor({ state: 'hidden' });
  await page.locator('#stamped').waitFor({ state: 'detached' });
  await page.locator('okta-signin').getByRole('button').waitFor();
}

/** What a profile's pages send to the token endpoint, each as its grant type. Preflights are not in it. */
export function tokenRequests(profile: BrowserContext): string[] {
  const sent: string[] = [];
  profile.on('request', (request: Request) => {
    if (request.method() !== 'POST' || !request.url().endsWith('/v1/token')) return;
    sent.push(new URLSearchParams(request.postData() ?? '').get('grant_type') ?? '');
  });
  return sent;
}

/** Documents that a page went to, in order, without their queries. */
export function navigations(page: Page): string[] {
  const seen: string[] = [];
  page.on('request', (request) => {
    if (request.isNavigationRequest() && request.frame() === page.mainFrame()) {
      seen.push(request.url().replace(/[?#].*$/s, ''));
    }
  });
  return seen;
}

/** Everything that the storage of this origin holds. */
export function stored(page: Page): Promise<Record<'local' | 'session', Record<string, string>>> {
  return page.evaluate(() => ({ local: { ...localStorage }, session: { ...sessionStorage } }));
}

/** Waits for something to come about outside the page. */
export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const start = performance.now();
  while (!(await condition())) {
    if (performance.now() - start > 30_000) throw new Error(`It never came about: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Clicks the button, and stays where the click leads: at the org, which shows a bare page for once. */
export async function stayAtOkta(page: Page, { org }: PageFixture): Promise<URL> {
  org.faults.set('authorize', { status: 200, body: 'html', times: 1 });
  const asked = page.waitForRequest(/\/v1\/authorize/);
  await page.locator('okta-signin').getByRole('button').click();
  const address = new URL((await asked).url());
  await page.waitForURL(address.href);
  return address;
}

/** Every address in the history of a tab, by the browser's own account. */
export async function historyOf(page: Page): Promise<string[]> {
  const devtools = await page.context().newCDPSession(page);
  const { entries } = await devtools.send('Page.getNavigationHistory');
  await devtools.detach();
  return entries.map(({ url }) => url);
}
