import assert from 'node:assert/strict';
import { STAYS_SIGNED_IN, type RowName } from '../endings.js';
import { ada } from '../fixture.js';
import type { Outcome, Run } from '../row.js';
import { WAIT_LIMIT_MS, type FaultPage } from '../fault-page.js';
import { tryAgain } from './sign-in.js';

/** The tokens expire and cannot be renewed: guarded content goes, the refresh token stays. */
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

/** Calls the shop's API with a button of the shop. @returns the status of the answer */
async function loadOrders({ tab }: FaultPage): Promise<string> {
  await tab.getByRole('button', { name: 'Load orders' }).click();
  const answer = tab.locator('#orders', { hasText: 'orders: ' });
  await answer.waitFor();
  return (await answer.textContent())!.replace('orders: ', '');
}

/** Calls the API until a condition holds: after a failure, renewals pause. */
async function loadOrdersUntil(page: FaultPage, what: (status: string) => boolean | Promise<boolean>): Promise<void> {
  const until = Date.now() + WAIT_LIMIT_MS;
  while (!(await what(await loadOrders(page)))) {
    assert.ok(Date.now() < until, 'retrying does not help');
    await page.tab.waitForTimeout(100);
  }
}

/** The API rejects a token that is good for an hour: the user stays signed in, and the script gets the API's answer. */
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
  assert.deepEqual(page.since('okta-error'), [], 'an error is reported although nothing is lost');
  page.mend();
  if (page.kind === 'wrong CORS') {
    // Okta has answered and the page could not read it: the refresh token is used up, which ends the session.
    await loadOrdersUntil(page, () => page.since('okta-session-expired').length > 0);
    await page.holdsNoTokens();
    return { ending: STAYS_SIGNED_IN, after, retry: await tryAgain(page) };
  }
  await loadOrdersUntil(page, (status) => status === '200');
  return { ending: STAYS_SIGNED_IN, after, retry: 'renewed' };
}

/** The session does not depend on userinfo: the caller gets the error, and nothing else changes. */
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

export const sessionRuns = {
  'keys, renewal after a change of keys': (page) =>
    failAfterExpiry(page, async () => {
      await page.fixture.org.rotateKeys();
      page.break('keys');
    }),
  'token, renewal, the tokens have expired': (page) => failAfterExpiry(page, () => page.break('token')),
  'token, renewal, the tokens are still good': failWhileValid,
  'userinfo, client.getUserInfo()': failToGetUserInfo,
} satisfies Partial<Record<RowName, Run>>;
