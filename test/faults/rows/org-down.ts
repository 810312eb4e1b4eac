import assert from 'node:assert/strict';
import type { Outcome, Row } from '../row.js';
import type { FaultPage } from '../fault-page.js';

/** The button is there, and leads in once there is an org again, which asks who it is. */
async function tryAgain(page: FaultPage): Promise<string> {
  await page.fixture.restartOrg();
  assert.ok(await page.signInButton.isEnabled(), 'there is no way to try again');
  await page.signIn();
  return 'signed in';
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

const endings = { refused: 'network' };

export const orgDownRows: Row[] = [
  { endpoint: 'org', moment: 'sign-in', endings, play: downBeforeSignIn },
  { endpoint: 'org', moment: 'return from Okta', endings, play: downOnReturn },
  { endpoint: 'org', moment: 'renewal, the tokens have expired', endings, play: downAtExpiry },
  { endpoint: 'org', moment: 'sign-out, scope="global"', endings, play: downAtSignOut },
];
