import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { OktaErrorEvent } from '../../src/events.js';
import { FakeClock } from '../support/session/fake-clock.js';
import { FakeBrowser, type Tab } from '../support/session/fake-browser.js';
import { loadPage, shop, signInEmbedded, signInHosted, until, type Page } from '../support/session/page.js';
import { Provider } from '../support/session/provider.js';

const clock = new FakeClock();
const LIMIT = 10_000;

let provider: Provider;
let tab: Tab;

beforeEach(() => {
  clock.reset(1_800_000_000_000);
  provider = new Provider(clock.now);
  tab = new FakeBrowser({ now: clock.now, fetch: provider.fetch }).openTab(`${shop}/`);
});

async function signedIn(): Promise<Page> {
  const page = loadPage(tab, provider);
  await signInEmbedded(page, provider);
  return page;
}

/** The failures that a page tells of. */
function failures({ target }: Page): string[] {
  const told: string[] = [];
  target.addEventListener('okta-error', (event) => {
    const { code, message } = event as OktaErrorEvent;
    told.push(`${code}: ${message}`);
  });
  return told;
}

const late = () => `${new URL(provider.issuer).origin} did not answer within 10 s; try again.`;

describe('a page that leaves for Okta’s sign-in page', () => {
  it('goes on when that does not come, and can try again', async () => {
    const page = loadPage(tab, provider);
    const told = failures(page);
    await page.client.signIn();
    clock.tick(LIMIT - 1);
    assert.deepEqual([page.client.state.status, told], ['signing-in', []]);
    clock.tick(1);
    await until(() => told.length > 0);
    assert.deepEqual([page.client.state.status, told], ['error', [`timeout: ${late()}`]]);
    await page.client.signIn();
    assert.deepEqual([page.client.state.status, tab.departures.length], ['signing-in', 2]);
  });

  it('leaves who was signed in signed in', async () => {
    const page = await signedIn();
    const told = failures(page);
    await page.client.signIn({ acrValues: 'urn:okta:loa:2fa:any' });
    clock.tick(LIMIT);
    await until(() => told.length > 0);
    assert.deepEqual([page.client.state.status, told], ['signed-in', [`timeout: ${late()}`]]);
  });

  it('has nothing to say once it is gone, even when it is shown again', async () => {
    const page = loadPage(tab, provider);
    const told = failures(page);
    await page.client.signIn();
    tab.events.dispatchEvent(new Event('pagehide'));
    clock.sleep(LIMIT);
    tab.events.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
    clock.tick(LIMIT);
    assert.deepEqual([page.client.state.status, told], ['signed-out', []]);
  });
});

describe('a page that leaves for Okta’s sign-out', () => {
  it('is signed out when that does not come, and says that Okta does not know', async () => {
    const page = await signedIn();
    const told = failures(page);
    await page.client.signOut();
    clock.tick(LIMIT);
    await until(() => told.length > 0);
    const expected = `timeout: Signed out here, but not at Okta: ${late()}`;
    assert.deepEqual([page.client.state.status, told], ['signed-out', [expected]]);
  });
});

describe('a page that leaves for another of its own', () => {
  const ownLate = `timeout: ${shop} did not answer within 10 s; try again.`;

  it('after a sign-out is signed out when that does not come', async () => {
    const page = await signedIn();
    const told = failures(page);
    await page.client.signOut({ scope: 'local', returnTo: '/bye' });
    assert.equal(page.client.state.status, 'signing-out');
    clock.tick(LIMIT);
    await until(() => told.length > 0);
    assert.deepEqual([page.client.state.status, told], ['signed-out', [ownLate]]);
  });

  it('after a sign-in is signed in when that does not come', async () => {
    tab.href = `${shop}/boxes/7`;
    const page = await signInHosted(loadPage(tab, provider), provider);
    const told = failures(page);
    assert.deepEqual([page.client.state.status, tab.departures], ['signing-in', [`${shop}/boxes/7`]]);
    clock.tick(LIMIT);
    await until(() => told.length > 0);
    assert.deepEqual([page.client.state.status, told], ['signed-in', [ownLate]]);
  });

  it('to show the form there says so when that does not come', async () => {
    tab.href = `${shop}/login`;
    const { state } = await loadPage(tab, provider).client.beginEmbedded();
    const page = loadPage(tab, provider, `${shop}/?otp=123456&state=${state}`);
    const told = failures(page);
    await until(() => tab.departures.length);
    assert.equal(page.client.state.status, 'signing-in');
    clock.tick(LIMIT);
    await until(() => told.length > 0);
    assert.deepEqual([page.client.state.status, told], ['error', [ownLate]]);
  });

  it('for nothing that is under way has nothing to say', async () => {
    const page = await signedIn();
    const told = failures(page);
    await page.client.goTo('/elsewhere');
    clock.tick(LIMIT);
    assert.deepEqual([page.client.state.status, told], ['signed-in', []]);
  });
});
