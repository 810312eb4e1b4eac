import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { FakeBrowser, type Tab } from '../support/session/fake-browser.js';
import { FakeClock } from '../support/session/fake-clock.js';
import { loadPage, shop, until } from '../support/session/page.js';
import { Provider } from '../support/session/provider.js';

const clock = new FakeClock();

let provider: Provider;
let browser: FakeBrowser;
let tab: Tab;

beforeEach(() => {
  clock.reset(1_800_000_000_000);
  provider = new Provider(clock.now);
  browser = new FakeBrowser({ now: clock.now, fetch: provider.fetch });
  tab = browser.openTab(`${shop}/`);
});

const begin = () => loadPage(tab, provider).client.beginEmbedded();
const otherState = `okta-elements.embedded.${'0'.repeat(64)}`;

/** A page at the address of a return, once it is known who is signed in. */
async function comeBack(query: string, at = tab, path = '/') {
  const page = loadPage(at, provider, `${shop}${path}?${query}`);
  await until(() => page.client.state.status !== 'signing-in' || at.departures.length > 0);
  return page;
}

describe('a link from a mail', () => {
  it('goes on, in another tab of the browser, with the sign-in that waits for it', async () => {
    const begun = await begin();
    begun.share();
    const { client, tab: second } = await comeBack(`otp=123456&state=${begun.state}`, browser.openTab(`${shop}/`));
    assert.equal(second.href, `${shop}/`, 'nothing of it is left in the address');
    assert.equal(client.state.status, 'signed-out');
    const again = await client.beginEmbedded();
    const { otp, elsewhere, resumed, state, codeChallenge } = again;
    assert.deepEqual(
      { otp, elsewhere, resumed, state, codeChallenge },
      { otp: '123456', elsewhere: false, resumed: true, state: begun.state, codeChallenge: begun.codeChallenge },
    );
    await client.completeEmbedded(state, provider.interact(again));
    assert.equal(client.state.status, 'signed-in');
    assert.equal(browser.localStorage!.getItem(`okta-elements:shared-transaction:${state}`), null);
  });

  it('is good for one form', async () => {
    const begun = await begin();
    begun.share();
    const { client } = await comeBack(`otp=123456&state=${begun.state}`);
    assert.equal((await client.beginEmbedded()).otp, '123456');
    assert.equal((await client.beginEmbedded()).otp, undefined);
  });

  it('shows its code in another browser, and begins nothing there', async () => {
    const { state } = await begin();
    const stranger = new FakeBrowser({ now: clock.now, fetch: provider.fetch }).openTab(`${shop}/`);
    const { client } = await comeBack(`otp=123456&state=${state}`, stranger);
    const shown = await client.beginEmbedded();
    assert.deepEqual([shown.otp, shown.elsewhere, shown.resumed], ['123456', true, false]);
    assert.notEqual(shown.state, state);
    shown.keep(false);
    shown.share();
    assert.equal(stranger.sessionStorage!.length, 0);
  });

  it('is for nobody when the sign-in was not shared, or is over, or too long ago', async () => {
    const unshared = await begin();
    const second = () => browser.openTab(`${shop}/`);
    const elsewhere = async (state: string) =>
      (await (await comeBack(`otp=1&state=${state}`, second())).client.beginEmbedded()).elsewhere;
    assert.equal(await elsewhere(unshared.state), true);
    unshared.share();
    assert.equal(await elsewhere(unshared.state), false);
    unshared.abandon();
    assert.equal(await elsewhere(unshared.state), true);
    const late = await begin();
    late.share();
    clock.tick(60 * 60 * 1000);
    assert.equal(await elsewhere(late.state), true);
  });

  it('says where to type the code, on a page without a form', async () => {
    const { client, events } = await comeBack(`otp=123456&state=${otherState}`);
    clock.tick(5000);
    assert.equal(client.state.error?.code, 'transaction_missing');
    assert.match(client.state.error.message, /type the code from the mail there/);
    assert.doesNotMatch(JSON.stringify(client.state), /123456/);
    await until(() => events.at(-1) === 'okta-error');
  });

  it('leads on to the page that has the form, and no further', async () => {
    tab = browser.openTab(`${shop}/login?from=basket#top`);
    const begun = await begin();
    begun.share();
    const query = `otp=123456&state=${begun.state}`;
    const { tab: second } = await comeBack(query, browser.openTab(`${shop}/`));
    assert.deepEqual(second.departures, [`${shop}/login?from=basket&${query}#top`]);
    const { client } = await comeBack(`from=basket&${query}`, second, '/login');
    assert.deepEqual(second.departures, []);
    assert.equal((await client.beginEmbedded()).otp, '123456');
  });

  it('does not go round in circles', async () => {
    tab = browser.openTab(`${shop}/login`);
    const begun = await begin();
    begun.share();
    for (let time = 0; time < 3; time += 1) {
      assert.equal((await comeBack(`otp=1&state=${begun.state}`)).tab.departures.length, 1);
    }
    assert.equal((await comeBack(`otp=1&state=${begun.state}`)).client.state.error?.code, 'redirect_loop');
  });

  for (const query of ['otp=1&otp=2', 'otp=', 'otp=%3Cb%3E', `otp=${'1'.repeat(65)}`]) {
    it(`is refused when it is spoilt: ${query.slice(0, 20)}`, async () => {
      const { state } = await begin();
      assert.equal((await comeBack(`${query}&state=${state}`)).client.state.error?.code, 'callback_invalid');
    });
  }
});

describe('the way back from an identity provider', () => {
  it('goes on with the form where Okta needs more of the user', async () => {
    const begun = await begin();
    const { client } = await comeBack(`error=interaction_required&error_description=more&state=${begun.state}`);
    assert.equal(tab.href, `${shop}/`);
    assert.equal(client.state.status, 'signed-out');
    const again = await client.beginEmbedded({ prompt: 'login' });
    assert.deepEqual([again.state, again.resumed, again.otp], [begun.state, true, undefined]);
  });

  it('signs in by an interaction code, and leads to where the sign-in began', async () => {
    tab = browser.openTab(`${shop}/login`);
    const begun = await begin();
    const { client } = await comeBack(`interaction_code=${provider.interact(begun)}&state=${begun.state}`);
    assert.deepEqual(tab.departures, [`${shop}/login`]);
    assert.equal(loadPage(tab, provider, tab.departures[0]).client.state.status, 'signed-in');
    assert.equal(client.state.error, undefined);
  });

  for (const [query, code] of [
    ['code=c1', 'callback_invalid'],
    ['interaction_code=c1&error=access_denied', 'callback_invalid'],
    ['error=access_denied', 'access_denied'],
    ['error=server_error', 'server_error'],
  ]) {
    it(`ends in ${code} with ${query}`, async () => {
      const { state } = await begin();
      assert.equal((await comeBack(`${query}&state=${state}`)).client.state.error?.code, code);
    });
  }

  it('is refused when the sign-in was not begun in this tab', async () => {
    const { client } = await comeBack(`error=interaction_required&state=${otherState}`);
    assert.equal(client.state.error?.code, 'transaction_missing');
  });
});

describe('a form that is open for long', () => {
  it('still signs in, whenever a form of it was shown last', async () => {
    const { client } = loadPage(tab, provider);
    const begun = await client.beginEmbedded();
    clock.tick(59 * 60 * 1000);
    begun.keep(false);
    clock.tick(59 * 60 * 1000);
    await client.completeEmbedded(begun.state, provider.interact(begun));
    assert.equal(client.state.status, 'signed-in');
  });
});
