import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { OktaErrorEvent } from '../../src/events.js';
import { FakeClock } from '../support/session/fake-clock.js';
import { FakeBrowser, type Tab } from '../support/session/fake-browser.js';
import { idle, loadPage, shop, signInEmbedded, until, type Page, type PageOptions } from '../support/session/page.js';
import { Provider } from '../support/session/provider.js';
import { storedTokens } from '../support/session/stored-tokens.js';

const clock = new FakeClock();

let provider: Provider;
let browser: FakeBrowser;
let tab: Tab;

beforeEach(() => {
  clock.reset(1_800_000_000_000);
  provider = new Provider(clock.now);
  browser = new FakeBrowser({ now: clock.now, fetch: provider.fetch });
  tab = browser.openTab(`${shop}/members?box=7`);
});

async function signedIn(options: PageOptions = {}): Promise<Page> {
  const page = loadPage(tab, provider, tab.href, options);
  await signInEmbedded(page, provider);
  provider.requests.length = 0;
  page.events.length = 0;
  page.statuses.length = 0;
  return page;
}

/** The tokens that a browser keeps. */
const stored = () => storedTokens(tab.environment, provider);

describe('signing out with scope="local"', () => {
  it('drops the tokens, asks the provider for nothing and stays', async () => {
    const { client, events, statuses } = await signedIn();
    await client.signOut({ scope: 'local' });
    assert.deepEqual([provider.requests, tab.departures, statuses], [[], [], ['signed-out']]);
    assert.deepEqual(events, ['okta-signout-complete']);
    assert.equal(browser.localStorage!.length, 0);
    assert.equal(await client.getAccessToken(), undefined);
  });

  it('goes where it is told, and says "signed-out" only there', async () => {
    const { client, statuses } = await signedIn();
    await client.signOut({ scope: 'local', returnTo: '/bye' });
    assert.deepEqual([tab.departures, statuses], [[`${shop}/bye`], ['signing-out']]);
  });

  for (const returnTo of ['#bye', '/members?box=7#bye']) {
    it(`is over where that is a part of this page: ${returnTo}`, async () => {
      const { client, statuses } = await signedIn();
      await client.signOut({ scope: 'local', returnTo });
      assert.deepEqual([tab.departures, tab.fragments], [[], ['#bye']]);
      assert.deepEqual(statuses, ['signing-out', 'signed-out']);
    });
  }

  it('loads this page anew where it is told so', async () => {
    const { client, statuses } = await signedIn();
    await client.signOut({ scope: 'local', returnTo: '/members?box=7' });
    assert.deepEqual([tab.departures, statuses], [[`${shop}/members?box=7`], ['signing-out']]);
  });

  it('does not go to another origin', async () => {
    const { client } = await signedIn();
    await client.signOut({ scope: 'local', returnTo: 'https://evil.example/' });
    assert.deepEqual(tab.departures, [`${shop}/`]);
  });
});

describe('signing out with scope="app"', () => {
  it('also revokes both tokens', async () => {
    const { client, statuses } = await signedIn();
    const { accessToken, refreshToken } = await stored();
    await client.signOut({ scope: 'app' });
    assert.deepEqual(provider.revoked.sort(), [`access_token ${accessToken}`, `refresh_token ${refreshToken}`]);
    assert.deepEqual([tab.departures, statuses], [[], ['signed-out']]);
  });

  it('signs out all the same when that fails, and says so once', async () => {
    for (const status of [500, 404]) {
      const { client, target } = await signedIn();
      const told: string[] = [];
      target.addEventListener('okta-error', (event) => told.push((event as OktaErrorEvent).message));
      provider.faults.revoke = () => new Response(null, { status });
      await client.signOut({ scope: 'app' });
      assert.equal(client.state.status, 'signed-out');
      assert.equal(told.length, 1);
      assert.match(
        told[0]!,
        new RegExp(`^The tokens could not be revoked: Okta answered with status ${status}; .*\\.$`),
      );
    }
  });
});

describe('signing out with scope="global"', () => {
  it('also ends the session at Okta, and comes back to the configured address', async () => {
    const { client, events, statuses } = await signedIn({ postLogoutRedirectUri: '/bye' });
    const { idToken } = await stored();
    await client.signOut();
    const [departure] = tab.departures;
    const { origin, pathname, searchParams } = new URL(departure!);
    assert.equal(origin + pathname, `${provider.issuer}/v1/logout`);
    assert.deepEqual(Object.fromEntries(searchParams), {
      id_token_hint: idToken,
      post_logout_redirect_uri: `${shop}/bye`,
    });
    assert.equal(provider.revoked.length, 2);
    assert.deepEqual(events, ['okta-signout-complete']);
    assert.deepEqual(statuses, ['signing-out'], 'nobody is told to sign in again before the browser has left');
  });

  for (const [returnTo, address] of [
    ['/thanks', `${shop}/thanks`],
    ['https://evil.example/', `${shop}/`],
    ['javascript:alert(1)', `${shop}/`],
  ] as const) {
    it(`comes back to ${address} when it is told ${returnTo}`, async () => {
      const { client } = await signedIn();
      await client.signOut({ returnTo });
      assert.equal(new URL(tab.departures[0]!).searchParams.get('post_logout_redirect_uri'), address);
    });
  }

  it('is a local one where the provider has no sign-out, and the console says so', async ({ mock }) => {
    const written = mock.method(console, 'warn', () => {});
    provider.lies.discovery = { end_session_endpoint: undefined };
    const { client } = await signedIn();
    await client.signOut();
    await until(() => written.mock.callCount() > 0);
    assert.match(String(written.mock.calls[0]!.arguments[0]), /has no end_session_endpoint/);
    assert.deepEqual([tab.departures, client.state.status], [[], 'signed-out']);
  });

  it('has nothing to end when nobody is signed in', async () => {
    const { client } = loadPage(tab, provider);
    await client.signOut();
    assert.deepEqual([provider.requests, tab.departures, client.state.status], [[], [], 'signed-out']);
  });
});

describe('a sign-out that cannot reach Okta', () => {
  const unreachable = () => Promise.reject(new TypeError('Failed to fetch'));

  it('signs out here all the same, and says what it could not do', async () => {
    await signedIn();
    // A page that does not know the endpoints yet.
    const { client } = loadPage(tab, provider);
    provider.faults.discovery = unreachable;
    await assert.rejects(client.signOut(), { code: 'network', message: /^Signed out here, but not at Okta: \S/ });
    assert.equal(client.state.status, 'signed-out');
    assert.equal(browser.localStorage!.length, 0);
    assert.deepEqual(tab.departures, []);
  });

  it('waits for endpoints that it cannot learn once', async () => {
    await signedIn();
    const { client } = loadPage(tab, provider);
    let asked = 0;
    provider.faults.discovery = () => {
      asked++;
      return unreachable();
    };
    await assert.rejects(client.signOut());
    assert.equal(asked, 1);
  });

  it('goes on to Okta’s sign-out when only revoking failed', async () => {
    const { client, events } = await signedIn();
    provider.faults.revoke = unreachable;
    await client.signOut();
    assert.equal(tab.departures.length, 1);
    assert.deepEqual(events, ['okta-signout-complete', 'okta-error']);
  });
});

describe('from the moment somebody signs out', () => {
  it('no token is left, whatever is still to be asked', async () => {
    const { client, target } = await signedIn();
    let left: unknown;
    target.addEventListener('okta-signout-complete', () => (left = { ...browser.localStorage }));
    const done = client.signOut();
    assert.deepEqual({ ...browser.localStorage }, {});
    assert.notEqual(client.state.status, 'signed-in');
    assert.equal(client.state.user, undefined);
    await done;
    assert.deepEqual(left, {});
  });

  it('the other tabs know, and no tab hears a token', async () => {
    await signedIn();
    const others = [1, 2].map(() => loadPage(browser.openTab(`${shop}/`), provider));
    const heard: string[] = [];
    for (const { tab: other } of others)
      other.events.addEventListener('storage', (event) => heard.push(JSON.stringify(event)));
    assert.deepEqual(
      others.map(({ client }) => client.state.status),
      ['signed-in', 'signed-in'],
    );
    const { accessToken } = await stored();
    await loadPage(tab, provider).client.signOut({ scope: 'local' });
    await until(() => others.every(({ client }) => client.state.status === 'signed-out'));
    assert.equal(heard.join().includes(accessToken), false);
  });

  it('automatic sign-ins count anew', async () => {
    for (let time = 0; time < 3; time++) await loadPage(tab, provider).client.signIn({ automatic: true });
    const page = await signedIn();
    await page.client.signOut({ scope: 'local' });
    await page.client.signIn({ automatic: true });
    assert.equal(page.client.state.status, 'signing-in');
  });

  it('a page from the back/forward cache does not bring the session back', async () => {
    const { client } = await signedIn();
    await client.signOut();
    assert.equal(client.state.status, 'signing-out');
    tab.events.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
    await idle();
    assert.equal(client.state.status, 'signed-out');
  });
});
