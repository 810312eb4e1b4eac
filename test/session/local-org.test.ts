import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { createClock, createOrg, type Org } from '../../src/org/index.js';
import { APP, App, people, REDIRECT_URI } from '../org/support/app.js';
import { FakeBrowser, type Tab } from '../support/session/fake-browser.js';
import { loadPage, type Page } from '../support/session/page.js';
import { storedTokens } from '../support/session/stored-tokens.js';

// The session against a provider that was not written for it, over HTTP.

const scopes = 'openid profile email groups offline_access';
const page = `${APP}/members?box=7#open`;

let org: Org;
let app: App;
let requests: string[];
let tab: Tab;
let pages: Page[];

before(async () => {
  org = await createOrg({
    clock: createClock(),
    seed: {
      ...people,
      authorizationServer: {
        policies: [
          {
            name: 'Everybody',
            rules: [
              { name: 'Not Alan', action: 'DENY', users: ['alan@example.com'] },
              { name: 'Short', action: 'ALLOW', accessTokenLifetimeMinutes: 5 },
            ],
          },
        ],
      },
    },
  });
});
after(() => org.close());

beforeEach(() => {
  app = new App(org, org.origin);
  requests = [];
  pages = [];
  const browser = new FakeBrowser({
    now: () => org.clock.now(),
    fetch: (input, init) => {
      const { pathname } = new URL(input instanceof Request ? input.url : input);
      requests.push(pathname.replace('/oauth2/default', ''));
      return fetch(input, init);
    },
  });
  tab = browser.openTab(page);
});
afterEach(async () => {
  org.faults.clear();
  // A session waits for its end, and Node with it.
  for (const { client } of pages) await client.signOut({ scope: 'local' });
});

function open(href = page): Page {
  const provider = { issuer: org.issuer, clientId: 'app' };
  const opened = loadPage(tab, provider, href, { scopes, redirectUri: '/callback', allowedOrigins: org.origin });
  pages.push(opened);
  return opened;
}

/** Goes through the hosted page and loads what the org sends the browser back to. */
async function signIn(login: string): Promise<Page> {
  await open().client.signIn();
  const answer = await app.agent.get(tab.departures[0]!);
  const params = await app.finish(await app.passPage(answer, login));
  const back = open(`${REDIRECT_URI}?${new URLSearchParams(params).toString()}`);
  assert.equal(await back.client.handleCallback(), true);
  return back;
}

describe('a session with the local org', () => {
  it('begins by redirect, knows the groups, and comes back where it began', async () => {
    await signIn('grace@example.com');
    assert.deepEqual(tab.departures, [page]);
    const { client } = open();
    const { user, status } = client.state;
    assert.equal(status, 'signed-in');
    assert.equal(user?.name, 'Grace Hopper');
    assert.deepEqual(client.state.scopes?.includes('offline_access'), true);
    assert.deepEqual((user?.groups as string[]).filter((group) => group !== 'Everyone').sort(), [
      'Members',
      'Warehouse staff',
    ]);
  });

  it('has a token that the org’s API takes', async () => {
    await signIn('ada@example.com');
    const response = await open().client.fetch(`${org.issuer}/v1/userinfo`);
    assert.equal(response.status, 200);
    assert.equal(((await response.json()) as { email: string }).email, 'ada@example.com');
  });

  it('is refused by policy in the org’s own words', async () => {
    const { client } = await signIn('alan@example.com');
    assert.equal(client.state.error?.code, 'access_denied');
    assert.equal(open().client.state.status, 'signed-out');
  });

  it('is renewed with a refresh token that is good once', async () => {
    await signIn('ada@example.com');
    const { client } = open();
    const first = await client.getAccessToken();
    org.clock.advance(4.6 * 60_000);
    const second = await client.getAccessToken();
    assert.notEqual(second, first);
    org.clock.advance(4.6 * 60_000);
    assert.notEqual(await client.getAccessToken(), second);
    assert.equal(client.state.user?.sub, open().client.state.user?.sub);
  });

  it('goes on after the org’s keys changed', async () => {
    await signIn('ada@example.com');
    await org.rotateKeys();
    const { client } = open();
    org.clock.advance(4.6 * 60_000);
    assert.equal(typeof (await client.getAccessToken()), 'string');
    app = new App(org, org.origin);
    await signIn('grace@example.com');
    assert.equal(open().client.state.user?.name, 'Grace Hopper');
  });

  it('survives an org that is down, and ends when the org has ended it', async () => {
    await signIn('ada@example.com');
    const { client } = open();
    org.clock.advance(4.6 * 60_000);
    org.faults.set('token', { status: 503, times: 1 });
    assert.equal(typeof (await client.getAccessToken()), 'string', 'the old one is good for some seconds more');
    const tokens = await storedTokens(tab.environment, { issuer: org.issuer, clientId: 'app' });
    await app.agent.send(`${org.issuer}/v1/revoke`, {
      form: { client_id: 'app', token: tokens.refreshToken!, token_type_hint: 'refresh_token' },
    });
    org.clock.advance(2000); // The next attempt waits a moment.
    assert.equal(await client.getAccessToken(), undefined);
    assert.equal(client.state.status, 'signed-out');
  });

  it('ends here, at the API and at the org', async () => {
    await signIn('ada@example.com');
    const { client } = open();
    const token = await client.getAccessToken();
    await client.signOut({ returnTo: '/' });
    const answer = await app.agent.get(tab.departures[0]!);
    assert.equal(answer.location, `${APP}/`);
    const userinfo = await fetch(`${org.issuer}/v1/userinfo`, { headers: { authorization: `Bearer ${token}` } });
    assert.equal(userinfo.status, 401);
    const session = await app.agent.get(`${org.origin}/api/v1/sessions/me`);
    assert.equal(session.status, 404);
    assert.equal(open().client.state.status, 'signed-out');
  });

  it('asks the org for nothing but the tokens and the keys', async () => {
    await signIn('ada@example.com');
    const wellKnown = '/.well-known/openid-configuration';
    assert.deepEqual(requests.sort(), [wellKnown, '/v1/keys', '/v1/token']);
  });
});
