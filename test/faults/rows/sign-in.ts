import assert from 'node:assert/strict';
import type { ErrorCode } from '../../../src/errors.js';
import { en, SENTENCES } from '../../../src/words/en.js';
import type { FaultName } from '../../../src/org/index.js';
import { OKTAS_PAGE, SIGNED_IN, type RowName } from '../endings.js';
import type { Outcome, Run } from '../row.js';
import type { PageName } from '../shop/shop-server.js';
import { WAIT_LIMIT_MS, type FaultPage } from '../fault-page.js';

/** Signs in on the same page once the fault is gone. */
export async function tryAgain(page: FaultPage): Promise<string> {
  page.mend();
  assert.ok(await page.signInButton.isEnabled(), 'the user cannot retry');
  await page.signIn();
  return SIGNED_IN;
}

/** Asserts that the page shows the sentence for visitors. */
async function showsFailure(page: FaultPage, code: string): Promise<void> {
  const alert = page.tab.locator('okta-signin').getByRole('alert');
  await alert.waitFor();
  assert.equal(await alert.textContent(), en.sentences[SENTENCES[code as ErrorCode]]);
}

/** The page requests discovery before it leaves for Okta. */
async function failOnLeaving(page: FaultPage): Promise<Outcome> {
  await page.open();
  page.break('discovery');
  await page.click(page.signInButton);
  const { code, at } = await page.failure();
  await showsFailure(page, code);
  await page.isShut();
  assert.equal(page.departures, 0);
  return { ending: code, after: at - page.clickedAt, retry: await tryAgain(page) };
}

/** Okta redirects the browser back, and a request of the callback fails. */
function failOnReturn(endpoint: FaultName, name: PageName = 'home') {
  return async (page: FaultPage): Promise<Outcome> => {
    page.fixture.shop.onReturn = () => {
      page.fixture.shop.onReturn = undefined;
      page.break(endpoint);
    };
    await page.open(name);
    // The other page signs in by itself.
    if (name === 'home') await page.click(page.signInButton);
    const { code, at } = await page.failure();
    await showsFailure(page, code);
    await page.isShut();
    assert.equal(page.departures, 1, 'the page leaves for Okta by itself');
    return { ending: code, after: at - page.returnedAt, retry: await tryAgain(page) };
  };
}

/** Okta redirects the browser back, and the callback does not need what fails. */
function returnRegardless(endpoint: FaultName) {
  return async (page: FaultPage): Promise<Outcome> => {
    page.fixture.shop.onReturn = () => {
      page.fixture.shop.onReturn = undefined;
      page.break(endpoint);
    };
    await page.open();
    await page.signIn();
    return { ending: SIGNED_IN, after: Date.now() - page.returnedAt, retry: 'not needed' };
  };
}

/** The browser navigates to Okta's page, which fails. Our page must work when the user comes back to it. */
async function failAtOkta(page: FaultPage): Promise<Outcome> {
  await page.open();
  page.break('authorize');
  await page.click(page.signInButton);
  if (page.kind === 'wrong CORS') {
    await page.signIn({ click: false });
    return { ending: SIGNED_IN, after: Date.now() - page.clickedAt, retry: 'not needed' };
  }
  let ending: string = OKTAS_PAGE;
  let at: number;
  if (page.kind === 'hang') {
    const failure = await page.failure();
    await page.stop();
    await showsFailure(page, failure.code);
    ({ code: ending, at } = failure);
  } else {
    at = await page.left();
    await goBack(page);
  }
  await page.isQuiet();
  assert.equal(page.departures, 1, 'the page leaves for Okta by itself');
  await page.holdsNoTokens();
  return { ending, after: at - page.clickedAt, retry: await tryAgain(page) };
}

/** Goes back with the browser's own button, and waits until the page can be used. */
export async function goBack({ tab, fixture, signInButton }: FaultPage): Promise<void> {
  const until = Date.now() + WAIT_LIMIT_MS;
  // Playwright may still be busy with the page that failed.
  while (!tab.url().startsWith(fixture.shop.origin)) {
    assert.ok(Date.now() < until, 'the browser did not go back');
    await tab.goBack({ waitUntil: 'commit', timeout: 3000 }).catch(() => tab.waitForTimeout(200));
  }
  await signInButton.waitFor();
  await tab.locator('okta-signin[state="idle"]').waitFor();
}

export const signInRuns = {
  'discovery, sign-in': failOnLeaving,
  'discovery, return from Okta': returnRegardless('discovery'),
  'keys, return from Okta': failOnReturn('keys'),
  'authorize, sign-in': failAtOkta,
  'token, return from Okta': failOnReturn('token'),
  'token, return to a page that signs in by itself': failOnReturn('token', 'members'),
} satisfies Partial<Record<RowName, Run>>;
