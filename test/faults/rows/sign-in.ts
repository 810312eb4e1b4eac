import assert from 'node:assert/strict';
import type { FaultName } from '../../../src/org/index.js';
import { faultKinds } from '../faults.js';
import { nonsense, unanswered, type Outcome, type Row } from '../row.js';
import type { PageName } from '../site/site.js';
import { PATIENCE, type Visit } from '../visit.js';

/** What a top-level navigation shows is not this page's any more. */
export const OKTAS_PAGE: string = 'Okta’s page';

/** The button is there, works, and leads in. */
export async function tryAgain(visit: Visit): Promise<string> {
  visit.mend();
  assert.ok(await visit.signInButton.isEnabled(), 'there is no way to try again');
  await visit.signIn();
  return 'signed in';
}

/** The page says what failed, in the words of the event. */
async function showsFailure(visit: Visit, message: string | undefined): Promise<void> {
  const alert = visit.page.locator('okta-signin').getByRole('alert');
  await alert.waitFor();
  assert.equal(await alert.textContent(), message);
}

/** The click leads nowhere: discovery comes before Okta's page. */
async function failOnLeaving(visit: Visit): Promise<Outcome> {
  await visit.open();
  visit.break('discovery');
  await visit.click(visit.signInButton);
  const { code, message, at } = await visit.failure();
  await showsFailure(visit, message);
  await visit.isShut();
  assert.equal(visit.departures, 0);
  return { ending: code, after: at - visit.clickedAt, retry: await tryAgain(visit) };
}

/** The user has been to Okta and comes back; what is left to do fails. */
function failOnReturn(endpoint: FaultName, page: PageName = 'home') {
  return async (visit: Visit): Promise<Outcome> => {
    visit.lane.site.onReturn = () => {
      visit.lane.site.onReturn = undefined;
      visit.break(endpoint);
    };
    await visit.open(page);
    // The other page leaves by itself.
    if (page === 'home') await visit.click(visit.signInButton);
    const { code, message, at } = await visit.failure();
    await showsFailure(visit, message);
    await visit.isShut();
    assert.equal(visit.departures, 1, 'the page leaves for Okta by itself');
    return { ending: code, after: at - visit.returnedAt, retry: await tryAgain(visit) };
  };
}

/** The user comes back, and what now fails is not needed. */
function returnRegardless(endpoint: FaultName) {
  return async (visit: Visit): Promise<Outcome> => {
    visit.lane.site.onReturn = () => {
      visit.lane.site.onReturn = undefined;
      visit.break(endpoint);
    };
    await visit.open();
    await visit.signIn();
    return { ending: 'signed in', after: Date.now() - visit.returnedAt, retry: 'not needed' };
  };
}

/** The browser goes to Okta's page, which is not there. What it shows then is not ours; the way back must be in order. */
async function failAtOkta(visit: Visit): Promise<Outcome> {
  await visit.open();
  visit.break('authorize');
  await visit.click(visit.signInButton);
  if (visit.kind === 'wrong CORS') {
    await visit.signIn({ click: false });
    return { ending: 'signed in', after: Date.now() - visit.clickedAt, retry: 'not needed' };
  }
  let ending = OKTAS_PAGE;
  let at: number;
  if (visit.kind === 'hang') {
    const failure = await visit.failure();
    await visit.stop();
    await showsFailure(visit, failure.message);
    ({ code: ending, at } = failure);
  } else {
    at = await visit.left();
    await goBack(visit);
  }
  await visit.isQuiet();
  assert.equal(visit.departures, 1, 'the page leaves for Okta by itself');
  await visit.holdsNoTokens();
  return { ending, after: at - visit.clickedAt, retry: await tryAgain(visit) };
}

/** The browser's own way back, to a page that can be used. */
export async function goBack({ page, lane, signInButton }: Visit): Promise<void> {
  const until = Date.now() + PATIENCE;
  // Playwright may still be busy with the page that failed.
  while (!page.url().startsWith(lane.site.origin)) {
    assert.ok(Date.now() < until, 'the way back is barred');
    await page.goBack({ waitUntil: 'commit', timeout: 3000 }).catch(() => page.waitForTimeout(200));
  }
  await signInButton.waitFor();
  await page.locator('okta-signin[state="idle"]').waitFor();
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
