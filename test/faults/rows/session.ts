import assert from 'node:assert/strict';
import { faultKinds } from '../faults.js';
import { ada } from '../lane.js';
import { nonsense, unanswered, type Outcome, type Row } from '../row.js';
import { PATIENCE, type Visit } from '../visit.js';
import { tryAgain } from './sign-in.js';

const stays = 'stays signed in';

/** The access token expires, and nothing can be got for it: what was guarded goes, what could renew it stays. */
async function failAfterExpiry(visit: Visit, breakIt: () => void | Promise<void>): Promise<Outcome> {
  await visit.open('brief');
  await visit.signIn();
  await breakIt();
  const { code, at } = await visit.failure();
  const began = visit.since('okta-state-change').find(({ state }) => state === 'pending')!.at;
  await visit.isQuiet();
  const seen = visit.since('secrets').filter((entry) => entry.at > began && (entry.shown!.length > 0 || entry.stamped));
  assert.deepEqual(seen.slice(0, -1), [], 'guarded content came back');
  await visit.showsNoSecret();
  assert.equal(visit.departures, 1, 'the page leaves for Okta by itself');
  return { ending: code, after: at - began, retry: await tryAgain(visit) };
}

/** Asks the shop's API, by a button of the shop's. @returns the status it answered with */
async function loadOrders({ page }: Visit): Promise<string> {
  await page.getByRole('button', { name: 'Load orders' }).click();
  const answer = page.locator('#orders', { hasText: 'orders: ' });
  await answer.waitFor();
  return (await answer.textContent())!.replace('orders: ', '');
}

/** Asks again until something is so: renewals that failed pause. */
async function loadOrdersUntil(visit: Visit, what: (status: string) => boolean | Promise<boolean>): Promise<void> {
  const until = Date.now() + PATIENCE;
  while (!(await what(await loadOrders(visit)))) {
    assert.ok(Date.now() < until, 'asking again does not help');
    await visit.page.waitForTimeout(500);
  }
}

/** The API refuses a token that is good for an hour: the user stays signed in, and the API's answer is the answer. */
async function failWhileValid(visit: Visit): Promise<Outcome> {
  const { site } = visit.lane;
  await visit.open();
  await visit.signIn();
  assert.equal(await loadOrders(visit), '200');
  site.refusedTokens.add(site.lastToken);
  const before = await visit.stored();
  visit.break('token');
  assert.equal(await loadOrders(visit), '401');
  const after = Date.now() - visit.clickedAt;
  assert.equal(await visit.stored(), before, 'a renewal that failed changed what is stored');
  await visit.isSignedIn();
  assert.deepEqual(visit.since('secrets'), [], 'guarded content went away');
  assert.deepEqual(visit.since('okta-error'), [], 'nothing is lost, and an error is told');
  visit.mend();
  if (visit.kind === 'wrong CORS') {
    // Okta has answered, and nobody could read it: the refresh token is used up, which ends the session.
    await loadOrdersUntil(visit, () => visit.since('okta-session-expired').length > 0);
    await visit.holdsNoTokens();
    return { ending: stays, after, retry: await tryAgain(visit) };
  }
  await loadOrdersUntil(visit, (status) => status === '200');
  return { ending: stays, after, retry: 'renewed' };
}

/** Nothing of the session depends on it: the caller is told, and everything stays as it is. */
async function failToGetUserInfo(visit: Visit): Promise<Outcome> {
  const { page } = visit;
  await visit.open();
  await visit.signIn();
  const before = await visit.stored();
  visit.break('userinfo');
  await page.getByRole('button', { name: 'Load profile' }).click();
  const { code, at } = await visit.failure('rejection');
  await visit.isQuiet();
  assert.equal(await visit.stored(), before, 'what is stored has changed');
  await visit.isSignedIn();
  assert.deepEqual(visit.since('secrets'), [], 'guarded content went away');
  const after = at - visit.clickedAt;
  visit.mend();
  await page.getByRole('button', { name: 'Load profile' }).click();
  await page.locator('#profile', { hasText: `hello ${ada.name}` }).waitFor();
  return { ending: code, after, retry: 'loaded' };
}

export const sessionRows: Row[] = [
  {
    endpoint: 'keys',
    moment: 'renewal after a change of keys',
    endings: { ...unanswered, ...nonsense('server_error') },
    play: (visit) =>
      failAfterExpiry(visit, async () => {
        await visit.lane.org.rotateKeys();
        visit.break('keys');
      }),
  },
  {
    endpoint: 'token',
    moment: 'renewal, the tokens have expired',
    endings: { ...unanswered, ...nonsense('server_error') },
    play: (visit) => failAfterExpiry(visit, () => visit.break('token')),
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
