import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startMunchbox, type Munchbox } from '../../stories/munchbox/server.js';
import { App } from '../org/support/app.js';
import type { Answer, Json } from '../org/support/user-agent.js';
import { mia, sam } from '../e2e/support/shop-fixture.js';

const TWO_FACTORS = 'urn:okta:loa:2fa:any';
const ADDRESS = { street: '1 Mill Road', town: 'Bakewell', note: '' };

let munchbox: Munchbox;

/** Tokens as a page of the shop gets them. */
async function tokensOf(person: { login: string }, params: Record<string, string> = {}, clientId = 'munchbox-spa') {
  const { org, shop } = munchbox;
  const browser = new App(org, org.origin);
  const redirectUri = `${shop.origin}/`;
  const all = { client_id: clientId, redirect_uri: redirectUri, scope: 'openid profile email groups', ...params };
  const { json } = await browser.redeem(await browser.embed(person.login, all), { client_id: clientId });
  assert.ok(json.access_token, JSON.stringify(json));
  return json;
}

function ask(path: string, token?: string, sending: { method?: string; json?: unknown } = {}): Promise<Answer> {
  const headers: Record<string, string> = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  return new App(munchbox.org, munchbox.shop.origin).agent.send(munchbox.shop.origin + path, { headers, ...sending });
}

/** The same token with another signature, or other claims under the old one. */
const forged = (token: string, claims?: object): string => {
  const [header, payload, signature] = token.split('.') as [string, string, string];
  const said = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
  const body = Buffer.from(JSON.stringify({ ...said, ...claims })).toString('base64url');
  return `${header}.${body}.${claims ? signature : signature.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))}`;
};

describe('the server of the shop', () => {
  before(async () => {
    munchbox = await startMunchbox();
    const { directory } = munchbox.org;
    for (const { login } of [mia, sam]) {
      await directory.setPassword(directory.findByLogin(login)!.id, `${login.split('@')[0]}-password`);
    }
  });
  after(() => munchbox.close());

  it('hands a fragment to whoever brings an access token', async () => {
    const { access_token: token } = await tokensOf(mia);
    const answer = await ask('/fragments/address.html', token);
    assert.equal(answer.status, 200, answer.text);
    assert.match(answer.text, /Crumb Lane/);
    assert.match(String(answer.headers['content-type']), /^text\/html/);
    assert.equal(answer.headers['cache-control'], 'no-store');
    assert.equal(answer.headers.vary, 'Authorization');
    assert.ok(answer.headers['content-security-policy']);
  });

  it('tells whoever brings none nothing, not even what there is', async () => {
    for (const path of ['/fragments/address.html', '/fragments/vans.html', '/fragments/nothing.html', '/api/address']) {
      const answer = await ask(path);
      assert.deepEqual([answer.status, answer.headers['www-authenticate']], [401, 'Bearer'], path);
      assert.doesNotMatch(answer.text, /<|Crumb|4417/, path);
    }
    for (const path of ['/..%2ffragments/vans.html', '/../fragments/vans.html']) {
      assert.doesNotMatch((await ask(path)).text, /4417/, path);
    }
  });

  const bad: [string, (tokens: Json) => string | Promise<string>][] = [
    ['an ID token', ({ id_token: token }) => token],
    ['another signature', ({ access_token: token }) => forged(token)],
    ['other claims', ({ access_token: token }) => forged(token, { groups: ['Warehouse staff'] })],
    ['another issuer', ({ access_token: token }) => forged(token, { iss: 'https://evil.example' })],
    ['no signature', ({ access_token: token }) => `${forged(token).split('.').slice(0, 2).join('.')}.AA`],
    [
      'nothing signed at all',
      ({ access_token: token }) => `${Buffer.from('{"alg":"none"}').toString('base64url')}.${token.split('.')[1]}.AA`,
    ],
  ];
  for (const [name, make] of bad) {
    it(`refuses a token with ${name}`, async () => {
      const answer = await ask('/fragments/address.html', await make(await tokensOf(mia)));
      assert.equal(answer.status, 401);
      assert.match(String(answer.headers['www-authenticate']), /^Bearer error="invalid_token", error_description="/);
    });
  }

  it('refuses a good token of another org', async () => {
    const own = munchbox;
    const other = await startMunchbox();
    const { directory } = other.org;
    await directory.setPassword(directory.findByLogin(mia.login)!.id, 'mia-password');
    munchbox = other;
    const { access_token: token } = await tokensOf(mia).finally(() => (munchbox = own));
    await other.close();
    assert.equal((await ask('/fragments/address.html', token)).status, 401);
  });

  it('refuses a token that was meant for somebody else', async () => {
    const { authorizationServer } = munchbox.org.config;
    const { audience } = authorizationServer;
    authorizationServer.audience = 'api://another';
    const { access_token: token } = await tokensOf(mia).finally(() => (authorizationServer.audience = audience));
    assert.equal((await ask('/fragments/address.html', token)).status, 401);
  });

  it('takes a token until it expires', async () => {
    const { access_token: token } = await tokensOf(mia);
    munchbox.org.clock.advance(3_590_000);
    assert.equal((await ask('/fragments/address.html', token)).status, 200);
    munchbox.org.clock.advance(20_000);
    assert.equal((await ask('/fragments/address.html', token)).status, 401);
  });

  it('hands the gate codes to the warehouse team only', async () => {
    const { access_token: staff } = await tokensOf(sam);
    assert.match((await ask('/fragments/vans.html', staff)).text, /4417/);
    const { access_token: member } = await tokensOf(mia);
    const answer = await ask('/fragments/vans.html', member);
    assert.equal(answer.status, 403);
    assert.doesNotMatch(answer.text, /4417/);
    const { access_token: silent } = await tokensOf(sam, { scope: 'openid profile' });
    assert.equal((await ask('/fragments/vans.html', silent)).status, 403, 'without the claim nobody knows');
  });

  describe('asked to change the address', () => {
    const change = (token: string, json: unknown = ADDRESS) => ask('/api/address', token, { method: 'PUT', json });

    it('asks for a second factor, in the words of RFC 9470', async () => {
      const { access_token: token } = await tokensOf(mia);
      const answer = await change(token);
      assert.equal(answer.status, 401);
      assert.equal(
        answer.headers['www-authenticate'],
        'Bearer error="insufficient_user_authentication", acr_values="urn:okta:loa:2fa:any", max_age="900", ' +
          'error_description="Confirm that it is you."',
      );
    });

    it('does it once that is there, for this user alone', async () => {
      const { access_token: token } = await tokensOf(mia, { acr_values: TWO_FACTORS });
      assert.equal((await change(token, { ...ADDRESS, note: '<b>Ring & run</b>' })).status, 204);
      const mine = (await ask('/fragments/address.html', token)).text;
      assert.match(mine, /1 Mill Road/);
      assert.match(mine, /&#60;b&#62;Ring &#38; run&#60;\/b&#62;/, 'as text');
      const { access_token: others } = await tokensOf(sam);
      assert.match((await ask('/fragments/address.html', others)).text, /Crumb Lane/);
    });

    it('asks again when that was a while ago', async () => {
      const { access_token: token } = await tokensOf(mia, { acr_values: TWO_FACTORS });
      munchbox.org.clock.advance(901_000);
      assert.equal((await change(token)).status, 401);
    });

    it('takes no half of an address', async () => {
      const { access_token: token } = await tokensOf(mia, { acr_values: TWO_FACTORS });
      for (const wrong of [
        {},
        null,
        { ...ADDRESS, town: ' ' },
        { ...ADDRESS, street: 7 },
        { ...ADDRESS, note: 'x'.repeat(81) },
      ]) {
        assert.equal((await change(token, wrong)).status, 400, JSON.stringify(wrong));
      }
      assert.equal((await ask('/api/address', token, { method: 'DELETE' })).status, 404);
    });
  });
});
