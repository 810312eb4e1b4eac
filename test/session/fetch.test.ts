import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { FakeClock } from '../support/session/fake-clock.js';
import { FakeBrowser, type Tab } from '../support/session/fake-browser.js';
import { loadPage, shop, signInEmbedded, type Page, type PageOptions } from '../support/session/page.js';
import { Provider } from '../support/session/provider.js';

const clock = new FakeClock();

let provider: Provider;
let tab: Tab;
/** What the API was sent. */
let sent: { method: string; url: string; authorization: string | null; body: string; redirect: string }[];

beforeEach(() => {
  clock.reset(1_800_000_000_000);
  provider = new Provider(clock.now);
  sent = [];
  answer(() => Response.json({}));
  const browser = new FakeBrowser({
    now: clock.now,
    // The page's own origin has an API, too.
    fetch: (input, init) => {
      const request = new Request(input, init);
      return request.url.startsWith(shop)
        ? (provider.faults.api!(request, () => Promise.reject(new Error())) as Promise<Response>)
        : provider.fetch(request);
    },
  });
  tab = browser.openTab(`${shop}/`);
});

/** What the API answers to each request in turn; the last one stays. */
function answer(...answers: (() => Response)[]): void {
  provider.faults.api = async (request) => {
    const { method, url, headers, redirect } = request;
    const reply = answers.length > 1 ? answers.shift()! : answers[0]!;
    sent.push({ method, url, authorization: headers.get('authorization'), body: await request.text(), redirect });
    return reply();
  };
}

const refused = () => new Response(null, { status: 401 });

async function signedIn(options: PageOptions = {}): Promise<Page> {
  const page = loadPage(tab, provider, `${shop}/`, { allowedOrigins: provider.api, ...options });
  await signInEmbedded(page, provider);
  provider.requests.length = 0;
  return page;
}

describe('a request of who is signed in', () => {
  it('carries the token, and everything it was made with', async () => {
    const { client } = await signedIn();
    const init = { method: 'PUT', body: '{"size":"l"}', headers: { 'content-type': 'application/json' } };
    const response = await client.fetch(`${provider.api}/boxes/7?x=1`, init);
    assert.equal(response.status, 200);
    assert.deepEqual(sent, [
      {
        method: 'PUT',
        url: `${provider.api}/boxes/7?x=1`,
        authorization: `Bearer ${await client.getAccessToken()}`,
        body: '{"size":"l"}',
        redirect: 'error',
      },
    ]);
  });

  it('may go to the page’s own origin without being told', async () => {
    const { client } = await signedIn({ allowedOrigins: '' });
    await client.fetch(new URL('/api', shop));
    assert.equal(sent[0]?.authorization, `Bearer ${await client.getAccessToken()}`);
  });

  for (const url of [
    'https://evil.example/',
    'https://api.shop.test.evil.example/',
    'http://api.shop.test/',
    'https://api.shop.test:8443/',
    'data:text/plain,x',
  ]) {
    it(`does not go to ${url}, not even without the token`, async () => {
      const { client } = await signedIn();
      await assert.rejects(client.fetch(url), { code: 'origin_not_allowed' });
      await assert.rejects(client.fetch(new Request(url)), { code: 'origin_not_allowed' });
      assert.deepEqual([sent, provider.requests], [[], []]);
    });
  }
});

describe('a request to an address with a user name in it', () => {
  it('is none that the browser makes', async () => {
    const { client } = await signedIn();
    await assert.rejects(client.fetch('https://api.shop.test@evil.example/'), TypeError);
    assert.deepEqual([sent, provider.requests], [[], []]);
  });
});

describe('a request of nobody', () => {
  it('goes without a token, and a 401 is the answer', async () => {
    answer(refused);
    const { client } = loadPage(tab, provider, `${shop}/`, { allowedOrigins: provider.api });
    const response = await client.fetch(provider.api);
    assert.equal(response.status, 401);
    assert.deepEqual(
      sent.map(({ authorization }) => authorization),
      [null],
    );
  });
});

describe('a 401', () => {
  it('renews the token and is tried once more, with the same body', async () => {
    const { client } = await signedIn();
    answer(refused, () => Response.json({ fine: true }));
    const response = await client.fetch(provider.api, { method: 'POST', body: 'box' });
    assert.deepEqual(await response.json(), { fine: true });
    assert.deepEqual(
      provider.requests,
      ['api', 'token refresh_token', 'keys', 'api'].filter((one) => one !== 'keys'),
    );
    assert.deepEqual(
      sent.map(({ body }) => body),
      ['box', 'box'],
    );
    assert.notEqual(sent[0]?.authorization, sent[1]?.authorization);
    assert.equal(sent[1]?.authorization, `Bearer ${await client.getAccessToken()}`);
  });

  it('is the answer when it comes twice', async () => {
    const { client } = await signedIn();
    answer(refused);
    assert.equal((await client.fetch(provider.api)).status, 401);
    assert.equal(sent.length, 2);
    assert.equal(client.state.status, 'signed-in');
  });

  it('is the answer at once when there is nothing to renew with', async () => {
    provider.refreshing = false;
    const { client } = await signedIn();
    answer(refused);
    assert.equal((await client.fetch(provider.api)).status, 401);
    assert.equal(sent.length, 1);
  });

  it('is the answer at once with renew="off"', async () => {
    const { client } = await signedIn({ renew: 'off' });
    answer(refused);
    assert.equal((await client.fetch(provider.api)).status, 401);
    assert.deepEqual([sent.length, provider.requests], [1, ['api']]);
  });

  it('is the answer when renewing fails, and the session stays', async () => {
    const { client } = await signedIn();
    answer(refused);
    provider.faults.token = () => Promise.reject(new TypeError('Failed to fetch'));
    assert.equal((await client.fetch(provider.api)).status, 401);
    assert.equal(client.state.status, 'signed-in');
    assert.equal(typeof (await client.getAccessToken()), 'string');
  });

  it('ends the session when the provider refuses to renew', async () => {
    const { client } = await signedIn();
    answer(refused);
    provider.faults.token = () => Response.json({ error: 'invalid_grant' }, { status: 400 });
    assert.equal((await client.fetch(provider.api)).status, 401);
    assert.equal(client.state.status, 'signed-out');
  });

  it('to many requests at once renews once', async () => {
    const { client } = await signedIn();
    const old = `Bearer ${await client.getAccessToken()}`;
    provider.faults.api = (request) =>
      new Response(null, { status: request.headers.get('authorization') === old ? 401 : 200 });
    const responses = await Promise.all([1, 2, 3].map(() => client.fetch(provider.api)));
    assert.deepEqual(
      responses.map(({ status }) => status),
      [200, 200, 200],
    );
    assert.equal(provider.requests.filter((request) => request === 'token refresh_token').length, 1);
  });
});

for (const status of [200, 204, 400, 403, 404, 500]) {
  describe(`status ${status}`, () => {
    it('is handed on as it is', async () => {
      const { client } = await signedIn();
      answer(() => new Response(null, { status }));
      assert.equal((await client.fetch(provider.api)).status, status);
      assert.deepEqual(provider.requests, ['api']);
    });
  });
}
