import assert from 'node:assert/strict';
import { SIGNED_IN, type RowName } from '../endings.js';
import type { Outcome, Run } from '../row.js';
import type { FaultPage } from '../fault-page.js';

/** Signs in on the same page once the org runs again. */
async function tryAgain(page: FaultPage): Promise<string> {
  await page.fixture.restartOrg();
  assert.ok(await page.signInButton.isEnabled(), 'the user cannot retry');
  await page.signIn();
  return SIGNED_IN;
}

async function downBeforeSignIn(page: FaultPage): Promise<Outcome> {
  await page.open();
  await page.stopOrg();
  await page.click(page.signInButton);
  const { code, at } = await page.failure();
  await page.isShut();
  assert.equal(page.departures, 0);
  return { ending: code, after: at - page.clickedAt, retry: await tryAgain(page) };
}

async function downOnReturn(page: FaultPage): Promise<Outcome> {
  page.fixture.shop.onReturn = () => {
    page.fixture.shop.onReturn = undefined;
    return page.stopOrg();
  };
  await page.open();
  await page.click(page.signInButton);
  const { code, at } = await page.failure();
  await page.isShut();
  assert.equal(page.departures, 1);
  return { ending: code, after: at - page.returnedAt, retry: await tryAgain(page) };
}

async function downAtExpiry(page: FaultPage): Promise<Outcome> {
  await page.open('brief');
  await page.signIn();
  await page.stopOrg();
  const { code, at } = await page.failure();
  const began = page.since('okta-state-change').find(({ state }) => state === 'pending')!.at;
  await page.isQuiet();
  await page.showsNoSecret();
  return { ending: code, after: at - began, retry: await tryAgain(page) };
}

async function downAtSignOut(page: FaultPage): Promise<Outcome> {
  await page.open();
  await page.signIn();
  await page.tab.reload({ waitUntil: 'commit' });
  await page.isSignedIn();
  await page.stopOrg();
  await page.click(page.signOutButton('Sign out'));
  const { code, at } = await page.failure();
  await page.isQuiet();
  await page.showsNoSecret();
  await page.holdsNoTokens();
  return { ending: code, after: at - page.clickedAt, retry: await tryAgain(page) };
}

export const orgDownRuns = {
  'org, sign-in': downBeforeSignIn,
  'org, return from Okta': downOnReturn,
  'org, renewal, the tokens have expired': downAtExpiry,
  'org, sign-out, scope="global"': downAtSignOut,
} satisfies Partial<Record<RowName, Run>>;
