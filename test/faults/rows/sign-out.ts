import assert from 'node:assert/strict';
import { OKTAS_PAGE, SIGNED_OUT, type RowName } from '../endings.js';
import type { Outcome, Run } from '../row.js';
import type { Entry, FaultPage } from '../fault-page.js';
import { goBack, tryAgain } from './sign-in.js';

/** Signs in, on a page that has not requested anything from Okta yet. */
async function signedIn(page: FaultPage): Promise<void> {
  await page.open();
  await page.signIn();
  await page.tab.reload({ waitUntil: 'commit' });
  await page.isSignedIn();
}

/** The user is signed out of this browser before Okta is asked anything. @returns when the button was clicked */
async function signOut(page: FaultPage, label: 'Sign out' | 'Leave this shop'): Promise<number> {
  await page.click(page.signOutButton(label));
  await page.reported('okta-signout-complete');
  const [first] = page.log.slice(page.log.findLastIndex(({ type }) => type === 'click')).filter(isConsequence);
  assert.equal(first?.type, 'okta-signout-complete', 'the tokens are not dropped first');
  return page.clickedAt;
}

const isConsequence = ({ type }: Entry) => ['okta-signout-complete', 'okta-error', 'navigation'].includes(type);

/** Signs in again, and out without a fault. */
async function signOutAgain(page: FaultPage, label: 'Sign out' | 'Leave this shop'): Promise<string> {
  await tryAgain(page);
  const before = page.log.length;
  await page.click(page.signOutButton(label));
  await isSignedOut(page, before);
  const known = await page.fixture.hasSession(page.context);
  assert.equal(known, label !== 'Sign out', 'the session at Okta');
  return SIGNED_OUT;
}

/** Waits until the sign-out has ended: with `global`, the browser has been to Okta. */
async function isSignedOut(page: FaultPage, since?: number): Promise<void> {
  await page.reported('okta-state-change', { since, state: 'signed-out' });
  await page.tab.locator('okta-signin[state="idle"]').waitFor();
  await page.isQuiet();
  await page.holdsNoTokens();
  await page.showsNoSecret();
}

/** The tokens cannot be revoked, so they are good until they expire. */
async function failToRevoke(page: FaultPage): Promise<Outcome> {
  await signedIn(page);
  page.break('revoke');
  const began = await signOut(page, 'Leave this shop');
  let ending: string = SIGNED_OUT;
  let after = Date.now() - began;
  if (!isIgnored(page)) {
    const { code, at } = await page.failure();
    ending = code;
    after = at - began;
  }
  await isSignedOut(page);
  return { ending, after, retry: await signOutAgain(page, 'Leave this shop') };
}

/** The session at Okta is ended all the same. */
async function failToRevokeFirst(page: FaultPage): Promise<Outcome> {
  await signedIn(page);
  page.break('revoke');
  const began = await signOut(page, 'Sign out');
  const { at } = await page.reported('navigation');
  const ending = isIgnored(page) ? SIGNED_OUT : (await page.failure()).code;
  await isSignedOut(page);
  assert.equal(await page.fixture.hasSession(page.context), false, 'the session at Okta goes on');
  return { ending, after: at - began, retry: await signOutAgain(page, 'Sign out') };
}

/** Any answer to a revocation will do, as long as the status is 200 (RFC 7009 section 2.2). */
function isIgnored({ kind }: FaultPage): boolean {
  return kind === 'HTML' || kind === 'truncated' || kind === 'empty';
}

/** The page cannot find out where to end the session. */
async function failToDiscover(page: FaultPage): Promise<Outcome> {
  await signedIn(page);
  page.break('discovery');
  const began = await signOut(page, 'Sign out');
  const { code, at } = await page.failure();
  await isSignedOut(page);
  assert.equal(page.since('navigation').length, 0);
  return { ending: code, after: at - began, retry: await signOutAgain(page, 'Sign out') };
}

/** The browser navigates to Okta to end the session there. */
async function failToEndSession(page: FaultPage): Promise<Outcome> {
  await signedIn(page);
  page.break('logout');
  const began = await signOut(page, 'Sign out');
  let ending: string = OKTAS_PAGE;
  let after: number;
  if (page.kind === 'hang') {
    const { code, at } = await page.failure();
    await page.stop();
    ending = code;
    after = at - began;
  } else if (page.kind === 'wrong CORS') {
    await page.reported('okta-state-change', { state: 'signed-out' });
    ending = SIGNED_OUT;
    after = Date.now() - began;
  } else {
    after = (await page.left()) - began;
    await goBack(page);
  }
  await isSignedOut(page);
  return { ending, after, retry: await signOutAgain(page, 'Sign out') };
}

export const signOutRuns = {
  'discovery, sign-out': failToDiscover,
  'revoke, sign-out, scope="app"': failToRevoke,
  'revoke, sign-out, scope="global"': failToRevokeFirst,
  'logout, sign-out, scope="global"': failToEndSession,
} satisfies Partial<Record<RowName, Run>>;
