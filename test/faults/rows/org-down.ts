import assert from 'node:assert/strict';
import type { Outcome, Row } from '../row.js';
import type { Visit } from '../visit.js';

/** The button is there, and leads in once there is an org again, which asks who it is. */
async function tryAgain(visit: Visit): Promise<string> {
  await visit.lane.restartOrg();
  assert.ok(await visit.signInButton.isEnabled(), 'there is no way to try again');
  await visit.signIn();
  return 'signed in';
}

async function downBeforeSignIn(visit: Visit): Promise<Outcome> {
  await visit.open();
  await visit.stopOrg();
  await visit.click(visit.signInButton);
  const { code, at } = await visit.failure();
  await visit.isShut();
  assert.equal(visit.departures, 0);
  return { ending: code, after: at - visit.clickedAt, retry: await tryAgain(visit) };
}

async function downOnReturn(visit: Visit): Promise<Outcome> {
  visit.lane.site.onReturn = () => {
    visit.lane.site.onReturn = undefined;
    return visit.stopOrg();
  };
  await visit.open();
  await visit.click(visit.signInButton);
  const { code, at } = await visit.failure();
  await visit.isShut();
  assert.equal(visit.departures, 1);
  return { ending: code, after: at - visit.returnedAt, retry: await tryAgain(visit) };
}

async function downAtExpiry(visit: Visit): Promise<Outcome> {
  await visit.open('brief');
  await visit.signIn();
  await visit.stopOrg();
  const { code, at } = await visit.failure();
  const began = visit.since('okta-state-change').find(({ state }) => state === 'pending')!.at;
  await visit.isQuiet();
  await visit.showsNoSecret();
  return { ending: code, after: at - began, retry: await tryAgain(visit) };
}

async function downAtSignOut(visit: Visit): Promise<Outcome> {
  await visit.open();
  await visit.signIn();
  await visit.page.reload({ waitUntil: 'commit' });
  await visit.isSignedIn();
  await visit.stopOrg();
  await visit.click(visit.signOutButton('Sign out'));
  const { code, at } = await visit.failure();
  await visit.isQuiet();
  await visit.showsNoSecret();
  await visit.holdsNoTokens();
  return { ending: code, after: at - visit.clickedAt, retry: await tryAgain(visit) };
}

const endings = { refused: 'network' };

export const orgDownRows: Row[] = [
  { endpoint: 'org', moment: 'sign-in', endings, play: downBeforeSignIn },
  { endpoint: 'org', moment: 'return from Okta', endings, play: downOnReturn },
  { endpoint: 'org', moment: 'renewal, the tokens have expired', endings, play: downAtExpiry },
  { endpoint: 'org', moment: 'sign-out, scope="global"', endings, play: downAtSignOut },
];
