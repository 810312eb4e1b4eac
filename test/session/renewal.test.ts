import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { OktaSessionExpiredEvent } from '../../src/events.js';
import { FakeClock } from '../support/session/fake-clock.js';
import { FakeBrowser, type Tab } from '../support/session/fake-browser.js';
import { SigningKey } from '../support/session/jwt.js';
import { silentDatabase } from '../support/session/memory-database.js';
import { MemoryStorage } from '../support/session/memory-storage.js';
import { idle, loadPage, shop, signInEmbedded, until, type Page, type PageOptions } from '../support/session/page.js';
import { Provider } from '../support/session/provider.js';
import { storedTokens } from '../support/session/stored-tokens.js';

const start = 1_800_000_000_000;
const second = 1000;
const scopes = 'openid offline_access';

const clock = new FakeClock();

let provider: Provider;
let browser: FakeBrowser;
let tab: Tab;

beforeEach(() => {
  clock.reset(start);
  provider = new Provider(clock.now);
  provider.lifetime = 600;
  browser = new FakeBrowser({ now: clock.now, fetch: provider.fetch });
  tab = browser.openTab(`${shop}/`);
});

/** Lets time pass, and what was due at each moment finish before the next. */
async function pass(seconds: number): Promise<void> {
  clock.tick(seconds * second);
  await idle(40);
}

/** Lets time pass for what waits again and again. */
async function passEach(seconds: number): Promise<void> {
  for (let passed = 0; passed < seconds; passed++) await pass(1);
}

/** Lets time pass until the promise is settled. */
async function passUntil<T>(promise: Promise<T>): Promise<T> {
  let isSettled = false;
  promise.catch(() => {}).finally(() => (isSettled = true));
  for (let seconds = 0; !isSettled && seconds < 60; seconds++) await pass(1);
  return promise;
}

async function signedIn(options: PageOptions = {}): Promise<Page> {
  const page = loadPage(tab, provider, `${shop}/`, { scopes, ...options });
  await signInEmbedded(page, provider);
  provider.requests.length = 0;
  page.events.length = 0;
  page.statuses.length = 0;
  return page;
}

/** Makes the next token request hang. @returns how to have it answered */
function hangOnce({ faults }: Provider): () => void {
  let release: () => void = () => {};
  const gate = new Promise<void>((resolve) => (release = resolve));
  faults.token = async (_request, answer) => {
    delete faults.token;
    await gate;
    return answer();
  };
  return release;
}

/** Has the tab that is given the lock of renewals first stop before it does anything more. */
function holdTurn({ locks }: FakeBrowser): { reached: Promise<void>; release: () => void } {
  const { request } = locks!;
  let release: () => void = () => {};
  let reach: () => void = () => {};
  const gate = new Promise<void>((resolve) => (release = resolve));
  const reached = new Promise<void>((resolve) => (reach = resolve));
  let isFirst = true;
  locks!.request = ((name: string, options: LockOptions, work: () => Promise<unknown>) =>
    request(name, options, async () => {
      if (!isFirst) return work();
      isFirst = false;
      reach();
      await gate;
      return work();
    })) as typeof request;
  return { reached, release };
}

const renewals = () => provider.requests.filter((request) => request === 'token refresh_token').length;
const unreachable = () => Promise.reject(new TypeError('Failed to fetch'));

describe('a session with a refresh token', () => {
  it('is renewed a minute before it expires, and goes on without a break', async () => {
    const { client, statuses } = await signedIn();
    const before = await client.getAccessToken();
    await pass(539);
    assert.equal(renewals(), 0);
    await pass(1);
    await until(() => client.state.expiresAt! > start / second + 600);
    assert.equal(renewals(), 1);
    assert.deepEqual(statuses, ['signed-in']);
    assert.notEqual(await client.getAccessToken(), before);
  });

  it('is renewed again and again', async () => {
    const { client } = await signedIn();
    for (let time = 1; time <= 4; time++) {
      await pass(540);
      await until(() => renewals() === time && client.state.expiresAt === Math.floor(clock.now() / second) + 600);
    }
    assert.equal(client.state.status, 'signed-in');
  });

  it('is renewed by a page that finds it expired, which does not say before whether somebody is signed in', async () => {
    await signedIn();
    clock.sleep(700 * second);
    const page = loadPage(tab, provider, `${shop}/`, { scopes });
    assert.equal(page.client.state.status, 'pending');
    assert.equal((await page.client.ready).status, 'signed-in');
    assert.deepEqual(page.events, ['okta-ready']);
  });

  it('is not renewed ahead with renew="on-demand", only when a token is asked for', async () => {
    const { client } = await signedIn({ renew: 'on-demand' });
    await pass(580);
    assert.equal(renewals(), 0);
    const before = await storedTokens(tab.environment, provider);
    const token = await client.getAccessToken();
    assert.equal(renewals(), 1);
    assert.notEqual(token, before.accessToken);
  });

  it('is never renewed with renew="off": a token is good until it expires', async () => {
    const { client, events } = await signedIn({ renew: 'off' });
    await pass(590);
    assert.equal(typeof (await client.getAccessToken()), 'string');
    await pass(10);
    assert.equal(client.state.status, 'signed-out');
    assert.deepEqual(events, ['okta-session-expired']);
    assert.equal(await client.getAccessToken(), undefined);
    assert.equal(renewals(), 0);
  });

  it('hands out a token that will outlive the request', async () => {
    const { client } = await signedIn({ renew: 'on-demand' });
    await pass(569);
    await client.getAccessToken();
    assert.equal(renewals(), 0);
    await pass(1);
    await client.getAccessToken();
    assert.equal(renewals(), 1);
  });

  it('keeps its refresh token when the provider does not rotate it', async () => {
    const { client } = await signedIn();
    const kept = () => storedTokens(tab.environment, provider);
    const item = () => Object.values(browser.localStorage!)[0];
    const firstItem = item();
    const before = await kept();
    provider.rotating = false;
    provider.lies.token = { refresh_token: undefined, id_token: undefined };
    await pass(540);
    await until(() => item() !== firstItem);
    const renewed = await kept();
    assert.notEqual(renewed.accessToken, before.accessToken);
    assert.equal(renewed.refreshToken, before.refreshToken);
    assert.equal(renewed.idToken, before.idToken);
    // An ID token tells of the sign-in; that it expires does not end the session.
    await pass(540);
    await until(() => renewals() === 2 && client.state.expiresAt! > start / second + 1600);
    assert.equal((await kept()).idToken, before.idToken);
    assert.equal(client.state.user?.sub, 'u1');
  });

  it('takes over new claims', async () => {
    const { client } = await signedIn();
    provider.user = { sub: 'u1', name: 'Ada Lovelace' };
    await pass(540);
    await until(() => client.state.user?.name === 'Ada Lovelace');
  });
});

describe('a session that is not renewed', () => {
  it('ends when it expires, and says so once', async () => {
    const { client, events, statuses } = await signedIn({ renew: 'off' });
    await pass(599);
    assert.equal(client.state.status, 'signed-in');
    await pass(1);
    assert.deepEqual(statuses.at(-1), 'signed-out');
    assert.deepEqual(events, ['okta-session-expired']);
    assert.equal(browser.localStorage!.length, 0);
    await pass(3600);
    assert.deepEqual(events, ['okta-session-expired']);
    assert.deepEqual(provider.requests, []);
  });

  it('is over for a page that finds it expired', async () => {
    await signedIn({ renew: 'off' });
    clock.sleep(600 * second);
    const { client, events } = loadPage(tab, provider, `${shop}/`, { renew: 'off' });
    assert.equal(client.state.status, 'signed-out');
    assert.deepEqual(events, ['okta-ready', 'okta-session-expired']);
  });

  it('gives no token once it is over, even before its timer noticed', async () => {
    const { client } = await signedIn({ renew: 'off' });
    clock.sleep(599 * second);
    assert.equal(typeof (await client.getAccessToken()), 'string');
    clock.sleep(second);
    assert.equal(await client.getAccessToken(), undefined);
    assert.equal(client.state.status, 'signed-out');
    assert.equal(browser.localStorage!.length, 0);
  });

  it('lasts a day at most, whatever the provider says', async () => {
    provider.lifetime = 60 * 24 * 3600;
    const { client } = await signedIn({ renew: 'off' });
    await pass(24 * 3600 - 1);
    assert.equal(client.state.status, 'signed-in');
    await pass(1);
    assert.equal(client.state.status, 'signed-out');
  });
});

describe('renewals asked for at the same time', () => {
  it('are one on a page', async () => {
    const { client } = await signedIn({ renew: 'on-demand' });
    await pass(590);
    const tokens = await Promise.all([1, 2, 3].map(() => client.getAccessToken()));
    assert.equal(renewals(), 1);
    assert.equal(new Set(tokens).size, 1);
  });

  it('are one for all tabs that wake together', async () => {
    await signedIn();
    clock.sleep(595 * second);
    const pages = Array.from({ length: 20 }, () =>
      loadPage(browser.openTab(`${shop}/`), provider, undefined, { scopes }),
    );
    const tokens = await Promise.all(pages.map(({ client }) => client.getAccessToken()));
    assert.equal(renewals(), 1);
    assert.equal(new Set(tokens).size, 1);
    assert.deepEqual(new Set(pages.map(({ client }) => client.state.status)), new Set(['signed-in']));
  });

  it('end well without locks when a tab comes late, with a token that is used up', async () => {
    browser = new FakeBrowser({ now: clock.now, fetch: provider.fetch, locks: false });
    tab = browser.openTab(`${shop}/`);
    await signedIn();
    clock.sleep(595 * second);
    const [late, early] = [1, 2].map(() => loadPage(browser.openTab(`${shop}/`), provider, undefined, { scopes }));
    const release = hangOnce(provider);
    const asked = late!.client.getAccessToken();
    await until(() => renewals() === 1);
    const renewed = await early!.client.getAccessToken();
    release();
    assert.equal(await asked, renewed);
    assert.equal(renewals(), 2, 'both tried');
    assert.equal(late!.client.state.status, 'signed-in');
  });
});

describe('a browser that has locks, and', () => {
  const blockedLocks = () =>
    Promise.reject(new DOMException('Access to the Locks API is denied in this context.', 'SecurityError'));

  it('denies them where it blocks storage, does not keep a tab from renewing', async () => {
    browser = new FakeBrowser({ now: clock.now, fetch: provider.fetch, localStorage: null, sessionStorage: null });
    browser.locks!.request = blockedLocks;
    tab = browser.openTab(`${shop}/`);
    const { client } = await signedIn();
    await pass(540);
    await until(() => client.state.expiresAt! > start / second + 600);
    assert.equal(renewals(), 1);
  });

  it('cannot tell which tab keeps one for too long, leaves the token that is still good', async () => {
    browser = new FakeBrowser({ now: clock.now, fetch: provider.fetch, indexedDB: null });
    tab = browser.openTab(`${shop}/`);
    const { client } = await signedIn({ renew: 'on-demand', requestTimeout: 5 });
    const before = await client.getAccessToken();
    browser.locks!.request = async (...asked: unknown[]) => {
      const { signal } = asked[1] as LockOptions;
      await until(() => signal!.aborted);
      throw signal!.reason;
    };
    await pass(580);
    assert.equal(await client.getAccessToken(), before);
    await pass(20);
    await assert.rejects(client.getAccessToken(), { code: 'timeout', message: /^Another tab/ });
    assert.equal(renewals(), 0);
  });

  it('does not do the work twice when that fails', async () => {
    const { client } = await signedIn({ renew: 'on-demand' });
    provider.faults.token = unreachable;
    clock.sleep(700 * second);
    await assert.rejects(client.getAccessToken(), { code: 'network' });
    assert.equal(renewals(), 1);
  });
});

describe('a tab that still reads what was stored before another one renewed', () => {
  /** Two tabs in which the session is about to expire; what the one stores does not reach the other yet. */
  async function twoTabs(): Promise<[Page, Page]> {
    await signedIn({ renew: 'on-demand' });
    const open = () => loadPage(browser.openTab(`${shop}/`), provider, undefined, { scopes, renew: 'on-demand' });
    const tabs: [Page, Page] = [open(), open()];
    clock.sleep(580 * second);
    browser.lags = true;
    return tabs;
  }

  it('waits for it, and does not send the refresh token again', async () => {
    const [first, second] = await twoTabs();
    const asked = [first.client.getAccessToken(), second.client.getAccessToken()];
    await until(() => renewals() === 1);
    const renewed = await asked[0];
    await pass(1);
    browser.catchUp();
    await pass(1);
    assert.equal(await asked[1], renewed);
    assert.equal(renewals(), 1);
  });

  it('uses its token up when nothing comes, as in a duplicated tab that has storage="session"', async () => {
    const storage = new MemoryStorage();
    browser = new FakeBrowser({ now: clock.now, fetch: provider.fetch, sessionStorage: () => storage.copy() });
    tab = browser.openTab(`${shop}/`);
    const options = { scopes, storage: 'session', renew: 'on-demand' };
    const original = await signedIn(options);
    Object.assign(storage, tab.sessionStorage);
    const duplicate = loadPage(browser.openTab(`${shop}/`), provider, undefined, options);
    const before = await duplicate.client.getAccessToken();
    clock.sleep(580 * second);
    assert.notEqual(await original.client.getAccessToken(), before);
    const asked = duplicate.client.getAccessToken();
    await passEach(10);
    assert.equal(await asked, before);
    await passEach(20);
    await until(() => duplicate.client.state.status === 'signed-out');
    assert.deepEqual(duplicate.events, ['okta-ready', 'okta-session-expired']);
    assert.equal(original.client.state.status, 'signed-in');
    assert.equal(renewals(), 1);
  });

  it('stores nothing when the other one has signed out meanwhile, and revokes what it got', async () => {
    const [first, second] = await twoTabs();
    const release = hangOnce(provider);
    const asked = first.client.getAccessToken();
    await until(() => renewals() === 1);
    await second.client.signOut({ scope: 'local' });
    release();
    assert.equal(await asked, undefined);
    browser.catchUp();
    await until(() => provider.requests.filter((request) => request === 'revoke').length === 2);
    for (const { client } of [first, second]) {
      assert.equal(client.state.status, 'signed-out');
      assert.equal(await client.getAccessToken(), undefined);
    }
  });

  it('does not wait where the provider leaves a refresh token as it is', async () => {
    const { client } = await signedIn({ renew: 'on-demand' });
    provider.rotating = false;
    provider.lies = { token: { refresh_token: undefined } };
    for (const time of [1, 2, 3]) {
      clock.sleep(580 * second);
      const before = client.state.expiresAt!;
      await client.getAccessToken();
      assert.ok(client.state.expiresAt! > before);
      assert.equal(renewals(), time);
    }
  });

  for (const [what, indexedDB] of [
    ['is blocked', null],
    ['never answers', silentDatabase()],
  ] as const) {
    it(`renews as well as it can where the database ${what}`, async () => {
      browser = new FakeBrowser({ now: clock.now, fetch: provider.fetch, indexedDB });
      tab = browser.openTab(`${shop}/`);
      const { client } = await passUntil(signedIn({ renew: 'on-demand', requestTimeout: 1000 }));
      const before = await client.getAccessToken();
      clock.sleep(client.state.expiresAt! * second - clock.now() - 20 * second);
      let renewed: string | undefined;
      void client.getAccessToken().then((token) => (renewed = token));
      for (let seconds = 0; seconds < 10 && !renewed; seconds++) await pass(1);
      assert.ok(renewed);
      assert.notEqual(renewed, before);
    });
  }
});

describe('a tab that is frozen while it holds the lock of renewals', () => {
  const options = { scopes, renew: 'on-demand', requestTimeout: 50 };

  /** Two tabs in which the session is about to expire. */
  async function twoTabs(requestTimeout = options.requestTimeout): Promise<[Page, Page]> {
    // The fault holds the requests of the frozen tab, which must not time out in the meantime.
    const frozen = await signedIn({ renew: 'on-demand', requestTimeout: 60_000 });
    const other = loadPage(browser.openTab(`${shop}/`), provider, undefined, { ...options, requestTimeout });
    clock.sleep(580 * second);
    return [frozen, other];
  }

  const refreshTokensSent: (string | null)[] = [];
  beforeEach(() => {
    refreshTokensSent.length = 0;
    const { fetch } = browser;
    Object.assign(browser, {
      fetch: async (...request: Parameters<typeof fetch>) => {
        const form = new URLSearchParams(await new Request(...request).clone().text());
        if (form.has('refresh_token')) refreshTokensSent.push(form.get('refresh_token'));
        return fetch(...request);
      },
    });
  });

  it('before it sends the refresh token, does not keep another tab from renewing, and does not send it later', async () => {
    const [frozen, other] = await twoTabs();
    // The frozen tab has not asked the provider for anything since it was loaded.
    const hold = holdTurn(browser);
    const asked = frozen.client.getAccessToken();
    await hold.reached;
    const renewed = await passUntil(other.client.getAccessToken());
    assert.equal(renewals(), 1);
    hold.release();
    assert.equal(await passUntil(asked), renewed);
    assert.equal(renewals(), 1);
    assert.equal(new Set(refreshTokensSent).size, refreshTokensSent.length, 'no refresh token was sent twice');
    assert.deepEqual([frozen.client.state.status, other.client.state.status], ['signed-in', 'signed-in']);
  });

  it('and wakes while another tab sends the refresh token, does not send it, too', async () => {
    const [frozen, other] = await twoTabs(1000);
    const before = await storedTokens(tab.environment, provider);
    const hold = holdTurn(browser);
    const asked = frozen.client.getAccessToken();
    await hold.reached;
    const release = hangOnce(provider);
    const renewing = other.client.getAccessToken();
    await until(() => renewals() === 1);
    hold.release();
    await idle();
    release();
    const renewed = await passUntil(renewing);
    assert.notEqual(renewed, before.accessToken);
    assert.equal(await passUntil(asked), renewed);
    assert.deepEqual(refreshTokensSent, [before.refreshToken]);
  });

  it('after it sent the refresh token, has another tab go on without it', async () => {
    const [frozen, other] = await twoTabs();
    const before = await storedTokens(tab.environment, provider);
    const release = hangOnce(provider);
    const asked = frozen.client.getAccessToken();
    await until(() => renewals() === 1);
    // Nothing else can renew here: there is no hidden frame in this browser.
    assert.equal(await passUntil(other.client.getAccessToken()), before.accessToken);
    assert.deepEqual(refreshTokensSent, [before.refreshToken]);
    release();
    const renewed = await passUntil(asked);
    assert.notEqual(renewed, before.accessToken);
    await pass(31);
    assert.equal(await passUntil(other.client.getAccessToken()), renewed, 'what the frozen tab got serves both');
    assert.deepEqual(refreshTokensSent, [before.refreshToken]);
  });

  it('and wakes after another sign-in, neither replaces nor ends that session', async () => {
    const [frozen, other] = await twoTabs();
    const release = hangOnce(provider);
    const asked = frozen.client.getAccessToken();
    await until(() => renewals() === 1);
    await passUntil(other.client.getAccessToken());
    await signInEmbedded(other, provider);
    const newer = await other.client.getAccessToken();
    release();
    assert.equal(await passUntil(asked), newer);
    assert.equal(await other.client.getAccessToken(), newer);
    assert.deepEqual([frozen.client.state.status, other.client.state.status], ['signed-in', 'signed-in']);
    assert.deepEqual(provider.revoked, []);
  });

  it('does not have its lock stolen by every tab that waits', async () => {
    const [frozen, ...others] = [
      ...(await twoTabs()),
      ...[1, 2, 3].map(() => loadPage(browser.openTab(`${shop}/`), provider, undefined, options)),
    ];
    const hold = holdTurn(browser);
    const asked = frozen.client.getAccessToken();
    await hold.reached;
    const tokens = await Promise.all(others.map(({ client }) => passUntil(client.getAccessToken())));
    assert.equal(new Set(tokens).size, 1);
    hold.release();
    assert.equal(await passUntil(asked), tokens[0]);
    assert.equal(renewals(), 1);
  });
});

describe('a renewal that is not answered', () => {
  const faults: Record<string, () => void> = {
    'no network': () => (provider.faults.token = unreachable),
    'status 500': () => (provider.faults.token = () => new Response('{}', { status: 500 })),
    'status 429': () => (provider.faults.token = () => new Response('{}', { status: 429 })),
    'a page of a proxy': () => (provider.faults.token = () => new Response('<html>Log in to the train')),
    'a refusal of a proxy': () => (provider.faults.token = () => new Response('<html>No', { status: 403 })),
    'half an answer': () => (provider.faults.token = () => new Response('{"access_token":"ey')),
    'an empty answer': () => (provider.faults.token = () => new Response('')),
    'an answer of something else': () => (provider.faults.token = () => Response.json({ hello: 1 })),
    'keys that cannot be fetched': () => (provider.faults.keys = unreachable),
    'keys that are a page of a proxy': () => (provider.faults.keys = () => new Response('<html>')),
    'discovery that is a page of a proxy': () => (provider.faults.discovery = () => new Response('<html>')),
  };

  for (const [what, break_] of Object.entries(faults)) {
    it(`leaves the session as it is, and is tried again when it expires: ${what}`, async () => {
      await signedIn();
      // A page that has not asked the provider for anything yet.
      const page = loadPage(tab, provider, `${shop}/`, { scopes });
      break_();
      await pass(541);
      assert.equal(page.client.state.status, 'signed-in');
      assert.ok(await page.client.getAccessToken(), 'the token is still good');
      delete provider.faults.token;
      delete provider.faults.keys;
      delete provider.faults.discovery;
      await pass(60);
      await until(() => (page.client.state.expiresAt ?? 0) > start / second + 1000);
      assert.deepEqual(page.events, ['okta-ready']);
    });
  }

  it('keeps an answer that cannot be checked for want of keys: its refresh token is used up', async () => {
    const { client, events } = await signedIn();
    provider.keys = [new SigningKey('k2'), ...provider.keys];
    provider.faults.keys = unreachable;
    await pass(541);
    await until(() => renewals() === 1);
    await pass(40);
    assert.equal(client.state.status, 'signed-in');
    delete provider.faults.keys;
    await pass(19);
    await until(() => client.state.expiresAt! > start / second + 1000);
    assert.equal(client.state.expiresAt, start / second + 541 + 600, 'its life began when it came');
    assert.equal(renewals(), 1, 'the refresh token was sent twice');
    assert.deepEqual(events, []);
  });

  it('does not keep one that was refused', async () => {
    const { client } = await signedIn();
    provider.lies.idToken = { iss: 'https://evil.example' };
    await pass(541);
    await until(() => client.state.status === 'signed-out');
    provider.lies = {};
    await signInEmbedded({ client } as Page, provider);
    await pass(541);
    await until(() => client.state.expiresAt! > start / second + 1600);
  });

  it('does not keep the session up beyond the expiry while it is waited for', async () => {
    const { client, statuses } = await signedIn();
    const release = hangOnce(provider);
    await pass(541);
    await until(() => renewals() === 1);
    await pass(58);
    assert.equal(client.state.status, 'signed-in');
    await pass(1);
    assert.equal(client.state.status, 'pending');
    release();
    await until(() => client.state.status === 'signed-in');
    assert.deepEqual([statuses, renewals()], [['pending', 'signed-in'], 1]);
  });

  it('is tried again though the clock was set back meanwhile', async () => {
    const { client } = await signedIn({ renew: 'on-demand', allowedOrigins: provider.api });
    provider.faults.token = unreachable;
    await pass(580);
    await client.getAccessToken();
    delete provider.faults.token;
    clock.sleep(-300 * second);
    provider.faults.api = () => new Response(null, { status: 401 });
    await client.fetch(provider.api);
    assert.equal(renewals(), 2);
  });

  it('becomes a failure to be shown when the token has expired, and mends when the network is back', async () => {
    const { client, events } = await signedIn();
    provider.faults.token = unreachable;
    await pass(541);
    await pass(60);
    await until(() => client.state.status === 'error');
    assert.equal(client.state.error?.code, 'network');
    assert.deepEqual(events, ['okta-error']);
    await assert.rejects(client.getAccessToken(), { code: 'network' });
    delete provider.faults.token;
    tab.events.dispatchEvent(new Event('online'));
    await until(() => client.state.status === 'signed-in');
  });
});

describe('a renewal that the provider refuses', () => {
  for (const body of [
    { error: 'invalid_grant', error_description: 'The refresh token is invalid or expired.' },
    { error: 'invalid_grant' },
    { error: 'access_denied', error_description: 'Policy evaluation failed.' },
  ]) {
    it(`ends the session: ${JSON.stringify(body)}`, async () => {
      const { client, events, target } = await signedIn();
      const reasons: unknown[] = [];
      target.addEventListener('okta-session-expired', (event) => {
        const { reason, error } = event as OktaSessionExpiredEvent;
        reasons.push(reason, error?.code);
      });
      provider.faults.token = () => Response.json(body, { status: 400 });
      await pass(540);
      await until(() => client.state.status === 'signed-out');
      assert.deepEqual(events, ['okta-session-expired']);
      const code = body.error === 'access_denied' ? 'access_denied' : 'renewal_failed';
      assert.deepEqual(reasons, [code, code]);
      assert.equal(browser.localStorage!.length, 0);
    });
  }

  it('ends the session: status 400 and not a word', async () => {
    const { client, events } = await signedIn();
    provider.faults.token = () => new Response(null, { status: 400 });
    await pass(540);
    await until(() => client.state.status === 'signed-out');
    assert.deepEqual(events, ['okta-session-expired']);
    assert.equal(browser.localStorage!.length, 0);
  });

  for (const [what, lie] of [
    ['another user’s token', { idToken: { sub: 'u2' } }],
    ['a token of another sign-in', { idToken: { nonce: 'another' } }],
    ['a token for another application', { idToken: { aud: 'blog' } }],
    ['a token that nobody signed', { signature: 'AAAA' }],
  ] as const) {
    it(`or answers with ${what} ends the session, and stores nothing of it`, async () => {
      const { client } = await signedIn();
      provider.lies = lie;
      await pass(540);
      await until(() => client.state.status === 'signed-out');
      assert.equal(browser.localStorage!.length, 0);
    });
  }
});

describe('a renewal that is overtaken', () => {
  async function hanging(page: Page): Promise<() => void> {
    const release = hangOnce(provider);
    await pass(540);
    await until(() => renewals() === 1);
    assert.equal(page.client.state.status, 'signed-in');
    return release;
  }

  it('by a sign-out does not bring the session back', async () => {
    const page = await signedIn();
    const release = await hanging(page);
    await page.client.signOut({ scope: 'local' });
    release();
    await idle(200);
    assert.equal(page.client.state.status, 'signed-out');
    assert.equal(browser.localStorage!.length, 0);
    assert.deepEqual(page.events, ['okta-signout-complete'], 'nothing expired');
  });

  it('by a sign-out when it is all but over does not bring the session back', async () => {
    const page = await signedIn({ renew: 'on-demand' });
    const { locks } = browser;
    const { request } = locks!;
    // The browser takes a moment to pass on what was done under a lock.
    locks!.request = async (...asked: unknown[]) => {
      const answer: unknown = await (request as (...args: unknown[]) => unknown)(...asked);
      await page.client.signOut({ scope: 'local' });
      return answer as never;
    };
    clock.sleep(580 * second);
    await page.client.getAccessToken();
    assert.equal(page.client.state.status, 'signed-out');
    assert.deepEqual(page.events, ['okta-signout-complete'], 'nothing expired');
  });

  it('by a sign-out in another tab does not bring the session back', async () => {
    const page = await signedIn();
    const other = loadPage(browser.openTab(`${shop}/`), provider, undefined, { renew: 'off' });
    const release = await hanging(page);
    await other.client.signOut({ scope: 'local' });
    release();
    await idle(200);
    assert.deepEqual([page.client.state.status, other.client.state.status], ['signed-out', 'signed-out']);
    assert.equal(browser.localStorage!.length, 0);
  });

  it('by another user’s sign-in leaves that one', async () => {
    const page = await signedIn();
    const release = await hanging(page);
    provider.user = { sub: 'u2' };
    await signInEmbedded(page, provider);
    provider.user = { sub: 'u1' };
    release();
    await idle(200);
    assert.equal(page.client.state.user?.sub, 'u2');
    assert.equal(loadPage(tab, provider).client.state.user?.sub, 'u2');
  });

  it('does not end a sign-in that is under way', async () => {
    const page = await signedIn();
    const release = await hanging(page);
    await page.client.signIn();
    release();
    await idle(200);
    assert.deepEqual([page.client.state.status, tab.departures.length], ['signed-in', 1]);
  });
});

describe('a storage that is full when tokens are renewed', () => {
  it('does not lose who is signed in, nor the tokens, which are stored as soon as there is room', async () => {
    const localStorage = new MemoryStorage({ quota: 3000 });
    browser = new FakeBrowser({ now: clock.now, fetch: provider.fetch, localStorage });
    tab = browser.openTab(`${shop}/`);
    const page = await signedIn();
    localStorage.setItem('basket', 'x'.repeat(3000 - Object.entries(localStorage).flat().join('').length - 6));
    provider.user = { sub: 'u1', name: 'A much longer name than before' };
    await pass(540);
    await until(() => renewals() === 1);
    await idle();
    assert.equal(page.client.state.status, 'signed-in');
    localStorage.removeItem('basket');
    await pass(30);
    await until(() => page.client.state.expiresAt! > start / second + 600);
    assert.equal(page.client.state.expiresAt, start / second + 540 + 600, 'their life began when they came');
    assert.equal(renewals(), 1, 'the refresh token was sent twice');
  });
});
