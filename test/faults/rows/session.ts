import assert from 'node:assert/strict';
import { faultKinds } from '../faults.js';
import { ada } from '../fixture.js';
import { nonsense, unanswered, type Outcome, type Row } from '../row.js';
import { WAIT_LIMIT_MS, type FaultPage } from '../fault-page.js';
import { tryAgain } from './sign-in.js';

const stays = 'stays signed in';

/** The access token expires, and nothing can be got for it: what was guarded goes, what could renew it stays. */
async function failAfterExpiry(page: FaultPage, breakIt: () => void | Promise<void>): Promise<Outcome> {
  await page.open('brief');
  await page.signIn();
  await breakIt();
  const { code, at } = await page.failure();
  const began = page.since('okta-state-change').find(({ state }) => state === 'pending')!.at;
  await page.isQuiet();
  const seen = page.since('secrets').filter((entry) => entry.at > began && (entry.shown!.length > 0 || entry.stamped));
  assert.deepEqual(seen.slice(0, -1), [], 'guarded content came back');
  await page.showsNoSecret();
  assert.equal(page.departures, 1, 'the page leaves for Okta by itself');
  return { ending: code, after: at - began, retry: await tryAgain(page) };
}

/** Asks the shop's API, by a button of the shop's. @returns the status it answered with */
async function loadOrders({ tab }: FaultPage): Promise<string> {
  await tab.getByRole('button', { name: 'Load orders' }).click();
  const answer = tab.locator('#orders', { hasText: 'orders: ' });
  await answer.waitFor();
  return (await answer.textContent())!.replace('orders: ', '');
}

/** Asks again until something is so: renewals that failed pause. */
async function loadOrdersUntil(page: FaultPage, what: (status: string) => boolean | Promise<boolean>): Promise<void> {
  const until = Date.now() + WAIT_LIMIT_MS;
  while (!(await what(await loadOrders(page)))) {
    assert.ok(Date.now() < until, 'asking again does not help');
    await page.tab.waitForTimeout(500);
  }
}

/** The API refuses a token that is good for an hour: the user stays signed in, and the API's answer is the answer. */
async function failWhileValid(page: FaultPage): Promise<Outcome> {
  const { shop } = page.fixture;
  await page.open();
  await page.signIn();
  assert.equal(await loadOrders(page), '200');
  shop.refusedTokens.add(shop.lastToken);
  const before = await page.stored();
  page.break('token');
  assert.equal(await loadOrders(page), '401');
  const after = Date.now() - page.clickedAt;
  assert.equal(await page.stored(), before, 'a renewal that failed changed what is stored');
  await page.isSignedIn();
  assert.deepEqual(page.since('secrets'), [], 'guarded content went away');
  assert.deepEqual(page.since('okta-error'), [], 'nothing is lost, and an error is told');
  page.mend();
  if (page.kind === 'wrong CORS') {
    // Okta has answered, and nobody could read it: the refresh token is used up, which ends the session.
    await loadOrdersUntil(page, () => page.since('okta-session-expired').length > 0);
    await page.holdsNoTokens();
    return { ending: stays, after, retry: await tryAgain(page) };
  }
  await loadOrdersUntil(page, (status) => status === '200');
  return { ending: stays, after, retry: 'renewed' };
}

/** Nothing of the session depends on it: the caller is told, and everything stays as it is. */
async function failToGetUserInfo(page: FaultPage): Promise<Outcome> {
  const { tab } = page;
  await page.open();
  await page.signIn();
  const before = await page.stored();
  page.break('userinfo');
  await tab.getByRole('button', { name: 'Load profile' }).click();
  const { code, at } = await page.failure('rejection');
  await page.isQuiet();
  assert.equal(await page.stored(), before, 'what is stored has changed');
  await page.isSignedIn();
  assert.deepEqual(page.since('secrets'), [], 'guarded content went away');
  const after = at - page.clickedAt;
  page.mend();
  await tab.getByRole('button', { name: 'Load profile' }).click();
  await tab.locator('#profile', { hasText: `hello ${ada.name}` }).waitFor();
  return { ending: code, after, retry: 'loaded' };
}

export const sessionRows: Row[] = [
  {
    endpoint: 'keys',
    moment: 'renewal after a change of keys',
    endings: { ...unanswered, ...nonsense('server_error') },
    play: (page) =>
      failAfterExpiry(page, async () => {
        await page.fixture.org.rotateKeys();
        page.break('keys');
      }),
  },
  {
    endpoint: 'token',
    moment: 'renewal, the tokens have expired',
    endings: { ...unanswered, ...nonsense('server_error') },
    play: (page) => failAfterExpiry(page, () => page.break('token')),
  },
  {
    endpoint: 'token',
    moment: 'renewal, the tokens are still good',
    endings: Object.fromEntries(faultKinds.map((kind) => [kind, stays])),
    play: failWhileValid,
  },
  {
    endpoint: 'userinfo',
    moment: 'client.getUserInfo()',
    endings: { ...unanswered, ...nonsense('userinfo_failed') },
    play: failToGetUserInfo,
  },
];
