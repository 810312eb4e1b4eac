import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { OktaStepUpRequiredEvent } from '../../src/session/step-up-event.js';
import { FakeClock } from '../support/session/fake-clock.js';
import { FakeBrowser, type Tab } from '../support/session/fake-browser.js';
import {
  idle,
  loadPage,
  shop,
  signInEmbedded,
  signInHosted,
  until,
  type Page,
  type PageOptions,
} from '../support/session/page.js';
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
      await assert.rejects(client.fetch(url), {
        code: 'origin_not_allowed',
        message: /^The access token is not sent to [^;]+; [^.]+\.$/,
      });
      await assert.rejects(client.fetch(new Request(url)), { code: 'origin_not_allowed' });
      assert.deepEqual([sent, provider.requests], [[], []]);
    });
  }
});

describe('a request of a page without https', () => {
  it('does not go anywhere, not to its own origin either', async () => {
    const { client } = loadPage(tab, provider, 'http://shop.example/', { allowedOrigins: provider.api });
    await assert.rejects(client.fetch('http://shop.example/api'), { code: 'origin_not_allowed' });
    assert.deepEqual([sent, provider.requests], [[], []]);
  });
});

describe('a request to an address with a user name in it', () => {
  it('is none that the browser makes', async () => {
    const { client } = await signedIn();
    await assert.rejects(client.fetch('https://api.shop.test@evil.example/'), TypeError);
    assert.deepEqual([sent, provider.requests], [[], []]);
  });
});

describe('a request that brings its own Authorization', () => {
  it('goes as it is, once', async () => {
    answer(refused);
    const { client } = await signedIn();
    const headers = { authorization: 'Basic YTpi' };
    assert.equal((await client.fetch(provider.api, { headers })).status, 401);
    assert.deepEqual(
      sent.map(({ authorization, redirect }) => [authorization, redirect]),
      [['Basic YTpi', 'error']],
    );
    await assert.rejects(client.fetch('https://evil.example/', { headers }), { code: 'origin_not_allowed' });
    assert.deepEqual(provider.requests, ['api']);
  });
});

describe('a request that is aborted', () => {
  it('before it is made, is not made', async () => {
    const { client } = await signedIn();
    const signal = AbortSignal.abort(new Error('changed my mind'));
    await assert.rejects(client.fetch(provider.api, { signal }), /changed my mind/);
    assert.deepEqual(provider.requests, []);
  });

  it('while the token is renewed, ends at once and the renewal goes on', async () => {
    const { client } = await signedIn({ renew: 'on-demand' });
    clock.sleep(3590_000);
    let release: () => void = () => {};
    provider.faults.token = async (_request, respond) => {
      await new Promise<void>((resolve) => (release = resolve));
      return respond();
    };
    const abort = new AbortController();
    const request = client.fetch(new Request(provider.api, { signal: abort.signal }));
    await until(() => provider.requests.includes('token refresh_token'));
    abort.abort();
    await assert.rejects(request, { name: 'AbortError' });
    release();
    await until(() => client.state.expiresAt! * 1000 > clock.now() + 60_000);
    assert.deepEqual(sent, []);
  });

  it('while it waits to be made again, is not', async () => {
    const { client } = await signedIn();
    answer(() => new Response(null, { status: 429, headers: { 'retry-after': '5' } }));
    const abort = new AbortController();
    const request = client.fetch(provider.api, { signal: abort.signal });
    await until(() => sent.length === 1);
    await idle();
    abort.abort();
    await assert.rejects(request, { name: 'AbortError' });
    clock.tick(60_000);
    await idle();
    assert.equal(sent.length, 1);
  });
});

describe('a redirect', () => {
  it('is not followed, and can be seen by who asks for that', async () => {
    const { client } = await signedIn();
    await client.fetch(provider.api, { redirect: 'follow' });
    await client.fetch(provider.api, { redirect: 'manual' });
    assert.deepEqual(
      sent.map(({ redirect }) => redirect),
      ['error', 'manual'],
    );
  });
});

describe('a request while a sign-in comes back', () => {
  it('waits for its end', async () => {
    const back = await signInHosted(loadPage(tab, provider, `${shop}/`), provider, {
      allowedOrigins: provider.api,
      prepare: ({ client }) => void client.fetch(provider.api),
    });
    await until(() => sent.length);
    assert.equal(sent[0]?.authorization, `Bearer ${await back.client.getAccessToken()}`);
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

  it('of an API that refuses fresh tokens, too, does not renew for every request', async () => {
    const { client } = await signedIn();
    answer(refused);
    for (let time = 0; time < 5; time++) assert.equal((await client.fetch(provider.api)).status, 401);
    const renewals = () => provider.requests.filter((request) => request === 'token refresh_token').length;
    assert.equal(renewals(), 1);
    clock.sleep(60_000);
    await client.fetch(provider.api);
    assert.equal(renewals(), 2, 'it may have been mended');
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

describe('a 401 to a body that is a stream', () => {
  it('is the answer: the stream has been read', async () => {
    const { client } = await signedIn();
    answer(refused);
    const body = new Blob(['box']).stream();
    const init = { method: 'POST', body, duplex: 'half' } as RequestInit;
    assert.equal((await client.fetch(provider.api, init)).status, 401);
    assert.deepEqual(
      sent.map((one) => one.body),
      ['box'],
    );
    assert.deepEqual(provider.requests, ['api']);
  });
});

describe('a 401 that asks for a step-up', () => {
  const challenged = (challenge: string) => () =>
    new Response('{"why":"amount"}', { status: 401, headers: { 'www-authenticate': challenge } });

  it('is the answer at once, and told as an event', async () => {
    const page = await signedIn();
    const heard: OktaStepUpRequiredEvent[] = [];
    page.target.addEventListener('okta-step-up-required', (event) => heard.push(event as OktaStepUpRequiredEvent));
    answer(challenged('Bearer error="insufficient_user_authentication", acr_values="urn:a urn:b", max_age="300"'));
    const response = await page.client.fetch(`${provider.api}/pay?x=1`);
    assert.equal(await response.text(), '{"why":"amount"}');
    assert.deepEqual(provider.requests, ['api']);
    assert.equal(heard.length, 1);
    const { acrValues, maxAge, url, bubbles, composed, cancelable } = heard[0]!;
    assert.deepEqual(
      { acrValues, maxAge, url },
      { acrValues: ['urn:a', 'urn:b'], maxAge: 300, url: `${provider.api}/pay?x=1` },
    );
    assert.deepEqual([bubbles, composed, cancelable], [true, true, true]);
    assert.equal(page.client.state.status, 'signed-in');
  });

  it('is told once for each answer', async () => {
    const page = await signedIn();
    let heard = 0;
    page.target.addEventListener('okta-step-up-required', () => heard++);
    answer(challenged('DPoP algs="ES256", Bearer error="insufficient_user_authentication"'));
    await Promise.all([page.client.fetch(provider.api), page.client.fetch(provider.api)]);
    assert.equal(heard, 2);
  });

  it('of a scheme that is not ours, or of nobody, is a 401 like any other', async () => {
    const nobody = loadPage(tab, provider, `${shop}/`, { allowedOrigins: provider.api });
    nobody.target.addEventListener('okta-step-up-required', () => assert.fail('told'));
    answer(challenged('Bearer error="insufficient_user_authentication"'));
    await nobody.client.fetch(provider.api);
    const page = await signedIn();
    page.target.addEventListener('okta-step-up-required', () => assert.fail('told'));
    answer(challenged('Other error="insufficient_user_authentication"'));
    assert.equal((await page.client.fetch(provider.api)).status, 401);
  });
});

describe('a server that asks for a pause', () => {
  const busy = (status: number, after: string) => () =>
    new Response(null, { status, headers: { 'retry-after': after } });
  const fine = () => Response.json({ fine: true });

  /** Makes a request and lets the clock go on by so many seconds while it waits. */
  async function request(seconds: number, init?: RequestInit): Promise<number> {
    const { client } = await signedIn();
    const response = client.fetch(provider.api, init);
    await until(() => sent.length === 1);
    await idle();
    clock.tick(seconds * 1000);
    return (await Promise.race([response, idle().then(() => ({ status: 0 }))])).status;
  }

  it('is asked again after it', async () => {
    answer(busy(429, '5'), fine);
    assert.equal(await request(4.9), 0);
    assert.equal(sent.length, 1);
    clock.tick(100);
    await until(() => sent.length === 2);
  });

  it('may name the time', async () => {
    answer(busy(429, new Date(clock.now() + 7000).toUTCString()), fine);
    assert.equal(await request(6.9), 0);
    clock.tick(100);
    await until(() => sent.length === 2);
  });

  it('is asked again whatever the method, with the same body, as a 429 was not acted upon', async () => {
    answer(busy(429, '1'), fine);
    assert.equal(await request(1, { method: 'POST', body: 'box' }), 200);
    assert.deepEqual(
      sent.map(({ method, body, authorization }) => [method, body, Boolean(authorization)]),
      [
        ['POST', 'box', true],
        ['POST', 'box', true],
      ],
    );
  });

  it('by a 503 is asked again only for what may be done twice', async () => {
    answer(busy(503, '1'), fine);
    assert.equal(await request(1, { method: 'DELETE' }), 200);
    sent = [];
    answer(busy(503, '1'), fine);
    assert.equal(await request(1, { method: 'POST' }), 503);
  });

  it('is asked again once', async () => {
    answer(busy(429, '0'));
    assert.equal(await request(0), 429);
    assert.equal(sent.length, 2);
  });

  for (const after of ['11', '-1', '1.5', 'soon', '', new Date(1_800_000_011_000).toUTCString()]) {
    it(`is not waited for when it says "${after}"`, async () => {
      answer(busy(429, after), fine);
      assert.equal(await request(0), 429);
    });
  }

  it('without saying how long is not asked again', async () => {
    answer(() => new Response(null, { status: 429 }), fine);
    assert.equal(await request(0), 429);
  });

  it('is not sent a stream again', async () => {
    answer(busy(429, '0'), fine);
    const init = { method: 'POST', body: new Blob(['box']).stream(), duplex: 'half' } as RequestInit;
    assert.equal(await request(0, init), 429);
  });

  it('is asked again with a token that is good then', async () => {
    const { client } = await signedIn({ renew: 'on-demand' });
    clock.sleep(3565_000);
    answer(busy(429, '8'), fine);
    const response = client.fetch(provider.api);
    await until(() => sent.length === 1);
    await idle();
    clock.tick(8000);
    assert.equal((await response).status, 200);
    assert.deepEqual(
      provider.requests.filter((one) => one !== 'keys'),
      ['api', 'token refresh_token', 'api'],
    );
    assert.notEqual(sent[0]?.authorization, sent[1]?.authorization);
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
