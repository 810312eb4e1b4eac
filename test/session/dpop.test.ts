import assert from 'node:assert/strict';
import { createHash, createPublicKey, verify, type JsonWebKey } from 'node:crypto';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { createOrg, type Org } from '../../src/org/index.js';
import { App, claimsOf, people, REDIRECT_URI } from '../org/support/app.js';
import { startApi, type Api } from '../support/api/api.js';
import { FakeBrowser, type Tab } from '../support/session/fake-browser.js';
import { loadPage, shop, signInEmbedded, type Page, type PageOptions } from '../support/session/page.js';
import { Provider } from '../support/session/provider.js';

/** The parts of a proof, its signature checked with the key in it. */
function open(proof: string) {
  const [header, payload, signature] = proof.split('.') as [string, string, string];
  const text = (part: string) => Buffer.from(part, 'base64url').toString();
  const { jwk, ...rest } = JSON.parse(text(header)) as { jwk: JsonWebKey; alg: string; typ: string };
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  const input = Buffer.from(proof.slice(0, proof.lastIndexOf('.')));
  assert.ok(
    verify('sha256', input, { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url')),
    'signature',
  );
  return { ...rest, jwk, claims: JSON.parse(text(payload)) as Record<string, unknown> };
}

describe('a session bound to a key, with the local org', () => {
  let org: Org;
  let api: Api;
  let tab: Tab;
  let app: App;
  let page: Page;
  let userinfoProofs: string[];
  /** Requests to the token endpoint. */
  let tokenRequests: { grant: string | null; dpop: string | null; status: number }[];

  before(async () => {
    const clients = [{ id: 'app', dpopRequired: true, redirectUris: [REDIRECT_URI] }];
    org = await createOrg({ seed: { ...people, clients } });
  });
  after(() => org.close());
  beforeEach(async () => {
    api = await startApi(org.issuer);
    app = new App(org, org.origin);
    tokenRequests = [];
    userinfoProofs = [];
    const browser = new FakeBrowser({
      now: () => org.clock.now(),
      fetch: async (input, init) => {
        const request = new Request(input, init);
        const form = new URLSearchParams(await request.clone().text());
        const response = await fetch(request);
        if (request.url.endsWith('/v1/userinfo')) userinfoProofs.push(request.headers.get('dpop')!);
        if (request.url.endsWith('/v1/token')) {
          const { headers } = request;
          tokenRequests.push({ grant: form.get('grant_type'), dpop: headers.get('dpop'), status: response.status });
        }
        return response;
      },
    });
    tab = browser.openTab(REDIRECT_URI);
    page = await signIn();
  });
  afterEach(async () => {
    await page.client.signOut({ scope: 'local' });
    await api.close();
  });

  function load(href: string): Page {
    const provider = { issuer: org.issuer, clientId: 'app' };
    return loadPage(tab, provider, href, {
      dpop: true,
      storage: 'memory',
      scopes: 'openid offline_access',
      redirectUri: REDIRECT_URI,
      allowedOrigins: [api.origin, org.origin],
    });
  }

  async function signIn(): Promise<Page> {
    await load(REDIRECT_URI).client.signIn();
    const answer = await app.agent.get(tab.departures[0]!);
    const params = await app.finish(await app.passPage(answer, 'ada@example.com'));
    const back = load(`${REDIRECT_URI}?${new URLSearchParams(params).toString()}`);
    assert.equal((await back.client.ready).status, 'signed-in', String(back.client.state.error));
    return back;
  }

  it('is begun with a proof, which gets the org’s nonce when that asks for one', () => {
    assert.deepEqual(
      tokenRequests.map(({ grant, status }) => [grant, status]),
      [
        ['authorization_code', 400],
        ['authorization_code', 200],
      ],
    );
    const [first, second] = tokenRequests.map(({ dpop }) => open(dpop!));
    assert.equal(first!.typ, 'dpop+jwt');
    assert.equal(first!.alg, 'ES256');
    assert.deepEqual(Object.keys(first!.jwk).sort(), ['crv', 'kty', 'x', 'y'], 'the public part only');
    assert.equal(first!.claims.htm, 'POST');
    assert.equal(first!.claims.htu, `${org.issuer}/v1/token`);
    assert.equal(first!.claims.nonce, undefined);
    assert.equal(first!.claims.ath, undefined);
    assert.equal(typeof second!.claims.nonce, 'string');
    assert.notEqual(first!.claims.jti, second!.claims.jti);
    assert.deepEqual(first!.jwk, second!.jwk);
  });

  it('has a token of that key', async () => {
    const { kty, crv, x, y } = open(tokenRequests[1]!.dpop!).jwk;
    const jkt = createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
    assert.deepEqual(claimsOf((await page.client.getAccessToken())!).cnf, { jkt });
  });

  it('sends an API the token with a proof for just that request', async () => {
    const { client } = page;
    const response = await client.fetch(`${api.origin}/boxes/7?size=l#top`, { method: 'PUT', body: 'nuts' });
    assert.deepEqual(await response.json(), { sub: 'ada@example.com', body: 'nuts' });
    assert.equal(api.requests.length, 1);
    const token = await client.getAccessToken();
    assert.equal(api.requests[0]!.authorization, `DPoP ${token}`);
    const { claims, jwk } = open(api.requests[0]!.dpop!);
    assert.equal(claims.htm, 'PUT');
    assert.equal(claims.htu, `${api.origin}/boxes/7`);
    assert.equal(claims.ath, createHash('sha256').update(token!).digest('base64url'));
    assert.ok(Math.abs((claims.iat as number) - org.clock.now() / 1000) < 5);
    assert.deepEqual(jwk, open(tokenRequests[0]!.dpop!).jwk);
    assert.equal(claims.nonce, undefined, 'the org’s nonce is not for an API');
  });

  it('tries once more with the nonce of an API, and keeps it until there is another', async () => {
    const statuses = () => api.requests.splice(0).map(({ status }) => status);
    api.changeNonce();
    assert.equal((await page.client.fetch(`${api.origin}/a`, { method: 'POST', body: 'nuts' })).status, 200);
    assert.deepEqual(
      api.requests.map(({ body }) => body),
      ['nuts', 'nuts'],
    );
    assert.deepEqual(statuses(), [401, 200]);
    assert.equal((await page.client.fetch(`${api.origin}/b`)).status, 200);
    assert.deepEqual(statuses(), [200]);
    api.changeNonce();
    const answers = await Promise.all(['/c', '/d'].map((path) => page.client.fetch(api.origin + path)));
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200],
    );
    // Whoever is later may have heard of the new one from the other.
    assert.match(statuses().join(), /^401,(200,200|401,200,200|200,401,200)$/);
    assert.deepEqual(tokenRequests.length, 2, 'a nonce is no reason to renew');
  });

  it('keeps the nonces of the org and of its APIs apart, on one origin too', async () => {
    assert.equal((await page.client.fetch(`${org.issuer}/v1/userinfo`)).status, 200);
    assert.equal(open(userinfoProofs[0]!).claims.nonce, undefined);
    api.changeNonce();
    await page.client.fetch(api.origin);
    api.answers.set('/renew', { status: 401 });
    await page.client.fetch(`${api.origin}/renew`);
    const renewal = open(tokenRequests.at(-1)!.dpop!);
    assert.equal(renewal.claims.nonce, open(tokenRequests[1]!.dpop!).claims.nonce);
  });

  it('is renewed with its key, in one request', async () => {
    const { client } = page;
    const before = await client.getAccessToken();
    api.answers.set('/', { status: 401 });
    assert.equal((await client.fetch(api.origin)).status, 200);
    assert.notEqual(await client.getAccessToken(), before);
    assert.deepEqual(
      tokenRequests.slice(2).map(({ grant, status }) => [grant, status]),
      [['refresh_token', 200]],
    );
    const [first, renewed] = [tokenRequests[0]!, tokenRequests[2]!].map(({ dpop }) => open(dpop!).jwk);
    assert.deepEqual(renewed, first);
  });

  it('gives up after three requests, of which one was for a nonce and one for a new token', async () => {
    const { client } = page;
    api.changeNonce();
    await client.fetch(api.origin);
    api.requests.length = 0;
    api.answers.set('/', { status: 401, headers: { 'WWW-Authenticate': 'DPoP error="invalid_token"' } });
    api.changeNonce();
    assert.equal((await client.fetch(api.origin)).status, 200);
    assert.deepEqual(
      api.requests.map(({ status, refusal }) => [status, refusal]),
      [
        [401, undefined],
        [401, 'use_dpop_nonce: nonce'],
        [200, undefined],
      ],
    );
    assert.equal(tokenRequests.length, 3);
  });

  it('has a token that is of no use without its key', async () => {
    const token = await page.client.getAccessToken();
    const attempt = async (headers: Record<string, string>) => {
      const { status } = await fetch(api.origin, { headers });
      return [status, api.requests.at(-1)!.refusal];
    };
    await page.client.fetch(api.origin);
    const { dpop } = api.requests[0]!;
    assert.deepEqual(await attempt({ authorization: `Bearer ${token}` }), [
      401,
      'invalid_token: it is of another type',
    ]);
    assert.deepEqual(await attempt({ authorization: `DPoP ${token}` }), [401, 'invalid_dpop_proof: it is no JWT']);
    assert.deepEqual(await attempt({ authorization: `DPoP ${token}`, dpop: dpop! }), [401, 'invalid_dpop_proof: jti']);
  });
});

describe('a session bound to a key', () => {
  let provider: Provider;
  let tab: Tab;
  let proofs: string[];
  let pages: Page[];
  const now = () => 1_800_000_000_000;

  beforeEach(() => {
    provider = new Provider(now);
    proofs = [];
    pages = [];
    provider.faults.token = (request, answer) => {
      proofs.push(request.headers.get('dpop') ?? 'none');
      return answer();
    };
    tab = new FakeBrowser({ now, fetch: provider.fetch }).openTab(`${shop}/`);
  });

  // A session waits for its end, and Node with it.
  afterEach(() => Promise.all(pages.map(({ client }) => client.signOut({ scope: 'local' }))));

  function load(options: PageOptions = {}): Page {
    const page = loadPage(tab, provider, `${shop}/`, { dpop: true, storage: 'memory', ...options });
    pages.push(page);
    return page;
  }

  async function signedIn(options: PageOptions = {}): Promise<Page> {
    const page = load(options);
    await signInEmbedded(page, provider);
    return page;
  }

  it('is not begun with bearer tokens: that would be a downgrade', async () => {
    const page = load();
    await assert.rejects(signInEmbedded(page, provider), { code: 'token_exchange_failed', message: /dpop/ });
    assert.equal(await page.client.getAccessToken(), undefined);
    assert.equal(page.client.state.status, 'signed-out');
  });

  it('is not begun where nobody asked for one', async () => {
    provider.lies.token = { token_type: 'DPoP' };
    const page = load({ dpop: false });
    await assert.rejects(signInEmbedded(page, provider), { code: 'token_exchange_failed' });
    assert.deepEqual(proofs, ['none']);
  });

  it('does not go on with bearer tokens', async () => {
    provider.lies.token = { token_type: 'DPoP' };
    const page = load({ allowedOrigins: provider.api });
    await signInEmbedded(page, provider);
    const before = await page.client.getAccessToken();
    provider.lies.token = { token_type: 'Bearer' };
    provider.faults.api = () => new Response(null, { status: 401 });
    assert.equal((await page.client.fetch(provider.api)).status, 401);
    assert.equal(await page.client.getAccessToken(), before);
  });

  it('is not begun with the bearer tokens of before', async () => {
    const bearer = load({ dpop: false, storage: 'local' });
    await signInEmbedded(bearer, provider);
    assert.equal(load({ dpop: false, storage: 'local' }).client.state.status, 'signed-in');
    assert.equal(load({ storage: 'local' }).client.state.status, 'signed-out');
    assert.equal(tab.environment.localStorage!.length, 0);
  });

  for (const [algorithms, used] of [
    [undefined, 'ES256'],
    [['RS256', 'ES256'], 'ES256'],
    [['RS256', 'RS384'], 'RS256'],
  ] as const) {
    it(`proves with ${used} to a provider that takes ${algorithms?.join(' and ') ?? 'what it does not say'}`, async () => {
      provider.lies = { token: { token_type: 'DPoP' }, discovery: { dpop_signing_alg_values_supported: algorithms } };
      const page = load();
      await signInEmbedded(page, provider);
      const { alg, jwk } = open(proofs[0]!);
      assert.equal(alg, used);
      assert.deepEqual(Object.keys(jwk).sort(), used === 'ES256' ? ['crv', 'kty', 'x', 'y'] : ['e', 'kty', 'n']);
    });
  }

  it('is asked for a nonce once, not for ever', async () => {
    provider.faults.token = (request) => {
      proofs.push(request.headers.get('dpop')!);
      return Response.json(
        { error: 'use_dpop_nonce' },
        { status: 400, headers: { 'dpop-nonce': `n${proofs.length}` } },
      );
    };
    await assert.rejects(signInEmbedded(load(), provider), { code: 'token_exchange_failed' });
    assert.deepEqual(
      proofs.map((proof) => open(proof).claims.nonce),
      [undefined, 'n1'],
    );
  });

  it('asks an API three times at most, whatever that answers', async () => {
    provider.lies.token = { token_type: 'DPoP' };
    const { client } = await signedIn({ allowedOrigins: provider.api });
    const answers: ResponseInit[] = [
      { status: 429, headers: { 'retry-after': '0' } },
      { status: 401, headers: { 'www-authenticate': 'DPoP error="use_dpop_nonce"', 'dpop-nonce': 'n1' } },
      { status: 401, headers: { 'www-authenticate': 'DPoP error="invalid_token"' } },
      { status: 200 },
    ];
    provider.faults.api = () => new Response(null, answers.shift());
    assert.equal((await client.fetch(provider.api)).status, 401);
    assert.equal(answers.length, 1);
    assert.equal(proofs.length, 1, 'nor is a token renewed that nothing would be asked with');
  });

  describe('where the browser keeps no keys', () => {
    beforeEach(() => {
      tab = new FakeBrowser({ now, fetch: provider.fetch, indexedDB: null }).openTab(`${shop}/`);
    });

    it('is not begun: the user is told before going to Okta', async () => {
      const page = load({ storage: 'local' });
      await assert.rejects(page.client.signIn(), { code: 'storage_unavailable', message: /storage="memory"/ });
      await assert.rejects(page.client.beginEmbedded(), { code: 'storage_unavailable' });
      assert.deepEqual([tab.departures, tab.sessionStorage!.length], [[], 0]);
      assert.deepEqual(proofs, []);
    });

    it('works with storage="memory"', async () => {
      provider.lies.token = { token_type: 'DPoP' };
      const page = load();
      await signInEmbedded(page, provider);
      assert.equal(page.client.state.status, 'signed-in');
    });
  });
});
