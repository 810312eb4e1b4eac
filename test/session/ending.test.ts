import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { OktaSessionExpiringEvent } from '../../src/session/expiring-event.js';
// Loaded ahead: a page has it within the minute, a test does not wait for it.
import '../../src/session/ending.js';
import { FakeClock } from '../support/session/fake-clock.js';
import { FakeBrowser, type Tab } from '../support/session/fake-browser.js';
import { idle, loadPage, shop, signInEmbedded, until, type Page, type PageOptions } from '../support/session/page.js';
import { Provider } from '../support/session/provider.js';

const start = 1_800_000_000_000;
const second = 1000;
const minute = 60;

const clock = new FakeClock();

let provider: Provider;
let browser: FakeBrowser;
let tab: Tab;

beforeEach(() => {
  clock.reset(start);
  provider = new Provider(clock.now);
  browser = new FakeBrowser({ now: clock.now, fetch: provider.fetch });
  tab = browser.openTab(`${shop}/`);
});

/** Lets time pass, and what was due at each moment finish before the next. */
async function pass(seconds: number): Promise<void> {
  clock.tick(seconds * second);
  await idle(5);
}

/** What the page was warned of: seconds left. */
function warnings({ target }: Page, answer: (event: OktaSessionExpiringEvent) => void = () => {}): number[] {
  const heard: number[] = [];
  target.addEventListener('okta-session-expiring', (event) => {
    heard.push((event as OktaSessionExpiringEvent).secondsLeft);
    answer(event as OktaSessionExpiringEvent);
  });
  return heard;
}

const open = (options: PageOptions, at = tab) =>
  loadPage(at, provider, `${shop}/`, { scopes: 'openid offline_access', ...options });

async function signedIn(options: PageOptions): Promise<Page> {
  const page = open(options);
  await signInEmbedded(page, provider);
  // What watches over the end is loaded.
  await idle(50);
  page.events.length = 0;
  return page;
}

function move(at: Tab): void {
  at.events.dispatchEvent(new Event('pointermove'));
}

describe('a user who is idle', () => {
  it('is warned every second of the last minute, and then signed out', async () => {
    const page = await signedIn({ idleTimeout: 10 * minute });
    const heard = warnings(page);
    await pass(9 * minute - 1);
    assert.deepEqual(heard, []);
    await pass(1);
    assert.deepEqual(heard, [60]);
    await pass(59);
    assert.deepEqual(heard.slice(-2), [2, 1]);
    assert.equal(heard.length, 60);
    assert.equal(page.client.state.status, 'signed-in');
    await pass(1);
    assert.equal(page.client.state.status, 'signed-out');
    assert.deepEqual(page.events, ['okta-session-expired']);
    assert.equal(browser.localStorage!.length, 0, 'nothing is left');
  });

  it('has the tokens revoked', async () => {
    const { client } = await signedIn({ idleTimeout: 10 * minute });
    const token = await client.getAccessToken();
    await pass(10 * minute);
    await until(() => provider.revoked.length === 2);
    assert.equal(provider.revoked[0], `access_token ${token}`);
  });

  it('is not idle while the pointer moves', async () => {
    const page = await signedIn({ idleTimeout: 10 * minute });
    const heard = warnings(page);
    for (let times = 0; times < 5; times++) {
      await pass(8 * minute);
      move(tab);
    }
    assert.deepEqual(heard, []);
    assert.equal(page.client.state.status, 'signed-in');
  });

  it('puts the end off by coming back, which takes the countdown away', async () => {
    const page = await signedIn({ idleTimeout: 10 * minute });
    const heard = warnings(page);
    await pass(9 * minute + 2);
    move(tab);
    assert.deepEqual(heard, [60, 59, 58, 600]);
    await pass(9 * minute - 1);
    assert.equal(heard.length, 4);
  });

  it('is kept by whoever cancels the warning', async () => {
    const page = await signedIn({ idleTimeout: 10 * minute });
    const heard = warnings(page, (event) => event.preventDefault());
    await pass(30 * minute);
    assert.equal(page.client.state.status, 'signed-in');
    assert.deepEqual(heard.slice(0, 4), [60, 600, 60, 600]);
  });

  it('is not idle while another tab is in use', async () => {
    const page = await signedIn({ idleTimeout: 10 * minute });
    const other = browser.openTab(`${shop}/`);
    open({ idleTimeout: 10 * minute }, other);
    await idle(50);
    for (let times = 0; times < 3; times++) {
      await pass(8 * minute);
      move(other);
    }
    assert.equal(page.client.state.status, 'signed-in');
    await pass(10 * minute);
    assert.equal(page.client.state.status, 'signed-out');
  });

  it('is warned in good time where the timeout is short', async () => {
    const page = await signedIn({ idleTimeout: 10 });
    const heard = warnings(page);
    await pass(5);
    assert.deepEqual(heard, [5]);
    await pass(5);
    assert.equal(page.client.state.status, 'signed-out');
  });

  it('is signed out when the page wakes too late', async () => {
    const page = await signedIn({ idleTimeout: 10 * minute });
    clock.sleep(11 * minute * second);
    tab.events.dispatchEvent(new Event('visibilitychange'));
    assert.equal(page.client.state.status, 'signed-out');
  });

  for (const [sign, how] of [
    [new Event('pointermove'), 'a move of the pointer'],
    [new Event('keydown'), 'a key'],
  ] as const) {
    it(`is signed out by ${how} when that is what the page wakes with, too late`, async () => {
      const page = await signedIn({ idleTimeout: 10 * minute });
      clock.sleep(11 * minute * second);
      tab.events.dispatchEvent(sign);
      assert.equal(page.client.state.status, 'signed-out');
      assert.deepEqual(page.events, ['okta-session-expired']);
    });
  }

  it('is signed out by the next page, before it shows anything', async () => {
    await signedIn({ idleTimeout: 10 * minute });
    clock.sleep(11 * minute * second);
    const page = open({ idleTimeout: 10 * minute });
    assert.deepEqual(page.statuses, ['signed-out']);
  });

  it('is not signed in again by the next page where the tokens went with this one', async () => {
    await signedIn({ idleTimeout: 10 * minute, storage: 'memory' });
    clock.sleep(11 * minute * second);
    const page = open({ idleTimeout: 10 * minute, storage: 'memory' });
    await until(() => page.client.state.status === 'signed-out');
    assert.deepEqual(page.events, ['okta-ready', 'okta-session-expired']);
    assert.deepEqual([tab.sessionStorage!.length, browser.localStorage!.length], [0, 0], 'nothing is left');
    await page.client.signIn({ automatic: true });
    assert.equal(new URL(tab.departures[0]!).searchParams.get('prompt'), 'login');
  });

  it('begins anew with a new session', async () => {
    await signedIn({ idleTimeout: 10 * minute });
    await pass(10 * minute);
    clock.sleep(24 * 60 * minute * second);
    const page = await signedIn({ idleTimeout: 10 * minute });
    assert.equal(page.client.state.status, 'signed-in');
    tab.events.dispatchEvent(new Event('visibilitychange'));
    assert.equal(page.client.state.status, 'signed-in');
  });

  it('is not taken for who signs in in another tab, long after a session that ended by itself', async () => {
    provider.lifetime = 5 * minute;
    const here = await signedIn({ idleTimeout: 10 * minute, renew: 'off' });
    const there = open({ idleTimeout: 10 * minute, renew: 'off' }, browser.openTab(`${shop}/`));
    await pass(5 * minute);
    assert.equal(there.client.state.status, 'signed-out');
    clock.sleep(60 * minute * second);
    await signInEmbedded(here, provider);
    await idle();
    assert.deepEqual([here.client.state.status, there.client.state.status], ['signed-in', 'signed-in']);
    assert.deepEqual(provider.revoked, []);
  });

  it('cannot be kept by a time that has not come yet', async () => {
    const page = await signedIn({ idleTimeout: 10 * minute });
    const [key] = Object.keys(browser.localStorage!).filter((name) => name.endsWith(':active'));
    browser.localStorage!.setItem(key!, String(start * 2));
    await pass(0);
    clock.sleep(60 * minute * second);
    browser.localStorage!.setItem(key!, 'soon');
    tab.events.dispatchEvent(new Event('visibilitychange'));
    assert.equal(page.client.state.status, 'signed-out');
  });
});

describe('tokens that are not renewed', () => {
  it('have the user warned of their end', async () => {
    provider.lifetime = 600;
    const page = await signedIn({ renew: 'off' });
    const heard = warnings(page);
    await pass(539);
    assert.deepEqual(heard, []);
    await pass(1);
    await until(() => heard.length);
    assert.deepEqual(heard, [60]);
    await pass(60);
    assert.equal(heard.length, 60);
    assert.deepEqual(page.events, ['okta-session-expired']);
  });
});

describe('tokens that are renewed', () => {
  it('end without a word to the user', async () => {
    provider.lifetime = 600;
    const page = await signedIn({});
    const heard = warnings(page);
    await pass(540);
    await until(() => (page.client.state.expiresAt ?? 0) > start / second + 600);
    await pass(539);
    assert.deepEqual(heard, []);
  });

  it('have the user warned when renewing fails, and no longer when it succeeds', async () => {
    provider.lifetime = 600;
    const page = await signedIn({});
    const heard = warnings(page);
    provider.faults.token = () => Promise.reject(new TypeError('Failed to fetch'));
    await pass(540);
    await until(() => heard.length);
    assert.deepEqual(heard, [60]);
    delete provider.faults.token;
    for (let seconds = 0; seconds < 59 && heard.at(-1) !== Infinity; seconds++) await pass(1);
    assert.equal(heard.at(-1), Infinity);
    assert.equal(page.client.state.status, 'signed-in');
    await pass(120);
    assert.equal(heard.at(-1), Infinity);
  });
});

describe('tabs that do not share their tokens', () => {
  for (const storage of ['session', 'memory']) {
    it(`end together when one signs out: ${storage}`, async () => {
      const first = await signedIn({ storage });
      const second = open({ storage }, browser.openTab(`${shop}/`));
      await signInEmbedded(second, provider);
      await first.client.signOut({ scope: 'local' });
      await until(() => second.client.state.status === 'signed-out');
      assert.equal(await second.client.getAccessToken(), undefined);
      assert.equal(browser.localStorage!.length, 0, 'nothing of it stays');
    });

    it(`end when somebody else signs in in another: ${storage}`, async () => {
      const first = await signedIn({ storage });
      provider.user = { sub: 'u2', name: 'Grace' };
      await signInEmbedded(open({ storage }, browser.openTab(`${shop}/`)), provider);
      await until(() => first.client.state.status === 'signed-out');
    });

    it(`do not mind the same user in another: ${storage}`, async () => {
      const first = await signedIn({ storage });
      await signInEmbedded(open({ storage }, browser.openTab(`${shop}/`)), provider);
      await idle();
      assert.equal(first.client.state.status, 'signed-in');
    });
  }
});
