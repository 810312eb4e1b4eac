import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { ErrorCode } from '../../src/errors.js';
import { parseConfig } from '../../src/session/config.js';
import type { User } from '../../src/session/state.js';
import { TokenStore } from '../../src/session/token-store.js';
import { fetchUserInfo } from '../../src/session/userinfo.js';
import { FakeClock } from '../support/session/fake-clock.js';
import { FakeBrowser } from '../support/session/fake-browser.js';
import { unsignedJwt } from '../support/session/jwt.js';
import { loadPage, shop, signInEmbedded } from '../support/session/page.js';
import { Provider } from '../support/session/provider.js';

let provider: Provider;
let ask: () => Promise<User>;

beforeEach(() => {
  const now = () => 1_800_000_000_000;
  provider = new Provider(now);
  const { environment } = new FakeBrowser({ now, fetch: provider.fetch }).openTab(`${shop}/`);
  const { issuer, clientId } = provider;
  const config = parseConfig({ issuer, clientId, requestTimeout: 500 }, shop);
  const store = new TokenStore(config, environment);
  const idToken = unsignedJwt({ sub: 'u1' });
  const tokens = { accessToken: 'a1', tokenType: 'Bearer', idToken, scopes: [], expiresAt: 1_800_003_600 } as const;
  ask = () => fetchUserInfo({ config, environment, store }, { ...tokens, id: 's1', user: { sub: 'u1' } });
});

describe('claims from the userinfo endpoint', () => {
  it('are asked for with the access token in a header, and in no address', async () => {
    let request: Request | undefined;
    provider.faults.userinfo = (asked, answer) => {
      request = asked;
      return answer();
    };
    provider.user = { sub: 'u1', groups: ['Everyone', 'Packers'] };
    assert.deepEqual(await ask(), { ...provider.user, authorization: 'Bearer a1' });
    assert.equal(request?.method, 'GET');
    assert.equal(request.url, `${provider.issuer}/v1/userinfo`);
    assert.equal(request.credentials, 'omit');
    assert.equal(request.redirect, 'error');
    assert.equal(request.headers.get('content-type'), null);
  });

  it('may come with a character set', async () => {
    const headers = { 'content-type': 'Application/JSON; charset=utf-8' };
    provider.faults.userinfo = () => new Response('{"sub":"u1"}', { headers });
    assert.deepEqual(await ask(), { sub: 'u1' });
  });

  it('are an ordinary object', async () => {
    assert.equal(Object.getPrototypeOf(await ask()), Object.prototype);
  });

  it('cannot be had from a provider that has none', async () => {
    provider.lies.discovery = { userinfo_endpoint: undefined };
    await assert.rejects(ask(), { code: 'userinfo_failed', message: /no userinfo_endpoint\. Check issuer\.$/ });
    assert.deepEqual(provider.requests, ['discovery']);
  });
});

const json = (text: string) => new Response(text, { headers: { 'content-type': 'application/json' } });
const jwt = `${unsignedJwt({ sub: 'u1' })}c2ln`;

/** What each check refuses. Its own name in the message: no other got there first. */
const refusals: Record<string, Record<string, () => Response>> = {
  signedAnswer: { 'a JWT': () => new Response(jwt, { headers: { 'content-type': 'application/jwt' } }) },
  otherMediaType: {
    'a page of HTML': () => new Response('<html>', { headers: { 'content-type': 'text/html' } }),
    'JSON that calls itself text': () => new Response('{"sub":"u1"}'),
    'JSON that calls itself nothing': () => new Response(new TextEncoder().encode('{"sub":"u1"}')),
  },
  notAnObject: {
    nothing: () => json(''),
    'an answer cut short': () => json('{"sub":"u1"'),
    null: () => json('null'),
    text: () => json('"u1"'),
    'a list': () => json('[{"sub":"u1"}]'),
    'a JWT that calls itself JSON': () => json(jwt),
  },
  pollutingClaim: {
    __proto__: () => json('{"sub":"u1","__proto__":{"admin":true}}'),
    'a constructor, deep inside': () => json('{"sub":"u1","address":{"constructor":{}}}'),
  },
  otherSubject: {
    'another user': () => json('{"sub":"u2"}'),
    'no user': () => json('{"name":"Ada"}'),
    'a list that holds the user': () => json('{"sub":["u1"]}'),
  },
};

for (const [name, answers] of Object.entries(refusals)) {
  describe(`the check "${name}" of an answer of the userinfo endpoint`, () => {
    for (const [what, answer] of Object.entries(answers)) {
      it(`refuses ${what}`, async () => {
        provider.faults.userinfo = answer;
        await assert.rejects(ask(), { code: 'userinfo_failed', message: new RegExp(`\\(${name}\\): .+; .+\\.$`) });
      });
    }
  });
}

describe('a userinfo endpoint that fails', () => {
  const faults: Record<string, readonly [ErrorCode, (request: Request) => Response | Promise<Response>]> = {
    'cannot be reached': ['network', () => Promise.reject(new TypeError('Failed to fetch'))],
    'does not answer': [
      'timeout',
      ({ signal }) =>
        new Promise((_, reject) => {
          // The timer of the request does not keep Node running by itself.
          const waiting = setInterval(() => {}, 1000);
          signal.addEventListener('abort', () => {
            clearInterval(waiting);
            reject(signal.reason as Error);
          });
        }),
    ],
    'has too much to do': ['server_error', () => new Response(null, { status: 429 })],
    'is out of order': ['server_error', () => new Response('<html>', { status: 500 })],
    'refuses the token': ['userinfo_failed', () => Response.json({ error: 'invalid_token' }, { status: 401 })],
    'refuses the token without a word': ['userinfo_failed', () => new Response(null, { status: 401 })],
    'is not there': ['userinfo_failed', () => new Response('Not found', { status: 404 })],
  };

  for (const [what, [code, fault]] of Object.entries(faults)) {
    it(`because it ${what} is told as ${code}, and works the next time`, async () => {
      provider.faults.userinfo = fault;
      await assert.rejects(ask(), { name: 'OktaElementsError', code, message: /^.+[;:] .+\.$/ });
      delete provider.faults.userinfo;
      assert.equal((await ask()).sub, 'u1');
    });
  }
});

describe('client.getUserInfo()', () => {
  const clock = new FakeClock();
  function open() {
    const { now } = clock;
    clock.reset(1_800_000_000_000);
    provider = new Provider(now);
    return loadPage(new FakeBrowser({ now, fetch: provider.fetch }).openTab(`${shop}/`), provider);
  }

  it('gives what the endpoint says of who is signed in', async () => {
    const page = open();
    await signInEmbedded(page, provider);
    provider.user = { sub: 'u1', groups: ['Packers'] };
    assert.deepEqual((await page.client.getUserInfo()).groups, ['Packers']);
  });

  it('says so when nobody is signed in, and asks nobody', async () => {
    const { client } = open();
    await assert.rejects(client.getUserInfo(), { code: 'login_required' });
    assert.deepEqual(provider.requests, []);
  });
});
