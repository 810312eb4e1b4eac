import assert from 'node:assert/strict';
import { nonsense, unanswered, type Outcome, type Row } from '../row.js';
import type { FaultPage } from '../fault-page.js';
import { goBack, OKTAS_PAGE, tryAgain } from './sign-in.js';

/** Milliseconds in which what was guarded must be gone, whatever Okta says. */
const AT_ONCE = 1000;

/** Signed in on a page that has asked Okta for nothing yet. */
async function signedIn(page: FaultPage): Promise<void> {
  await page.open();
  await page.signIn();
  await page.tab.reload({ waitUntil: 'commit' });
  await page.isSignedIn();
}

/** Whatever fails, the user is signed out of this browser at once. @returns when the button was clicked */
async function signOut(page: FaultPage, label: 'Sign out' | 'Leave this shop'): Promise<number> {
  await page.click(page.signOutButton(label));
  const { at } = await page.told('okta-signout-complete');
  const { clickedAt } = page;
  assert.ok(at - clickedAt < AT_ONCE, `it took ${at - clickedAt} ms until the tokens were gone`);
  return clickedAt;
}

/** Signs in again and, this time, out. */
async function signOutAgain(page: FaultPage, label: 'Sign out' | 'Leave this shop'): Promise<string> {
  await tryAgain(page);
  const before = page.log.length;
  await page.click(page.signOutButton(label));
  await isSignedOut(page, before);
  const known = await page.fixture.hasSession(page.context);
  assert.equal(known, label !== 'Sign out', 'the session at Okta');
  return 'signed out';
}

/** Signed out to the end: with `global`, the browser has been to Okta. */
async function isSignedOut(page: FaultPage, since?: number): Promise<void> {
  await page.told('okta-state-change', { since, state: 'signed-out' });
  await page.tab.locator('okta-signin[state="idle"]').waitFor();
  await page.isQuiet();
  await page.holdsNoTokens();
  await page.showsNoSecret();
}

/** The tokens cannot be revoked; they expire by themselves. */
async function failToRevoke(page: FaultPage): Promise<Outcome> {
  await signedIn(page);
  page.break('revoke');
  const began = await signOut(page, 'Leave this shop');
  let ending = 'signed out';
  let after = Date.now() - began;
  if (!isIgnored(page)) {
    const { code, at } = await page.failure();
    ending = code;
    after = at - began;
  }
  await isSignedOut(page);
  return { ending, after, retry: await signOutAgain(page, 'Leave this shop') };
}

/** That does not keep the session at Okta from being ended. */
async function failToRevokeFirst(page: FaultPage): Promise<Outcome> {
  await signedIn(page);
  page.break('revoke');
  const began = await signOut(page, 'Sign out');
  const { at } = await page.told('navigation');
  const ending = isIgnored(page) ? 'signed out' : (await page.failure()).code;
  await isSignedOut(page);
  assert.equal(await page.fixture.hasSession(page.context), false, 'the session at Okta goes on');
  return { ending, after: at - began, retry: await signOutAgain(page, 'Sign out') };
}

/** What a revocation is answered does not matter, as long as the status is 200 (RFC 7009 2.2). */
function isIgnored({ kind }: FaultPage): boolean {
  return kind === 'HTML' || kind === 'truncated' || kind === 'empty';
}

/** Where Okta's endpoints are cannot be learnt. */
async function failToDiscover(page: FaultPage): Promise<Outcome> {
  await signedIn(page);
  page.break('discovery');
  const began = await signOut(page, 'Sign out');
  const { code, at } = await page.failure();
  await isSignedOut(page);
  assert.equal(page.since('navigation').length, 0);
  return { ending: code, after: at - began, retry: await signOutAgain(page, 'Sign out') };
}

/** The browser goes to Okta to end the session there. */
async function failToEndSession(page: FaultPage): Promise<Outcome> {
  await signedIn(page);
  page.break('logout');
  const began = await signOut(page, 'Sign out');
  let ending = OKTAS_PAGE;
  let after: number;
  if (page.kind === 'hang') {
    const { code, at } = await page.failure();
    await page.stop();
    ending = code;
    after = at - began;
  } else if (page.kind === 'wrong CORS') {
    await page.told('okta-state-change', { state: 'signed-out' });
    ending = 'signed out';
    after = Date.now() - began;
  } else {
    after = (await page.left()) - began;
    await goBack(page);
  }
  await isSignedOut(page);
  return { ending, after, retry: await signOutAgain(page, 'Sign out') };
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
