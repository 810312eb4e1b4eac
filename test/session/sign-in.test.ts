import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { beforeEach, describe, it } from 'node:test';
import type { OktaElementsError } from '../../src/errors.js';
import type { OktaErrorEvent } from '../../src/events.js';
import type { OktaCallbackCompleteEvent, OktaSigninSuccessEvent } from '../../src/session/sign-in-events.js';
import { FakeClock } from '../support/session/fake-clock.js';
import { FakeBrowser, type Tab } from '../support/session/fake-browser.js';
import { SigningKey } from '../support/session/jwt.js';
import { MemoryStorage } from '../support/session/memory-storage.js';
import { idle, loadPage, shop, signInEmbedded, signInHosted, until, type Page } from '../support/session/page.js';
import { Provider } from '../support/session/provider.js';

const deepLink = `${shop}/boxes/7?size=l&size=m#reviews`;

const clock = new FakeClock();

let provider: Provider;
let browser: FakeBrowser;
let tab: Tab;

beforeEach(() => {
  clock.reset(1_800_000_000_000);
  provider = new Provider(clock.now);
  browser = new FakeBrowser({ now: clock.now, fetch: provider.fetch });
  tab = browser.openTab(deepLink);
});

/** Everything the browser keeps, as text. */
function kept({ sessionStorage }: Tab): string {
  return JSON.stringify({ ...sessionStorage });
}

describe('a hosted sign-in', () => {
  it('leaves for the authorization endpoint with what the code flow with PKCE asks', async () => {
    const { client } = loadPage(tab, provider);
    await client.signIn();
    const { origin, pathname, searchParams } = new URL(tab.departures[0]!);
    assert.equal(origin + pathname, `${provider.issuer}/v1/authorize`);
    const { state, nonce, code_challenge: challenge, ...rest } = Object.fromEntries(searchParams);
    assert.deepEqual(rest, {
      client_id: 'shop',
      redirect_uri: `${shop}/`,
      response_type: 'code',
      scope: 'openid profile email',
      code_challenge_method: 'S256',
    });
    const stored = JSON.parse(tab.sessionStorage!.getItem(`okta-elements:transaction:${state}`)!) as {
      codeVerifier: string;
      nonce: string;
    };
    assert.equal(challenge, createHash('sha256').update(stored.codeVerifier).digest('base64url'));
    assert.equal(nonce, stored.nonce);
    assert.match(state!, /^okta-elements\.redirect\.[0-9a-f]{64}$/);
    assert.match(nonce, /^[0-9a-f]{64}$/);
    assert.match(stored.codeVerifier, /^[\w.~-]{43,128}$/);
    assert.equal(client.state.status, 'signing-in');
  });

  it('makes new secrets every time', async () => {
    const { client } = loadPage(tab, provider);
    const seen = new Set<string | null>();
    for (let time = 0; time < 3; time++) {
      await client.signIn();
      const { searchParams } = new URL(tab.departures.at(-1)!);
      for (const name of ['state', 'nonce', 'code_challenge']) seen.add(searchParams.get(name));
    }
    assert.equal(seen.size, 9);
  });

  it('passes on what it is asked for, and nothing that is not there', async () => {
    const { client } = loadPage(tab, provider);
    const gone = null as unknown as undefined;
    await client.signIn({
      loginHint: 'ada@example.com',
      idp: gone,
      prompt: '',
      acrValues: 'mfa phr',
      maxAge: 0,
      language: 'de-AT',
    });
    const { searchParams } = new URL(tab.departures[0]!);
    assert.equal(searchParams.get('login_hint'), 'ada@example.com');
    assert.equal(searchParams.get('acr_values'), 'mfa phr');
    assert.equal(searchParams.get('max_age'), '0');
    assert.equal(searchParams.get('ui_locales'), 'de-AT');
    for (const name of ['idp', 'prompt']) assert.equal(searchParams.has(name), false, name);
  });

  it('holds Okta to an age that frameworks hand on as text', async () => {
    await loadPage(tab, provider).client.signIn({ maxAge: '900' as unknown as number });
    assert.equal(new URL(tab.departures[0]!).searchParams.get('max_age'), '900');
    provider.lies = { idToken: { auth_time: 1_799_990_000 } };
    const back = loadPage(tab, provider, provider.authorize(tab.departures[0]!));
    await until(() => back.client.state.error || tab.departures.length);
    assert.match(back.client.state.error?.message ?? '', /\(olderAuthentication\)/);
  });

  for (const none of [null, '']) {
    it(`asks for no age where there is none: ${JSON.stringify(none)}`, async () => {
      await loadPage(tab, provider).client.signIn({ maxAge: none as unknown as undefined });
      assert.equal(new URL(tab.departures[0]!).searchParams.has('max_age'), false);
    });
  }

  for (const maxAge of [NaN, -1, 'soon' as unknown as number]) {
    it(`is refused with a maximum age of ${maxAge}`, async () => {
      const { client } = loadPage(tab, provider);
      await assert.rejects(client.signIn({ maxAge }), { code: 'config_invalid', message: /max-age/ });
      assert.deepEqual(tab.departures, []);
    });
  }

  it('passes on parameters of the author, but for those that bind it to this page', async () => {
    const { client } = loadPage(tab, provider);
    const authorizeParams = {
      prompt: 'login',
      sessionToken: 't1',
      login_hint: 'from-params',
      client_id: 'evil',
      redirect_uri: 'https://evil.example',
      response_type: 'token',
      response_mode: 'fragment',
      scope: 'all',
      state: 'fixed',
      nonce: 'fixed',
      code_challenge: 'fixed',
      code_challenge_method: 'plain',
      request: 'eyJ',
      request_uri: 'https://evil.example',
    };
    await client.signIn({ authorizeParams, loginHint: 'ada@example.com' });
    const sent = Object.fromEntries(new URL(tab.departures[0]!).searchParams);
    assert.deepEqual([sent.prompt, sent.sessionToken, sent.login_hint], ['login', 't1', 'ada@example.com']);
    assert.deepEqual(
      [sent.client_id, sent.redirect_uri, sent.response_type, sent.scope, sent.code_challenge_method],
      ['shop', `${shop}/`, 'code', 'openid profile email', 'S256'],
    );
    for (const name of ['state', 'nonce', 'code_challenge']) assert.notEqual(sent[name], 'fixed', name);
    for (const name of ['response_mode', 'request', 'request_uri']) assert.equal(sent[name], undefined, name);
  });

  for (const [what, authorizeParams, claims, by] of [
    ['max_age', { max_age: '60' }, { auth_time: 1_799_990_000 }, 'olderAuthentication'],
    ['acr_values', { acr_values: 'urn:a urn:b' }, { acr: 'urn:c' }, 'weakerAuthentication'],
  ] as const) {
    it(`holds Okta to a ${what} that the author asks for in that parameter`, async () => {
      await loadPage(tab, provider).client.signIn({ authorizeParams });
      assert.equal(new URL(tab.departures[0]!).searchParams.get(what), Object.values(authorizeParams)[0]);
      provider.lies = { idToken: claims };
      const back = loadPage(tab, provider, provider.authorize(tab.departures[0]!));
      const { error } = await back.client.ready;
      assert.equal(error?.code, 'id_token_invalid');
      assert.match(error.message, new RegExp(`\\(${by}\\)`));
    });
  }

  it('keeps the query that the endpoint has', async () => {
    provider.lies.discovery = { authorization_endpoint: `${provider.issuer}/v1/authorize?tenant=1` };
    await loadPage(tab, provider).client.signIn();
    assert.equal(new URL(tab.departures[0]!).searchParams.get('tenant'), '1');
  });

  it('asks nothing at the click when it was prepared', async () => {
    const { client } = loadPage(tab, provider);
    client.prepare();
    await until(() => provider.requests.length === 1);
    await idle();
    await client.signIn();
    assert.deepEqual(provider.requests, ['discovery']);
  });

  it('requests discovery again after a failure', async () => {
    provider.faults.discovery = () => Promise.resolve(new Response('', { status: 503 }));
    const { client } = loadPage(tab, provider);
    await assert.rejects(client.signIn(), { code: 'server_error' });
    delete provider.faults.discovery;
    await client.signIn();
    assert.equal(tab.departures.length, 1);
    assert.deepEqual(provider.requests, ['discovery', 'discovery']);
  });

  it('asks once when the click comes before it is prepared', async () => {
    const { client } = loadPage(tab, provider);
    client.prepare();
    await client.signIn();
    assert.deepEqual(provider.requests, ['discovery']);
  });

  it('may fail to be prepared without anyone noticing', async () => {
    provider.faults.discovery = () => Promise.reject(new TypeError('Failed to fetch'));
    const page = loadPage(tab, provider);
    page.client.prepare();
    await until(() => provider.requests.length === 1);
    await idle();
    assert.deepEqual(page.events, ['okta-ready']);
    delete provider.faults.discovery;
    await page.client.signIn();
    assert.equal(tab.departures.length, 1);
  });
});

describe('the return from a hosted sign-in', () => {
  it('ends where it began, to the letter, with a session', async () => {
    const back = await signInHosted(loadPage(tab, provider), provider);
    assert.deepEqual(tab.departures, [deepLink]);
    assert.deepEqual(back.events, ['okta-signin-success', 'okta-callback-complete']);
    const there = loadPage(tab, provider, deepLink);
    assert.equal(there.client.state.status, 'signed-in');
    assert.deepEqual(there.client.state.user?.sub, 'u1');
    assert.deepEqual(there.client.state.scopes, ['openid', 'profile', 'email']);
    assert.equal(typeof (await there.client.getAccessToken()), 'string');
  });

  it('needs no further load when it began on the redirect URI’s own page', async () => {
    tab.href = `${shop}/#top`;
    const back = await signInHosted(loadPage(tab, provider), provider);
    assert.deepEqual(tab.departures, []);
    assert.equal(tab.href, `${shop}/#top`);
    assert.equal(back.client.state.status, 'signed-in');
    assert.deepEqual(back.statuses, ['signing-in', 'signed-in']);
    assert.deepEqual(back.events, ['okta-signin-success', 'okta-callback-complete', 'okta-ready']);
  });

  it('sends the code nowhere but to the token endpoint, not even by a redirect', async () => {
    const followed: RequestRedirect[] = [];
    provider.faults.token = (request, answer) => {
      followed.push(request.redirect);
      return answer();
    };
    await signInHosted(loadPage(tab, provider), provider);
    assert.deepEqual(followed, ['error']);
  });

  it('asks for the tokens and the keys, and for nothing else', async () => {
    await signInHosted(loadPage(tab, provider), provider);
    assert.deepEqual(provider.requests.sort(), ['discovery', 'keys', 'token authorization_code']);
  });

  it('asks for the keys while the tokens are on their way', async () => {
    provider.faults.token = async (_, answer) => {
      await until(() => provider.requests.includes('keys'));
      return answer();
    };
    await signInHosted(loadPage(tab, provider), provider);
    assert.equal(loadPage(tab, provider, `${shop}/`).client.state.status, 'signed-in');
  });

  it('asks for the discovery document again when what was kept of it does not hold', async () => {
    const page = loadPage(tab, provider);
    await page.client.signIn();
    const [key] = Object.keys(tab.sessionStorage!);
    const transaction = JSON.parse(tab.sessionStorage!.getItem(key!)!) as { provider: object };
    const kept = { ...transaction, provider: { ...transaction.provider, token_endpoint: 'http://elsewhere.example/' } };
    tab.sessionStorage!.setItem(key!, JSON.stringify(kept));
    loadPage(tab, provider, provider.authorize(tab.departures[0]!));
    await until(() => tab.departures.length);
    assert.equal(loadPage(tab, provider, `${shop}/`).client.state.status, 'signed-in');
    assert.deepEqual(provider.requests.sort(), ['discovery', 'discovery', 'keys', 'token authorization_code']);
  });

  it('takes the answer out of the address before it asks for anything', async () => {
    const page = loadPage(tab, provider);
    await page.client.signIn();
    const answer = new URL(provider.authorize(tab.departures[0]!));
    answer.searchParams.set('page', '2');
    let address = '';
    provider.faults.token = () => {
      address = tab.href;
      return new Response(null, { status: 503 });
    };
    const back = loadPage(tab, provider, answer.href);
    await back.client.ready;
    assert.equal(address, `${shop}/?page=2`);
  });

  it('leaves nothing of the transaction behind', async () => {
    await signInHosted(loadPage(tab, provider), provider);
    assert.equal(kept(tab), '{}');
  });

  it('can be routed by the page itself', async () => {
    const page = loadPage(tab, provider);
    let returnTo = '';
    const back = await signInHosted(page, provider, {
      prepare: ({ target }) =>
        target.addEventListener('okta-callback-complete', (event) => {
          returnTo = (event as OktaCallbackCompleteEvent).returnTo;
          event.preventDefault();
        }),
    });
    assert.equal(returnTo, '/boxes/7?size=l&size=m#reviews');
    assert.equal(back.client.state.status, 'signed-in');
    assert.deepEqual(tab.departures, []);
  });

  it('tells who signed in, and no token', async () => {
    let event: OktaSigninSuccessEvent | undefined;
    await signInHosted(loadPage(tab, provider), provider, {
      prepare: ({ target }) =>
        target.addEventListener('okta-signin-success', (heard) => (event = heard as OktaSigninSuccessEvent)),
    });
    assert.equal(event?.user.name, 'Ada');
    assert.deepEqual(Object.keys({ ...event }), ['user', 'returnTo']);
  });

  it('is handled once, however many ask', async () => {
    const page = loadPage(tab, provider);
    await page.client.signIn();
    const back = loadPage(tab, provider, provider.authorize(tab.departures[0]!));
    const answers = await Promise.all([1, 2, 3].map(() => back.client.handleCallback()));
    assert.deepEqual(answers, [true, true, true]);
    assert.equal(provider.requests.filter((request) => request === 'token authorization_code').length, 1);
  });

  it('waits for who handles it with callback="manual"', async () => {
    const page = loadPage(tab, provider);
    await page.client.signIn();
    const answer = provider.authorize(tab.departures[0]!);
    const back = loadPage(tab, provider, answer, { callback: 'manual' });
    await idle();
    assert.equal(tab.href, answer);
    assert.equal(await back.client.handleCallback(), true);
    assert.deepEqual(tab.departures, [deepLink]);
  });

  it('may not lead elsewhere though the stored address was changed', async () => {
    const page = loadPage(tab, provider);
    await page.client.signIn();
    const [key] = Object.keys(tab.sessionStorage!);
    const stored = JSON.parse(tab.sessionStorage!.getItem(key!)!) as object;
    tab.sessionStorage!.setItem(key!, JSON.stringify({ ...stored, returnTo: 'https://evil.example/' }));
    const back = loadPage(tab, provider, provider.authorize(tab.departures[0]!));
    await back.client.ready;
    assert.equal(new URL(tab.href).origin, shop);
    assert.deepEqual(tab.departures, []);
  });
});

describe('an address that is not the return from a sign-in of ours', () => {
  for (const query of [
    '?code=PROMO10',
    '?code=PROMO10&state=CA',
    '?state=x',
    '?error=404',
    '?code=a&code=b&state=%zz&note=a+b%20c',
    '?error=access_denied&error_description=%3Cb%3Esold+out',
    '?state=okta-elements.redirect.0123',
    '?iss=https://evil.example#code=x&state=y',
    '?error=sold-out&state=CA',
    '?state=',
    '?code=c&state=__proto__',
  ]) {
    it(`is left alone: ${query}`, async () => {
      const page = loadPage(tab, provider, `${shop}/${query}`);
      await page.client.signIn();
      const pending = kept(tab);
      const other = loadPage(tab, provider, `${shop}/${query}`);
      assert.equal(other.client.state.status, 'signed-out');
      assert.equal(await other.client.handleCallback(), false);
      assert.equal(tab.href, `${shop}/${query}`);
      assert.equal(kept(tab), pending, 'and so is the sign-in that is under way');
      assert.deepEqual(other.events, ['okta-ready']);
    });
  }

  it('is left alone by a client with another id', async () => {
    await loadPage(tab, provider).client.signIn();
    const answer = provider.authorize(tab.departures[0]!);
    const other = loadPage(tab, { issuer: provider.issuer, clientId: 'blog' }, answer);
    await other.client.ready;
    assert.equal(other.client.state.status, 'signed-out');
    assert.equal(tab.href, answer);
    const ours = loadPage(tab, provider, answer);
    await until(() => ours.tab.departures.length === 1);
  });
});

describe('an answer that no sign-in of this tab waits for', () => {
  const exchanges = () => provider.requests.filter((request) => request === 'token authorization_code').length;

  it('is told as such in another tab, which can sign in itself', async () => {
    const browser = new FakeBrowser({ now: clock.now, fetch: provider.fetch });
    const first = browser.openTab(deepLink);
    await loadPage(first, provider).client.signIn();
    const answer = provider.authorize(first.departures[0]!);
    const second = loadPage(browser.openTab(deepLink), provider, answer);
    await second.client.ready;
    assert.equal(second.client.state.error?.code, 'transaction_missing');
    assert.equal(second.tab.href, `${shop}/`, 'the code is gone from the address');
    assert.equal(exchanges(), 0);
    await signInHosted(second, provider);
    assert.equal(loadPage(second.tab, provider).client.state.status, 'signed-in');
    loadPage(first, provider, answer);
    await until(() => first.departures.length === 1);
  });

  it('does not touch the sign-in that this tab does wait for', async () => {
    const browser = new FakeBrowser({ now: clock.now, fetch: provider.fetch });
    const stranger = browser.openTab(deepLink);
    await loadPage(stranger, provider).client.signIn();
    await loadPage(tab, provider).client.signIn();
    const ours = provider.authorize(tab.departures[0]!);
    const pending = kept(tab);
    const page = loadPage(tab, provider, provider.authorize(stranger.departures[0]!));
    await page.client.ready;
    assert.equal(page.client.state.error?.code, 'state_mismatch');
    assert.equal(kept(tab), pending);
    const back = loadPage(tab, provider, ours);
    await until(() => back.tab.departures.length === 1);
  });

  it('changes nothing for who is signed in: reload, back, bookmark', async () => {
    await loadPage(tab, provider).client.signIn();
    const answer = provider.authorize(tab.departures[0]!);
    const first = loadPage(tab, provider, answer);
    await until(() => first.tab.departures.length === 1);
    const again = loadPage(tab, provider, answer);
    await again.client.ready;
    assert.equal(again.client.state.status, 'signed-in');
    assert.equal(tab.href, `${shop}/`);
    assert.deepEqual(again.events, ['okta-ready']);
    assert.equal(exchanges(), 1);
  });
});

describe('two sign-ins under way in one tab', () => {
  it('do not get in each other’s way', async () => {
    const page = loadPage(tab, provider);
    await page.client.signIn({ returnTo: '/first' });
    await page.client.signIn({ returnTo: '/second' });
    const [first, second] = tab.departures.map((address) => provider.authorize(address));
    loadPage(tab, provider, second);
    await until(() => tab.departures[0] === `${shop}/second`);
    loadPage(tab, provider, first);
    await until(() => tab.departures[0] === `${shop}/first`);
  });
});

describe('a return that tells of an error', () => {
  async function returnWith(params: Record<string, string>) {
    const page = loadPage(tab, provider);
    await page.client.signIn();
    const answer = new URL(`${shop}/`);
    answer.searchParams.set('state', new URL(tab.departures[0]!).searchParams.get('state')!);
    for (const [name, value] of Object.entries(params)) answer.searchParams.set(name, value);
    const back = loadPage(tab, provider, answer.href);
    await back.client.ready;
    return back;
  }

  it('is shown, cleaned up, and no session', async () => {
    const back = await returnWith({ error: 'access_denied', error_description: '<b>Policy</b> says no.' });
    assert.equal(back.client.state.error?.code, 'access_denied');
    assert.match(back.client.state.error.message, /<b>Policy<\/b> says no;/);
    assert.equal(tab.href, `${shop}/`);
    assert.equal(kept(tab), '{}');
    await until(() => back.events.includes('okta-error'));
    assert.deepEqual(back.events, ['okta-ready', 'okta-error']);
    assert.equal(await back.client.getAccessToken(), undefined);
  });

  it('is an error without a description, too', async () => {
    const back = await returnWith({ error: 'login_required' });
    assert.equal(back.client.state.error?.code, 'login_required');
  });

  it('asks the provider for no token', async () => {
    provider.requests.length = 0;
    await returnWith({ error: 'access_denied' });
    assert.deepEqual(provider.requests, ['discovery']);
  });

  it('is refused without the issuer, where the provider says that it always names it', async () => {
    provider.lies.discovery = { authorization_response_iss_parameter_supported: true };
    const back = await returnWith({ error: 'access_denied' });
    assert.equal(back.client.state.error?.code, 'issuer_mismatch');
    const { client } = await returnWith({ error: 'access_denied', iss: provider.issuer });
    assert.equal(client.state.error?.code, 'access_denied');
  });

  it('is one when the answer names another issuer', async () => {
    const back = await returnWith({ code: 'c', iss: 'https://evil.example' });
    assert.equal(back.client.state.error?.code, 'issuer_mismatch');
    assert.ok(!provider.requests.includes('token authorization_code'), 'its code goes nowhere');
  });
});

describe('tokens that a sign-in must not accept', () => {
  const other = new SigningKey('k1');
  const lies: Record<string, (provider: Provider) => void> = {
    'whose signature is another’s': (it) => (it.lies.signature = other.sign({}).split('.')[2]!),
    'that say they need no signature': (it) => {
      it.lies.header = { alg: 'none' };
      it.lies.signature = '';
    },
    'signed with another key of that name': (it) => (it.keys = [other, ...it.keys.slice(1)]),
    'with a key nobody knows': (it) => (it.lies.header = { kid: 'k9' }),
    'for another sign-in': (it) => (it.lies.idToken = { nonce: 'another' }),
    'without a nonce': (it) => (it.lies.idToken = { nonce: undefined }),
    'from another issuer': (it) => (it.lies.idToken = { iss: 'https://evil.example' }),
    'for another application': (it) => (it.lies.idToken = { aud: 'blog' }),
    'of nobody': (it) => (it.lies.idToken = { sub: undefined }),
    'beside another access token': (it) => (it.lies.token = { access_token: 'swapped' }),
    'that are no JWT': (it) => (it.lies.token = { id_token: 'x' }),
    'whose payload is null': (it) => (it.lies.token = { id_token: it.keys[0]!.sign(null) }),
    'whose signature is missing': (it) => (it.lies.signature = ''),
  };

  for (const [what, lie] of Object.entries(lies)) {
    for (const way of ['redirect', 'widget']) {
      it(`are those ${what}, by ${way}`, async () => {
        const page = loadPage(tab, provider);
        const { keys } = provider;
        lie(provider);
        // The published key is the honest one, whichever one signs.
        if (provider.keys !== keys) provider.faults.keys = () => Response.json({ keys: keys.map(({ jwk }) => jwk) });
        let error: OktaElementsError | undefined | void;
        if (way === 'widget') {
          error = await signInEmbedded(page, provider).catch((caught: OktaElementsError) => caught);
        } else {
          await page.client.signIn();
          ({ error } = await loadPage(tab, provider, provider.authorize(tab.departures[0]!)).client.ready);
        }
        assert.equal(error?.code, 'id_token_invalid');
        const fresh = loadPage(tab, provider, `${shop}/`);
        assert.equal(fresh.client.state.status, 'signed-out', 'and nothing of them is stored');
      });
    }
  }

  it('are accepted when they are what they should be', async () => {
    const page = loadPage(tab, provider);
    await signInEmbedded(page, provider);
    assert.equal(page.client.state.status, 'signed-in');
  });
});

describe('keys that have changed since the last sign-in', () => {
  it('are fetched anew, once', async () => {
    const page = loadPage(tab, provider);
    await signInEmbedded(page, provider);
    provider.keys = [new SigningKey('k2'), ...provider.keys];
    await signInEmbedded(page, provider);
    assert.equal(page.client.state.status, 'signed-in');
    assert.equal(provider.requests.filter((request) => request === 'keys').length, 2);
  });
});

describe('an embedded sign-in', () => {
  it('gives the widget what it needs to ask, and nothing to exchange with', async () => {
    const { client } = loadPage(tab, provider);
    const transaction = await client.beginEmbedded({ acrValues: 'mfa', maxAge: 60, prompt: 'login' });
    const { state, nonce, codeChallenge, keep: _keep, share: _share, abandon: _abandon, ...rest } = transaction;
    assert.deepEqual(rest, {
      issuer: provider.issuer,
      clientId: 'shop',
      redirectUri: `${shop}/`,
      scopes: ['openid', 'profile', 'email'],
      codeChallengeMethod: 'S256',
      acrValues: 'mfa',
      maxAge: 60,
      prompt: 'login',
      resumed: false,
      otp: undefined,
      elsewhere: false,
    });
    const stored = JSON.parse(tab.sessionStorage!.getItem(`okta-elements:transaction:${state}`)!) as Record<
      string,
      string
    >;
    assert.match(state, /^okta-elements\.embedded\.[0-9a-f]{64}$/);
    assert.equal(stored.nonce, nonce);
    assert.equal(JSON.stringify(transaction).includes(stored.codeVerifier!), false);
    assert.equal(codeChallenge, createHash('sha256').update(stored.codeVerifier!).digest('base64url'));
  });

  describe('of a page that is loaded again', () => {
    const begin = (options = {}) => loadPage(tab, provider).client.beginEmbedded(options);

    it('is the one that was under way, and its answer counts', async () => {
      const { state, codeChallenge } = await begin();
      const { client } = loadPage(tab, provider);
      const again = await client.beginEmbedded();
      assert.deepEqual([again.state, again.codeChallenge, again.resumed], [state, codeChallenge, true]);
      await client.completeEmbedded(state, provider.interact(again));
      assert.equal(client.state.status, 'signed-in');
      assert.equal((await begin()).resumed, false);
    });

    it('is another when it was given up, or had come to its end', async () => {
      (await begin()).abandon();
      const ended = await begin();
      assert.equal(ended.resumed, false);
      ended.keep(true);
      assert.equal((await begin()).resumed, false);
    });

    it('is one of the same flow, of several that were left', async () => {
      const signup = await begin({ flow: 'signup' });
      const login = await begin();
      assert.equal(login.resumed, false);
      assert.equal((await begin({ flow: 'login' })).state, login.state);
      assert.equal((await begin({ flow: null })).state, login.state);
      assert.equal((await begin({ flow: 'signup' })).state, signup.state);
    });

    for (const other of [{ acrValues: 'phr' }, { maxAge: 30 }, { prompt: 'login' }, { flow: 'signup' }]) {
      it(`is another when something else is asked for: ${JSON.stringify(other)}`, async () => {
        await begin();
        assert.equal((await begin(other)).resumed, false);
      });
    }
  });

  it('asks the provider for nothing before its code is there', async () => {
    await loadPage(tab, provider).client.beginEmbedded();
    assert.deepEqual(provider.requests, []);
  });

  it('tells of its success where the widget was, before anything reacts to it', async () => {
    const { client, events } = loadPage(tab, provider);
    const element = new EventTarget();
    const heard: string[] = [];
    element.addEventListener('okta-signin-success', (event) => {
      const { user, returnTo } = event as OktaSigninSuccessEvent;
      heard.push(`${user.name as string} to ${returnTo} while ${client.state.status}`);
    });
    const transaction = await client.beginEmbedded({ returnTo: '/members#top' });
    await client.completeEmbedded(transaction.state, provider.interact(transaction), element);
    assert.deepEqual(heard, ['Ada to /members#top while signing-in']);
    assert.deepEqual(events, ['okta-ready']);
  });

  it('that ends after somebody signed out brings no session back', async () => {
    const { client } = loadPage(tab, provider);
    const transaction = await client.beginEmbedded();
    provider.faults.token = async (_, answer) => {
      await client.signOut({ scope: 'local' });
      return answer();
    };
    await assert.rejects(client.completeEmbedded(transaction.state, provider.interact(transaction)), {
      code: 'login_required',
      message: /signed out/,
    });
    assert.equal(client.state.status, 'signed-out');
    assert.equal(await client.getAccessToken(), undefined);
    assert.match(provider.revoked.join(), /^access_token \S+,refresh_token \S+$/);
    // The next one counts.
    delete provider.faults.token;
    const next = await client.beginEmbedded();
    await client.completeEmbedded(next.state, provider.interact(next));
    assert.equal(client.state.status, 'signed-in');
  });

  for (const [what, lags] of [
    ['', false],
    [', though that is not heard here yet', true],
  ] as const) {
    it(`that ends after somebody signed out in another tab brings no session back${what}`, async () => {
      const page = loadPage(tab, provider);
      await signInEmbedded(page, provider);
      const other = loadPage(browser.openTab(deepLink), provider);
      const transaction = await page.client.beginEmbedded({ acrValues: 'mfa' });
      provider.user = { ...provider.user, acr: 'mfa' };
      provider.faults.token = async (_, answer) => {
        // What the other tab clears is told to this one later than its answer comes.
        tab.events = new EventTarget();
        browser.lags = lags;
        await other.client.signOut({ scope: 'local' });
        return answer();
      };
      await assert.rejects(page.client.completeEmbedded(transaction.state, provider.interact(transaction)), {
        code: 'login_required',
        message: /signed out/,
      });
      browser.catchUp();
      assert.equal(browser.localStorage!.length, 0);
      assert.match(provider.revoked.join(), /^access_token \S+,refresh_token \S+$/);
    });
  }

  it('that ends when what was there before has just expired takes its place', async () => {
    const page = loadPage(tab, provider, deepLink, { renew: 'off' });
    await signInEmbedded(page, provider);
    const transaction = await page.client.beginEmbedded();
    provider.faults.token = (_, answer) => {
      clock.tick(provider.lifetime * 1000);
      assert.equal(page.client.state.status, 'signed-out');
      return answer();
    };
    await page.client.completeEmbedded(transaction.state, provider.interact(transaction));
    assert.equal(page.client.state.status, 'signed-in');
  });

  it('that is over is not undone by what is still to be loaded: who signs out then, is signed out', async () => {
    const page = loadPage(tab, provider);
    await signInEmbedded(page, provider);
    const transaction = await page.client.beginEmbedded({ maxAge: 60 });
    provider.user = { ...provider.user, auth_time: clock.now() / 1000 };
    const completing = page.client.completeEmbedded(transaction.state, provider.interact(transaction));
    const stored = () =>
      tab.environment.localStorage!.getItem(`okta-elements:${encodeURIComponent(provider.issuer)}:shop`);
    const before = stored();
    await until(() => stored() !== before);
    await page.client.signOut({ scope: 'local' });
    await completing.catch(() => {});
    assert.equal(page.client.state.status, 'signed-out');
  });

  it('works where the browser blocks storage', async () => {
    const blocked = new FakeBrowser({
      now: clock.now,
      fetch: provider.fetch,
      localStorage: null,
      sessionStorage: null,
    });
    const page = loadPage(blocked.openTab(deepLink), provider);
    await signInEmbedded(page, provider);
    assert.equal(page.client.state.status, 'signed-in');
    assert.equal(typeof (await page.client.getAccessToken()), 'string');
  });

  it('must satisfy what was asked for', async () => {
    const { client } = loadPage(tab, provider);
    for (const [acr, accepted] of [
      ['pwd', false],
      ['mfa', true],
    ] as const) {
      provider.user = { sub: 'u1', acr };
      const transaction = await client.beginEmbedded({ acrValues: 'mfa phr' });
      const done = client.completeEmbedded(transaction.state, provider.interact(transaction));
      if (accepted) await done;
      else await assert.rejects(done, { code: 'id_token_invalid', message: /weakerAuthentication/ });
    }
  });

  it('takes a code once, and only for a state that it began', async () => {
    const page = loadPage(tab, provider);
    const transaction = await page.client.beginEmbedded();
    const code = provider.interact(transaction);
    await page.client.completeEmbedded(transaction.state, code);
    for (const state of [transaction.state, 'made-up']) {
      await assert.rejects(page.client.completeEmbedded(state, code), { code: 'transaction_missing' });
    }
    assert.equal(page.client.state.status, 'signed-in', 'who was signed in still is');
  });
});

describe('a hosted sign-in where storage', () => {
  for (const [what, sessionStorage] of [
    ['is blocked', null],
    ['is full', () => new MemoryStorage({ quota: 60 })],
  ] as const) {
    it(`${what} does not leave, because it could not come back`, async () => {
      const page = loadPage(
        new FakeBrowser({ now: clock.now, fetch: provider.fetch, sessionStorage }).openTab(deepLink),
        provider,
      );
      for (const automatic of [false, true]) {
        await assert.rejects(page.client.signIn({ automatic }), { code: 'storage_unavailable', message: /storage/ });
      }
      assert.deepEqual(page.tab.departures, []);
    });
  }
});

describe('a page that signs in by itself', () => {
  const events: OktaErrorEvent[] = [];

  async function loadAndSignIn(href = deepLink) {
    const page = loadPage(tab, provider, href);
    page.target.addEventListener('okta-error', (event) => events.push(event as OktaErrorEvent));
    await page.client.ready;
    await page.client.signIn({ automatic: true }).catch(() => {});
    return page;
  }

  it('stops at the fourth time in a minute, and says why', async () => {
    for (let time = 0; time < 3; time++) assert.equal((await loadAndSignIn()).tab.departures.length, 1);
    const page = await loadAndSignIn();
    assert.deepEqual(tab.departures, []);
    assert.equal(page.client.state.error?.code, 'redirect_loop');
    assert.equal(events.at(-1)?.code, 'redirect_loop');
  });

  it('stops, too, when every sign-in succeeds and none lasts', async () => {
    const memory = { storage: 'memory' };
    for (let time = 0; time < 3; time++) {
      const page = loadPage(tab, provider, deepLink, memory);
      await page.client.signIn({ automatic: true });
      // However long that takes.
      clock.sleep(45_000);
      loadPage(tab, provider, provider.authorize(tab.departures[0]!), memory);
      await until(() => tab.departures[0] === deepLink);
    }
    const page = loadPage(tab, provider, deepLink, memory);
    await assert.rejects(page.client.signIn({ automatic: true }), { code: 'redirect_loop' });
  });

  describe('after a session that was ended on purpose', () => {
    const asked = () => new URL(tab.departures.at(-1)!).searchParams.get('prompt');

    it('asks who it is, lest Okta’s own session undo that: after a sign-out here', async () => {
      const { client } = loadPage(tab, provider);
      await client.signIn({ automatic: true });
      assert.equal(asked(), null, 'at first nobody is asked to prove anything');
      await signInEmbedded({ client, tab } as Page, provider);
      await client.signOut({ scope: 'local' });
      await client.signIn({ automatic: true });
      assert.equal(asked(), 'login');
    });

    for (const storage of ['local', 'session', 'memory'] as const) {
      it(`or in another tab, with storage="${storage}"`, async () => {
        const page = loadPage(tab, provider, deepLink, { storage });
        await signInEmbedded(page, provider);
        await loadPage(browser.openTab(deepLink), provider, deepLink, { storage }).client.signOut({ scope: 'local' });
        await until(() => page.client.state.status === 'signed-out');
        await page.client.signIn({ automatic: true });
        assert.equal(asked(), 'login');
      });
    }

    it('or because the user was idle', async () => {
      const { client } = loadPage(tab, provider, deepLink, { idleTimeout: 60 });
      await signInEmbedded({ client, tab } as Page, provider);
      clock.sleep(60_000);
      tab.events.dispatchEvent(new Event('visibilitychange'));
      assert.equal(client.state.status, 'signed-out');
      await client.signIn({ automatic: true });
      assert.equal(asked(), 'login');
    });

    it('in an embedded form, too, which comes by itself', async () => {
      const { client } = loadPage(tab, provider);
      assert.equal((await client.beginEmbedded()).prompt, undefined);
      await signInEmbedded({ client, tab } as Page, provider);
      await client.signOut({ scope: 'local' });
      assert.equal((await client.beginEmbedded()).prompt, 'login');
      await signInEmbedded({ client, tab } as Page, provider);
      assert.equal((await client.beginEmbedded({ acrValues: 'mfa' })).prompt, undefined);
    });

    it('but not when it is the user who acts, nor for who is signed in again', async () => {
      const page = loadPage(tab, provider);
      await signInEmbedded(page, provider);
      await page.client.signOut({ scope: 'local' });
      await page.client.signIn();
      assert.equal(asked(), null);
      await signInEmbedded(page, provider);
      await page.client.signIn({ automatic: true, acrValues: 'mfa' });
      assert.equal(asked(), null);
    });

    it('nor when the session ended by itself', async () => {
      const page = loadPage(tab, provider, deepLink, { renew: 'off' });
      await signInEmbedded(page, provider);
      clock.tick(provider.lifetime * 1000);
      assert.equal(page.client.state.status, 'signed-out');
      await page.client.signIn({ automatic: true });
      assert.equal(asked(), null);
    });
  });

  it('may go on when the user acts', async () => {
    for (let time = 0; time < 4; time++) await loadAndSignIn();
    const page = loadPage(tab, provider);
    await page.client.signIn();
    assert.equal(tab.departures.length, 1);
  });

  it('is not said to be in a loop when it is the network that fails', async () => {
    provider.faults.discovery = () => Promise.reject(new TypeError('Failed to fetch'));
    for (let time = 0; time < 5; time++) {
      const page = await loadAndSignIn();
      assert.equal(page.client.state.error?.code, 'network');
    }
  });
});
