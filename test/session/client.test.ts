import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { OktaReadyEvent, OktaStateChangeEvent } from '../../src/events.js';
import { OktaClient } from '../../src/session/client.js';
import { parseConfig } from '../../src/session/config.js';
import { FakeClock } from '../support/session/fake-clock.js';
import { FakeBrowser, type Tab } from '../support/session/fake-browser.js';
import { unsignedJwt } from '../support/session/jwt.js';
import { idle, loadPage, shop, signInEmbedded, until, type PageOptions } from '../support/session/page.js';
import { Provider } from '../support/session/provider.js';
import { storedTokens } from '../support/session/stored-tokens.js';

const start = 1_800_000_000_000;

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

const key = () => `okta-elements:${encodeURIComponent(provider.issuer)}:${provider.clientId}`;
const unreachable = () => Promise.reject(new TypeError('Failed to fetch'));

async function signedIn(options: PageOptions = {}) {
  const page = loadPage(tab, provider, undefined, options);
  await signInEmbedded(page, provider);
  provider.requests.length = 0;
  page.events.length = 0;
  page.statuses.length = 0;
  return page;
}

function show(persisted: boolean): void {
  tab.events.dispatchEvent(Object.assign(new Event('pageshow'), { persisted }));
}

describe('a page that loads', () => {
  it('knows at once that nobody is signed in, and asks for nothing', async () => {
    let ready: OktaReadyEvent | undefined;
    const prepare = ({ target }: { target: EventTarget }) =>
      target.addEventListener('okta-ready', (event) => (ready = event as OktaReadyEvent));
    const { client, events } = loadPage(tab, provider, `${shop}/`, { prepare });
    assert.deepEqual(client.state, { status: 'signed-out' });
    assert.deepEqual(await client.ready, { status: 'signed-out' });
    assert.deepEqual(ready?.state, { status: 'signed-out' });
    assert.deepEqual(events, ['okta-ready']);
    await idle();
    assert.deepEqual(provider.requests, []);
  });

  it('knows at once who is signed in, and asks for nothing', async () => {
    await signedIn();
    const { client } = loadPage(tab, provider);
    const { status, user, scopes, expiresAt } = client.state;
    assert.deepEqual([status, user?.name, scopes], ['signed-in', 'Ada', ['openid', 'profile', 'email']]);
    assert.equal(expiresAt, start / 1000 + 3600);
    await client.getAccessToken();
    await idle();
    assert.deepEqual(provider.requests, []);
  });

  it('holds no token in its state', async () => {
    const { client } = await signedIn();
    const { accessToken, idToken } = await storedTokens(tab.environment, provider);
    const said = JSON.stringify(client.state);
    for (const token of [accessToken, idToken]) assert.equal(said.includes(token), false);
  });

  it('is signed out where what is stored is spoilt', () => {
    browser.localStorage!.setItem(key(), '{"accessToken":"a"');
    const { client } = loadPage(tab, provider);
    assert.equal(client.state.status, 'signed-out');
    assert.equal(browser.localStorage!.length, 0);
  });
});

describe('whoever listens', () => {
  it('hears each change once, with what was before and why', async () => {
    const page = loadPage(tab, provider);
    const heard: string[] = [];
    page.target.addEventListener('okta-state-change', (event) => {
      const { previous, state, reason } = event as OktaStateChangeEvent;
      heard.push(`${previous.status} > ${state.status} (${reason})`);
    });
    await signInEmbedded(page, provider);
    await page.client.signOut({ scope: 'local' });
    assert.deepEqual(heard, [
      'signed-out > signing-in (signin)',
      'signing-in > signed-in (signin)',
      'signed-in > signed-out (signout)',
    ]);
  });

  it('hears no more after it stopped', async () => {
    const page = loadPage(tab, provider);
    let calls = 0;
    const stop = page.client.subscribe(() => calls++);
    stop();
    await signInEmbedded(page, provider);
    assert.equal(calls, 0);
  });

  it('hears the latest state, even when another listener changed it meanwhile', async () => {
    const { client } = await signedIn();
    client.subscribe(({ status }) => {
      if (status === 'signed-out') void client.signIn().catch(() => {});
    });
    let last = '';
    client.subscribe(({ status }) => (last = status));
    await client.signOut({ scope: 'local' });
    assert.equal(last, 'signing-in');
  });

  it('hears it, though another listener throws, and the sign-in ends well', async (test) => {
    const page = loadPage(tab, provider);
    const reported: unknown[] = [];
    test.after(() => delete (globalThis as { reportError?: unknown }).reportError);
    Object.assign(globalThis, { reportError: (error: unknown) => reported.push(error) });
    const nonsense = new Error('of the page');
    page.client.subscribe(() => {
      throw nonsense;
    });
    let last = '';
    page.client.subscribe(({ status }) => (last = status));
    await signInEmbedded(page, provider);
    assert.deepEqual([last, page.events], ['signed-in', ['okta-ready', 'okta-signin-success']]);
    assert.deepEqual(reported, [nonsense, nonsense]);
  });

  it('hears nothing when nothing changed', async () => {
    const { events, statuses } = await signedIn();
    for (const type of ['visibilitychange', 'online']) tab.events.dispatchEvent(new Event(type));
    show(false);
    show(true);
    await idle();
    assert.deepEqual([events, statuses, provider.requests], [[], [], []]);
  });
});

describe('a sign-in that fails', () => {
  it('leaves who was signed in as they were, and their session ends when it should', async () => {
    const { client, statuses } = await signedIn({ renew: 'off' });
    provider.faults.discovery = unreachable;
    const other = loadPage(tab, provider, undefined, { renew: 'off' });
    await assert.rejects(other.client.signIn(), { code: 'network' });
    assert.deepEqual(other.client.state.user?.sub, 'u1');
    assert.equal(client.state.status, 'signed-in');
    clock.tick(3600_000);
    assert.equal(other.client.state.status, 'signed-out');
    assert.deepEqual(statuses, ['signed-out']);
  });

  it('does not show somebody who signed out in the meantime', async () => {
    await signedIn();
    const page = loadPage(tab, provider);
    let fail: () => void = () => {};
    provider.faults.discovery = () =>
      new Promise((_, reject) => (fail = () => reject(new TypeError('Failed to fetch'))));
    const attempt = page.client.signIn();
    await until(() => provider.requests.includes('discovery'));
    const elsewhere = loadPage(browser.openTab(`${shop}/`), provider);
    await elsewhere.client.signOut({ scope: 'local' });
    fail();
    await assert.rejects(attempt, { code: 'network' });
    assert.equal(page.client.state.status, 'signed-out');
  });

  it('is the caller’s to show', async () => {
    provider.faults.discovery = unreachable;
    const { client, events } = loadPage(tab, provider);
    await assert.rejects(client.signIn(), { code: 'network' });
    assert.equal(client.state.status, 'signed-out');
    assert.deepEqual(events, ['okta-ready']);
  });

  it('is shown by the session when nobody called', async () => {
    provider.faults.discovery = unreachable;
    const { client, events } = loadPage(tab, provider);
    await assert.rejects(client.signIn({ automatic: true }), { code: 'network' });
    assert.equal(client.state.error?.code, 'network');
    assert.deepEqual(events, ['okta-ready', 'okta-error']);
  });

  it('takes the place of an earlier failure that is shown', async () => {
    provider.faults.discovery = unreachable;
    const { client } = loadPage(tab, provider);
    await client.signIn({ automatic: true }).catch(() => {});
    provider.faults.discovery = () => new Response('<html>');
    await assert.rejects(client.signIn(), { code: 'discovery_failed' });
    assert.equal(client.state.error?.code, 'discovery_failed');
  });

  it('twice at once ends as signed out, not as signing in', async () => {
    provider.faults.discovery = unreachable;
    const { client } = loadPage(tab, provider);
    await Promise.allSettled([client.signIn(), client.signIn()]);
    assert.equal(client.state.status, 'signed-out');
  });

  it('can be tried again, also when the answer was no use', async () => {
    const faults: (() => Response | Promise<Response>)[] = [
      unreachable,
      () => new Response('<html>'),
      () => Response.json({}),
      () => Response.json({ issuer: 'https://evil.example' }),
      () => new Response('{"issuer":'),
      () => new Response(null, { status: 503 }),
    ];
    const { client } = loadPage(tab, provider);
    for (const fault of faults) {
      provider.faults.discovery = fault;
      await assert.rejects(client.signIn());
    }
    delete provider.faults.discovery;
    await client.signIn();
    assert.equal(tab.departures.length, 1);
  });
});

describe('another tab', () => {
  it('that signs in is followed', async () => {
    const here = loadPage(tab, provider);
    const there = loadPage(browser.openTab(`${shop}/`), provider);
    await signInEmbedded(there, provider);
    await until(() => here.client.state.status === 'signed-in');
    assert.equal(here.client.state.user?.sub, 'u1');
    assert.equal(await here.client.getAccessToken(), await there.client.getAccessToken());
  });

  it('where somebody else signs in leaves nothing of the first', async () => {
    const here = await signedIn();
    const there = loadPage(browser.openTab(`${shop}/`), provider);
    provider.user = { sub: 'u2', name: 'Grace' };
    await signInEmbedded(there, provider);
    await until(() => here.client.state.user?.sub === 'u2');
    assert.equal(here.client.state.user?.name, 'Grace');
    assert.equal(JSON.stringify({ ...browser.localStorage }).includes('Ada'), false);
  });

  it('that clears all storage signs out here', async () => {
    const { client } = await signedIn();
    browser.openTab(`${shop}/`).environment.localStorage!.clear();
    await until(() => client.state.status === 'signed-out');
  });

  it('that stores something else changes nothing', async () => {
    const { statuses } = await signedIn();
    browser.openTab(`${shop}/`).environment.localStorage!.setItem('basket', '7');
    await idle();
    assert.deepEqual(statuses, []);
  });

  it('that stores nonsense in our place signs out here', async () => {
    const { client } = await signedIn();
    browser.openTab(`${shop}/`).environment.localStorage!.setItem(key(), `{"idToken":"${unsignedJwt({ sub: 'x' })}"}`);
    await until(() => client.state.status === 'signed-out');
  });

  it('does not hear of a session that is a tab’s own', async () => {
    const here = loadPage(tab, provider, `${shop}/`, { storage: 'session' });
    const there = loadPage(browser.openTab(`${shop}/`), provider, `${shop}/`, { storage: 'session' });
    await signInEmbedded(here, provider);
    await idle();
    assert.equal(there.client.state.status, 'signed-out');
  });

  it('does not overtake a sign-in that is under way here', async () => {
    const here = loadPage(tab, provider);
    const there = loadPage(browser.openTab(`${shop}/`), provider);
    await here.client.signIn();
    await signInEmbedded(there, provider);
    await idle();
    assert.equal(here.client.state.status, 'signing-in');
  });

  it('with fresh tokens keeps this one’s timer from throwing them away', async () => {
    provider.refreshing = false;
    provider.lifetime = 600;
    const here = await signedIn();
    // No storage event reaches this tab: it is asleep until its timer fires.
    clock.sleep(599_000);
    provider.lifetime = 3600;
    const there = loadPage(tab, provider);
    await signInEmbedded(there, provider);
    clock.tick(1000);
    assert.equal(here.client.state.status, 'signed-in');
    assert.equal(here.client.state.expiresAt, start / 1000 + 599 + 3600);
    assert.equal(browser.localStorage!.length, 1);
  });
});

describe('a page that wakes', () => {
  for (const type of ['visibilitychange', 'online', 'pageshow']) {
    it(`after its session ended says so: ${type}`, async () => {
      const { client, events } = await signedIn({ renew: 'off' });
      clock.sleep(3600_000);
      tab.events.dispatchEvent(new Event(type));
      assert.equal(client.state.status, 'signed-out');
      assert.deepEqual(events, ['okta-session-expired']);
    });
  }

  it('from the back/forward cache in the middle of a sign-in is as it was before', async () => {
    const { client, statuses } = loadPage(tab, provider);
    await client.signIn();
    show(false);
    assert.equal(client.state.status, 'signing-in', 'the first showing of a page is no return');
    show(true);
    assert.deepEqual(statuses, ['signed-out', 'signing-in', 'signed-out']);
    await client.signIn();
    assert.equal(tab.departures.length, 2);
  });

  it('does not lose the error it shows', async () => {
    provider.faults.discovery = unreachable;
    const { client } = loadPage(tab, provider);
    await client.signIn({ automatic: true }).catch(() => {});
    tab.events.dispatchEvent(new Event('visibilitychange'));
    assert.equal(client.state.error?.code, 'network');
  });
});

describe('goTo', () => {
  it('goes nowhere but the page’s own origin', async () => {
    const { client } = loadPage(tab, provider, `${shop}/a`);
    for (const address of ['javascript:alert(1)', 'https://evil.example/x', '//evil.example', 'data:,x']) {
      await client.goTo(address);
    }
    assert.deepEqual(new Set(tab.departures), new Set([`${shop}/`]));
  });

  it('loads another page in the place of this one', async () => {
    const { client } = loadPage(tab, provider, `${shop}/a?b=1#c`);
    for (const address of ['/a', '/a?b=2', '/b?b=1#c']) assert.equal(await client.goTo(address), false);
    assert.deepEqual(tab.departures, [`${shop}/a`, `${shop}/a?b=2`, `${shop}/b?b=1#c`]);
  });

  it('needs no load for this page', async () => {
    const { client } = loadPage(tab, provider, `${shop}/a?b=1#c`);
    assert.equal(await client.goTo('/a?b=1#d'), true);
    assert.equal(tab.href, `${shop}/a?b=1#d`);
    assert.deepEqual(tab.fragments, ['#d'], 'and scrolls there');
    assert.equal(await client.goTo('/a?b=1'), true);
    assert.equal(tab.href, `${shop}/a?b=1`);
    assert.deepEqual([tab.departures, tab.fragments], [[], ['#d']]);
  });
});

describe('trying again after a return that failed', () => {
  it('leads where the sign-in began', async () => {
    tab.href = `${shop}/boxes/7`;
    await loadPage(tab, provider).client.signIn();
    const { searchParams } = new URL(tab.departures[0]!);
    const denied = `${shop}/?error=access_denied&state=${searchParams.get('state')}`;
    const back = loadPage(tab, provider, denied);
    assert.equal((await back.client.ready).error?.code, 'access_denied');
    await back.client.signIn();
    loadPage(tab, provider, provider.authorize(tab.departures[0]!));
    await until(() => tab.departures[0] === `${shop}/boxes/7`);
  });
});

describe('a sign-in after a return that failed', () => {
  it('no longer leads where that began once somebody has signed in', async () => {
    tab.href = `${shop}/boxes/7`;
    await loadPage(tab, provider).client.signIn();
    const { searchParams } = new URL(tab.departures[0]!);
    const back = loadPage(tab, provider, `${shop}/?error=server_error&state=${searchParams.get('state')}`);
    assert.equal((await back.client.ready).error?.code, 'server_error');
    await signInEmbedded(back, provider);
    await back.client.signOut({ scope: 'local' });
    await back.client.signIn();
    const answer = provider.authorize(tab.departures[0]!);
    const { client } = loadPage(tab, provider, answer);
    await until(() => client.state.status === 'signed-in');
    assert.deepEqual(tab.departures, []);
  });
});

describe('two configurations on one page', () => {
  it('take the answer that is for one of them for what it is, whoever reads it first', async () => {
    for (let later = 0; later < 20; later++) {
      await loadPage(tab, provider, `${shop}/`).client.signIn();
      const ours = loadPage(tab, provider, provider.authorize(tab.departures[0]!));
      const config = parseConfig({ issuer: provider.issuer, clientId: 'club' }, tab.href);
      const other = new OktaClient(config, tab.environment, new EventTarget());
      for (let turn = 0; turn < later; turn++) await Promise.resolve();
      other.start();
      await until(() => ours.client.state.status === 'signed-in');
      const { status, error } = await other.ready;
      assert.deepEqual([later, status, error], [later, 'signed-out', undefined]);
      await ours.client.signOut({ scope: 'local' });
    }
  });
});

describe('trying again after a denial', () => {
  const denied = () => Response.json({ error: 'access_denied', error_description: 'No.' }, { status: 400 });
  const prompt = () => new URL(tab.departures.at(-1)!).searchParams.get('prompt');

  it('asks who it is, lest the same user be denied again', async () => {
    provider.faults.token = denied;
    const { client } = loadPage(tab, provider);
    await client.signIn();
    assert.equal(prompt(), null, 'at first nobody is asked to prove anything');
    const back = loadPage(tab, provider, provider.authorize(tab.departures[0]!));
    assert.equal((await back.client.ready).error?.code, 'access_denied');
    await back.client.signIn();
    assert.equal(prompt(), 'login');
    assert.equal((await back.client.beginEmbedded()).prompt, 'login');
    await back.client.signIn({ prompt: 'select_account' });
    assert.equal(prompt(), 'select_account', 'unless the author asks for something else');
  });

  it('still does so when an attempt in between failed for another reason', async () => {
    const page = loadPage(tab, provider);
    provider.faults.token = denied;
    await assert.rejects(signInEmbedded(page, provider), { code: 'access_denied' });
    provider.faults.token = unreachable;
    await assert.rejects(signInEmbedded(page, provider), { code: 'network' });
    await page.client.signIn();
    assert.equal(prompt(), 'login');
  });

  it('no longer does so once somebody has signed in', async () => {
    const page = loadPage(tab, provider);
    provider.faults.token = denied;
    await assert.rejects(signInEmbedded(page, provider), { code: 'access_denied' });
    delete provider.faults.token;
    await signInEmbedded(page, provider);
    await page.client.signIn();
    assert.equal(prompt(), null);
  });

  it('is not what any other failure calls for', async () => {
    const page = loadPage(tab, provider);
    provider.faults.token = unreachable;
    await assert.rejects(signInEmbedded(page, provider), { code: 'network' });
    await page.client.signIn();
    assert.equal(prompt(), null);
  });
});
