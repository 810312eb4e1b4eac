import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { OktaElementsError } from '../../src/errors.js';
import type { OktaErrorEvent } from '../../src/events.js';
import {
  endings,
  endpointOf,
  OKTAS_PAGE,
  rowNames,
  SIGNED_IN,
  SIGNED_OUT,
  STAYS_SIGNED_IN,
  type Endings,
  type RowName,
} from '../faults/endings.js';
import { faultKinds, type FaultKind } from '../faults/faults.js';
import { FakeBrowser, type Tab } from '../support/session/fake-browser.js';
import { FakeClock } from '../support/session/fake-clock.js';
import { SigningKey } from '../support/session/jwt.js';
import { idle, loadPage, shop, signInEmbedded, until, type Page } from '../support/session/page.js';
import { Provider, type Endpoint } from '../support/session/provider.js';

/*
 * Every fault of every endpoint, without a browser: the same rows and endings as `npm run faults`, and the exact time
 * limit, which only a fake clock can show.
 */

const REQUEST_TIMEOUT_MS = 10_000;
const TOKEN_LIFETIME_S = 600;

const clock = new FakeClock();
AbortSignal.timeout = (milliseconds) => {
  const controller = new AbortController();
  clock.setTimeout(() => controller.abort(new DOMException('Timed out.', 'TimeoutError')), milliseconds);
  return controller.signal;
};

let provider: Provider;
let browser: FakeBrowser;
let tab: Tab;
/** Requests that are never answered. Node would collect one that nothing refers to, and its signal would not fire. */
let hanging: Request[];

beforeEach(() => {
  clock.reset(1_800_000_000_000);
  provider = new Provider(clock.now);
  provider.lifetime = TOKEN_LIFETIME_S;
  browser = new FakeBrowser({ now: clock.now, fetch: provider.fetch });
  tab = browser.openTab(`${shop}/`);
  hanging = [];
});

type Fault = NonNullable<Provider['faults'][Endpoint]>;

const secret = 'eyJraWQiOiJ';
const faults: Record<FaultKind, Fault> = {
  refused: () => Promise.reject(new TypeError('Failed to fetch')),
  hang: (request) => {
    hanging.push(request);
    const { signal } = request;
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
  },
  'status 500': () => Response.json({ errorCode: 'E0000009', errorSummary: 'Internal Server Error' }, { status: 500 }),
  'status 429': () =>
    Response.json(
      { errorCode: 'E0000047', errorSummary: 'Too many.' },
      { status: 429, headers: { 'retry-after': '1' } },
    ),
  HTML: () => new Response('<!doctype html><title>200</title>', { headers: { 'content-type': 'text/html' } }),
  truncated: () => new Response(`{"access_token":"${secret}`),
  empty: () => new Response(''),
  // The server has done its part: a refresh token is used up.
  'wrong CORS': async (_request, answer) => {
    await answer();
    throw new TypeError('Failed to fetch');
  },
};

const requestable = ['discovery', 'keys', 'token', 'userinfo', 'revoke'] as const;

/** Breaks the endpoint of a row, or all of them for `org`. Navigations are the row's own business. */
function breakEndpoint(name: RowName, kind: FaultKind): void {
  const endpoint = endpointOf(name);
  for (const each of requestable) if (endpoint === each || endpoint === 'org') provider.faults[each] = faults[kind];
}

function mend(): void {
  for (const each of requestable) delete provider.faults[each];
}

/** A page, with the failures that it reports. */
interface ReportingPage extends Page {
  readonly errors: OktaErrorEvent[];
}

const settings = {
  scopes: 'openid offline_access',
  postLogoutRedirectUri: '/',
  allowedOrigins: 'https://api.shop.test',
};

function load(href = tab.href): ReportingPage {
  const errors: OktaErrorEvent[] = [];
  const prepare = ({ target }: Page) =>
    target.addEventListener('okta-error', (event) => errors.push(event as OktaErrorEvent));
  return { ...loadPage(tab, provider, href, { ...settings, prepare }), errors };
}

async function signedIn(): Promise<ReportingPage> {
  const page = load();
  await signInEmbedded(page, provider);
  return page;
}

/** Goes to Okta. @returns the address of the redirect callback */
async function redirectCallback({ client }: Page, automatic = false): Promise<string> {
  await client.signIn({ automatic });
  return provider.authorize(tab.departures.at(-1)!);
}

/** Waits until the request limit has passed, if the fault is one that only time ends. */
async function waitFor(kind: FaultKind, isOver: () => boolean): Promise<void> {
  if (kind === 'hang') {
    await until(() => hanging.length > 0 || isOver());
    if (!isOver()) await passTimeLimit(isOver);
  }
  await until(isOver);
}

/** Nothing ends a millisecond too early. */
async function passTimeLimit(isOver: () => boolean): Promise<void> {
  clock.tick(REQUEST_TIMEOUT_MS - 1);
  await idle(5);
  assert.equal(isOver(), false, 'it ended before the time limit');
  clock.tick(1);
}

/** The code with which an operation fails, or nothing. */
async function codeOf(kind: FaultKind, operation: Promise<unknown>): Promise<string | undefined> {
  let outcome: { error?: unknown } | undefined;
  operation.then(
    () => (outcome = {}),
    (error: unknown) => (outcome = { error }),
  );
  await waitFor(kind, () => outcome !== undefined);
  const { error } = outcome!;
  if (error === undefined) return undefined;
  assert.ok(error instanceof OktaElementsError, `rejected with ${typeof error}`);
  assertAdvice(error.message);
  return error.code;
}

/** The code of the failure that the page reports. */
async function reported(kind: FaultKind, { errors }: ReportingPage): Promise<string> {
  await waitFor(kind, () => errors.length > 0);
  const { code, message } = errors[0]!;
  assertAdvice(message);
  return code;
}

/** A sentence that says what to do, without a secret. */
function assertAdvice(message: string): void {
  assert.match(message, /^\S.{20,}\.$/s);
  assert.match(message, /\b(try again|check|sign in|reload|connect|set|add)\b/i);
  assert.equal(message.includes(secret), false);
}

const stored = () => JSON.stringify([browser.localStorage, tab.sessionStorage]);

function assertNothingStored(): void {
  assert.doesNotMatch(stored(), /eyJ|access_?token|refresh_?token|id_?token|tokenType/i, 'a session is stored');
  assert.doesNotMatch(stored(), /code_?verifier/i, 'a sign-in attempt that has ended is still stored');
}

/** No request, no navigation and no second error follow by themselves. */
async function assertNoLoop({ errors }: ReportingPage): Promise<void> {
  const before = [provider.requests.length, tab.departures.length, errors.length];
  await idle();
  assert.deepEqual([provider.requests.length, tab.departures.length, errors.length], before, 'it goes on by itself');
}

async function assertSignedOut(page: ReportingPage): Promise<void> {
  await assertNoLoop(page);
  assert.notEqual(page.client.state.status, 'signed-in');
  assert.equal(page.client.state.user, undefined);
  assertNothingStored();
}

/** Signs in by redirect, on the same page, now that Okta works. */
async function signInAgain(page: ReportingPage): Promise<ReportingPage> {
  mend();
  tab.departures.length = 0;
  const back = load(await redirectCallback(page));
  await until(() => back.client.state.status === 'signed-in');
  assert.deepEqual(back.errors, []);
  return back;
}

/** Signs in and out again. `global`: Okta redirects the browser back. */
async function signOutAgain(page: ReportingPage, scope: 'app' | 'global'): Promise<void> {
  const { client } = await signInAgain(page);
  await client.signOut({ scope });
  assert.equal(tab.departures.length, scope === 'global' ? 1 : 0);
  const { state } = scope === 'global' ? load(`${shop}/`).client : client;
  assert.equal(state.status, 'signed-out');
  assertNothingStored();
}

/** The user goes back from a page that failed: the page comes out of the back/forward cache. */
function goBack(): void {
  tab.events.dispatchEvent(new Event('pagehide'));
  clock.sleep(REQUEST_TIMEOUT_MS);
  tab.events.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
}

/** The tokens expire, and the page notices when the user looks at it. */
function expire(): void {
  clock.sleep(TOKEN_LIFETIME_S * 1000);
  tab.events.dispatchEvent(new Event('visibilitychange'));
}

/** What happens at a moment. @returns how it ended, once everything else about it has been asserted */
type Moment = (kind: FaultKind, breakIt: () => void) => Promise<string>;

const signIn: Moment = async (kind, breakIt) => {
  const page = load();
  breakIt();
  const code = await codeOf(kind, page.client.signIn());
  assert.deepEqual(tab.departures, []);
  await assertSignedOut(page);
  await signInAgain(page);
  return code ?? SIGNED_IN;
};

const returnFromOkta =
  (automatic = false): Moment =>
  async (kind, breakIt) => {
    const address = await redirectCallback(load(), automatic);
    breakIt();
    const page = load(address);
    const code = await reported(kind, page);
    assert.deepEqual([page.client.state.status, tab.departures], ['error', []]);
    await assertSignedOut(page);
    await signInAgain(page);
    return code;
  };

const renewalAfterExpiry =
  (prepare: () => void = () => {}): Moment =>
  async (kind, breakIt) => {
    const page = await signedIn();
    prepare();
    breakIt();
    expire();
    assert.equal(page.client.state.status, 'pending');
    const code = await reported(kind, page);
    await assertNoLoop(page);
    assert.deepEqual([page.client.state.status, page.client.state.user], ['error', undefined]);
    assert.match(stored(), /tokenType/, 'what could renew the session is gone');
    await signInAgain(page);
    return code;
  };

const signOutWithoutDiscovery: Moment = async (kind, breakIt) => {
  await signedIn();
  // This page has not asked for the discovery document.
  const page = load();
  breakIt();
  const code = await codeOf(kind, page.client.signOut());
  await assertSignedOut(page);
  assert.deepEqual([page.client.state.status, tab.departures], ['signed-out', []]);
  await signOutAgain(page, 'global');
  return code ?? SIGNED_OUT;
};

const signOutWithoutRevocation =
  (scope: 'app' | 'global'): Moment =>
  async (kind, breakIt) => {
    const page = await signedIn();
    breakIt();
    const done = codeOf(kind, page.client.signOut({ scope }));
    assertNothingStored();
    assert.equal(await done, undefined);
    await assertSignedOut(page);
    // Only revoking failed: the session at Okta is ended all the same.
    assert.equal(tab.departures.length, scope === 'global' ? 1 : 0);
    const ending = page.errors[0]?.code ?? SIGNED_OUT;
    await signOutAgain(scope === 'global' ? load(`${shop}/`) : page, scope);
    return ending;
  };

/** Runs each row as far as the session alone takes part in it. */
const moments: Record<RowName, Moment> = {
  'discovery, sign-in': signIn,
  'discovery, return from Okta': async (_kind, breakIt) => {
    const address = await redirectCallback(load());
    breakIt();
    const page = load(address);
    await until(() => page.client.state.status === 'signed-in');
    assert.deepEqual(page.errors, []);
    return SIGNED_IN;
  },
  'discovery, sign-out': signOutWithoutDiscovery,
  'keys, return from Okta': returnFromOkta(),
  'keys, renewal after a change of keys': renewalAfterExpiry(() => (provider.keys = [otherKey])),
  'authorize, sign-in': async (kind) => {
    const page = load();
    const address = await redirectCallback(page);
    assert.equal(page.client.state.status, 'signing-in');
    if (kind === 'wrong CORS') {
      const back = load(address);
      await until(() => back.client.state.status === 'signed-in');
      return SIGNED_IN;
    }
    let ending = OKTAS_PAGE;
    if (kind === 'hang') {
      await passTimeLimit(() => page.errors.length > 0);
      await until(() => page.errors.length > 0);
      ending = page.errors[0]!.code;
    } else goBack();
    await assertNoLoop(page);
    assert.equal(page.client.state.status, kind === 'hang' ? 'error' : 'signed-out');
    assert.equal(page.errors.length, kind === 'hang' ? 1 : 0);
    await signInAgain(page);
    return ending;
  },
  'token, return from Okta': returnFromOkta(),
  'token, return to a page that signs in by itself': returnFromOkta(true),
  'token, renewal, the tokens have expired': renewalAfterExpiry(),
  'token, renewal, the tokens are still good': async (kind, breakIt) => {
    const page = await signedIn();
    const refused = await page.client.getAccessToken();
    provider.faults.api = ({ headers }, answer) =>
      headers.get('authorization')?.endsWith(` ${refused}`) ? new Response(null, { status: 401 }) : answer();
    const callApi = () => page.client.fetch(`${provider.api}/orders`);
    const before = stored();
    breakIt();
    let answer: Response | undefined;
    const code = await codeOf(
      kind,
      callApi().then((response) => (answer = response)),
    );
    assert.deepEqual([code, answer?.status], [undefined, 401]);
    await assertNoLoop(page);
    assert.deepEqual([stored(), page.client.state.status, page.errors], [before, 'signed-in', []]);
    mend();
    // A renewal that failed pauses.
    clock.tick(REQUEST_TIMEOUT_MS);
    if (kind === 'wrong CORS') {
      await callApi().catch(() => {});
      await until(() => page.events.includes('okta-session-expired'));
      assertNothingStored();
      await signInAgain(page);
    } else {
      assert.equal((await callApi()).status, 200);
      assert.notEqual(stored(), before);
    }
    return STAYS_SIGNED_IN;
  },
  'userinfo, client.getUserInfo()': async (kind, breakIt) => {
    const page = await signedIn();
    const before = stored();
    breakIt();
    const code = await codeOf(kind, page.client.getUserInfo());
    await assertNoLoop(page);
    assert.deepEqual([stored(), page.client.state.status, page.errors], [before, 'signed-in', []]);
    mend();
    assert.equal((await page.client.getUserInfo()).name, 'Ada');
    return code ?? 'loaded';
  },
  'revoke, sign-out, scope="app"': signOutWithoutRevocation('app'),
  'revoke, sign-out, scope="global"': signOutWithoutRevocation('global'),
  'logout, sign-out, scope="global"': async (kind) => {
    const page = await signedIn();
    await page.client.signOut();
    assert.deepEqual([page.client.state.status, tab.departures.length], ['signing-out', 1]);
    assertNothingStored();
    if (kind === 'wrong CORS') {
      const back = load(`${shop}/`);
      await assertSignedOut(back);
      await signOutAgain(back, 'global');
      return SIGNED_OUT;
    }
    let ending = OKTAS_PAGE;
    if (kind === 'hang') {
      await passTimeLimit(() => page.errors.length > 0);
      await until(() => page.errors.length > 0);
      ending = page.errors[0]!.code;
    } else goBack();
    await assertSignedOut(page);
    assert.equal(page.client.state.status, 'signed-out');
    await signOutAgain(page, 'global');
    return ending;
  },
  'org, sign-in': signIn,
  'org, return from Okta': returnFromOkta(),
  'org, renewal, the tokens have expired': renewalAfterExpiry(),
  'org, sign-out, scope="global"': signOutWithoutDiscovery,
};

const otherKey = new SigningKey('k2');

for (const name of rowNames) {
  const expected: Endings = endings[name];
  describe(`when Okta fails: ${name}`, () => {
    for (const kind of faultKinds.filter((each) => expected[each] !== undefined)) {
      it(`${kind}: ends in "${expected[kind]}", and a retry works`, async () => {
        assert.equal(await moments[name](kind, () => breakEndpoint(name, kind)), expected[kind]);
      });
    }
  });
}
