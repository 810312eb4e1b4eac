import assert from 'node:assert/strict';
import { nonsense, unanswered, type Outcome, type Row } from '../row.js';
import type { Visit } from '../visit.js';
import { goBack, OKTAS_PAGE, tryAgain } from './sign-in.js';

/** Milliseconds in which what was guarded must be gone, whatever Okta says. */
const AT_ONCE = 1000;

/** Signed in on a page that has asked Okta for nothing yet. */
async function signedIn(visit: Visit): Promise<void> {
  await visit.open();
  await visit.signIn();
  await visit.page.reload({ waitUntil: 'commit' });
  await visit.isSignedIn();
}

/** Whatever fails, the user is signed out of this browser at once. @returns when the button was clicked */
async function signOut(visit: Visit, label: 'Sign out' | 'Leave this shop'): Promise<number> {
  await visit.click(visit.signOutButton(label));
  const { at } = await visit.told('okta-signout-complete');
  const { clickedAt } = visit;
  assert.ok(at - clickedAt < AT_ONCE, `it took ${at - clickedAt} ms until the tokens were gone`);
  return clickedAt;
}

/** Signs in again and, this time, out. */
async function signOutAgain(visit: Visit, label: 'Sign out' | 'Leave this shop'): Promise<string> {
  await tryAgain(visit);
  const before = visit.log.length;
  await visit.click(visit.signOutButton(label));
  await isSignedOut(visit, before);
  const known = await visit.lane.hasSession(visit.window);
  assert.equal(known, label !== 'Sign out', 'the session at Okta');
  return 'signed out';
}

/** Signed out to the end: with `global`, the browser has been to Okta. */
async function isSignedOut(visit: Visit, since?: number): Promise<void> {
  await visit.told('okta-state-change', { since, state: 'signed-out' });
  await visit.page.locator('okta-signin[state="idle"]').waitFor();
  await visit.isQuiet();
  await visit.holdsNoTokens();
  await visit.showsNoSecret();
}

/** The tokens cannot be revoked; they expire by themselves. */
async function failToRevoke(visit: Visit): Promise<Outcome> {
  await signedIn(visit);
  visit.break('revoke');
  const began = await signOut(visit, 'Leave this shop');
  let ending = 'signed out';
  let after = Date.now() - began;
  if (!isIgnored(visit)) {
    const { code, at } = await visit.failure();
    ending = code;
    after = at - began;
  }
  await isSignedOut(visit);
  return { ending, after, retry: await signOutAgain(visit, 'Leave this shop') };
}

/** That does not keep the session at Okta from being ended. */
async function failToRevokeFirst(visit: Visit): Promise<Outcome> {
  await signedIn(visit);
  visit.break('revoke');
  const began = await signOut(visit, 'Sign out');
  const { at } = await visit.told('navigation');
  const ending = isIgnored(visit) ? 'signed out' : (await visit.failure()).code;
  await isSignedOut(visit);
  assert.equal(await visit.lane.hasSession(visit.window), false, 'the session at Okta goes on');
  return { ending, after: at - began, retry: await signOutAgain(visit, 'Sign out') };
}

/** What a revocation is answered does not matter, as long as the status is 200 (RFC 7009 2.2). */
function isIgnored({ kind }: Visit): boolean {
  return kind === 'HTML' || kind === 'truncated' || kind === 'empty';
}

/** Where Okta's endpoints are cannot be learnt. */
async function failToDiscover(visit: Visit): Promise<Outcome> {
  await signedIn(visit);
  visit.break('discovery');
  const began = await signOut(visit, 'Sign out');
  const { code, at } = await visit.failure();
  await isSignedOut(visit);
  assert.equal(visit.since('navigation').length, 0);
  return { ending: code, after: at - began, retry: await signOutAgain(visit, 'Sign out') };
}

/** The browser goes to Okta to end the session there. */
async function failToEndSession(visit: Visit): Promise<Outcome> {
  await signedIn(visit);
  visit.break('logout');
  const began = await signOut(visit, 'Sign out');
  let ending = OKTAS_PAGE;
  let after: number;
  if (visit.kind === 'hang') {
    const { code, at } = await visit.failure();
    await visit.stop();
    ending = code;
    after = at - began;
  } else if (visit.kind === 'wrong CORS') {
    await visit.told('okta-state-change', { state: 'signed-out' });
    ending = 'signed out';
    after = Date.now() - began;
  } else {
    after = (await visit.left()) - began;
    await goBack(visit);
  }
  await isSignedOut(visit);
  return { ending, after, retry: await signOutAgain(visit, 'Sign out') };
}

export const signOutRows: Row[] = [
  {
    endpoint: 'discovery',
    moment: 'sign-out',
    endings: { ...unanswered, ...nonsense('discovery_failed') },
    play: failToDiscover,
  },
  {
    endpoint: 'revoke',
    moment: 'sign-out, scope="app"',
    endings: { ...unanswered, ...nonsense('signed out') },
    play: failToRevoke,
  },
  {
    endpoint: 'revoke',
    moment: 'sign-out, scope="global"',
    endings: { ...unanswered, ...nonsense('signed out') },
    play: failToRevokeFirst,
  },
  {
    endpoint: 'logout',
    moment: 'sign-out, scope="global"',
    endings: {
      refused: OKTAS_PAGE,
      hang: 'timeout',
      'status 500': OKTAS_PAGE,
      'status 429': OKTAS_PAGE,
      ...nonsense(OKTAS_PAGE),
      'wrong CORS': 'signed out',
    },
    play: failToEndSession,
  },
];
