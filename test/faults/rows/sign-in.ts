import assert from 'node:assert/strict';
import type { FaultName } from '../../../src/org/index.js';
import { faultKinds } from '../faults.js';
import { nonsense, unanswered, type Outcome, type Row } from '../row.js';
import type { PageName } from '../shop/shop-server.js';
import { WAIT_LIMIT_MS, type FaultPage } from '../fault-page.js';

/** What a top-level navigation shows is not this page's any more. */
export const OKTAS_PAGE: string = 'Okta’s page';

/** The button is there, works, and leads in. */
export async function tryAgain(page: FaultPage): Promise<string> {
  page.mend();
  assert.ok(await page.signInButton.isEnabled(), 'there is no way to try again');
  await page.signIn();
  return 'signed in';
}

/** The page says what failed, in the words of the event. */
async function showsFailure(page: FaultPage, message: string | undefined): Promise<void> {
  const alert = page.tab.locator('okta-signin').getByRole('alert');
  await alert.waitFor();
  assert.equal(await alert.textContent(), message);
}

/** The click leads nowhere: discovery comes before Okta's page. */
async function failOnLeaving(page: FaultPage): Promise<Outcome> {
  await page.open();
  page.break('discovery');
  await page.click(page.signInButton);
  const { code, message, at } = await page.failure();
  await showsFailure(page, message);
  await page.isShut();
  assert.equal(page.departures, 0);
  return { ending: code, after: at - page.clickedAt, retry: await tryAgain(page) };
}

/** The user has been to Okta and comes back; what is left to do fails. */
function failOnReturn(endpoint: FaultName, name: PageName = 'home') {
  return async (page: FaultPage): Promise<Outcome> => {
    page.fixture.shop.onReturn = () => {
      page.fixture.shop.onReturn = undefined;
      page.break(endpoint);
    };
    await page.open(name);
    // The other page leaves by itself.
    if (name === 'home') await page.click(page.signInButton);
    const { code, message, at } = await page.failure();
    await showsFailure(page, message);
    await page.isShut();
    assert.equal(page.departures, 1, 'the page leaves for Okta by itself');
    return { ending: code, after: at - page.returnedAt, retry: await tryAgain(page) };
  };
}

/** The user comes back, and what now fails is not needed. */
function returnRegardless(endpoint: FaultName) {
  return async (page: FaultPage): Promise<Outcome> => {
    page.fixture.shop.onReturn = () => {
      page.fixture.shop.onReturn = undefined;
      page.break(endpoint);
    };
    await page.open();
    await page.signIn();
    return { ending: 'signed in', after: Date.now() - page.returnedAt, retry: 'not needed' };
  };
}

/** The browser goes to Okta's page, which is not there. What it shows then is not ours; the way back must be in order. */
async function failAtOkta(page: FaultPage): Promise<Outcome> {
  await page.open();
  page.break('authorize');
  await page.click(page.signInButton);
  if (page.kind === 'wrong CORS') {
    await page.signIn({ click: false });
    return { ending: 'signed in', after: Date.now() - page.clickedAt, retry: 'not needed' };
  }
  let ending = OKTAS_PAGE;
  let at: number;
  if (page.kind === 'hang') {
    const failure = await page.failure();
    await page.stop();
    await showsFailure(page, failure.message);
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

/** The browser's own way back, to a page that can be used. */
export async function goBack({ tab, fixture, signInButton }: FaultPage): Promise<void> {
  const until = Date.now() + WAIT_LIMIT_MS;
  // Playwright may still be busy with the page that failed.
  while (!tab.url().startsWith(fixture.shop.origin)) {
    assert.ok(Date.now() < until, 'the way back is barred');
    await tab.goBack({ waitUntil: 'commit', timeout: 3000 }).catch(() => tab.waitForTimeout(200));
  }
  await signInButton.waitFor();
  await tab.locator('okta-signin[state="idle"]').waitFor();
}

export const signInRows: Row[] = [
  {
    endpoint: 'discovery',
    moment: 'sign-in',
    endings: { ...unanswered, ...nonsense('discovery_failed') },
    play: failOnLeaving,
  },
  {
    endpoint: 'discovery',
    moment: 'return from Okta',
    // What it says was kept when the user left.
    endings: Object.fromEntries(faultKinds.map((kind) => [kind, 'signed in'])),
    play: returnRegardless('discovery'),
  },
  {
    endpoint: 'keys',
    moment: 'return from Okta',
    endings: { ...unanswered, ...nonsense('server_error') },
    play: failOnReturn('keys'),
  },
  {
    endpoint: 'authorize',
    moment: 'sign-in',
    endings: {
      refused: OKTAS_PAGE,
      hang: 'timeout',
      'status 500': OKTAS_PAGE,
      'status 429': OKTAS_PAGE,
      ...nonsense(OKTAS_PAGE),
      'wrong CORS': 'signed in',
    },
    play: failAtOkta,
  },
  {
    endpoint: 'token',
    moment: 'return from Okta',
    endings: { ...unanswered, ...nonsense('token_exchange_failed') },
    play: failOnReturn('token'),
  },
  {
    endpoint: 'token',
    moment: 'return to a page that signs in by itself',
    endings: { ...unanswered, ...nonsense('token_exchange_failed') },
    play: failOnReturn('token', 'members'),
  },
];
