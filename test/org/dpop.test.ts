import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { createOrg, type Org } from '../../src/org/index.js';
import { App, claimsOf, people, REDIRECT_URI } from './support/app.js';
import type { Answer, Json } from './support/user-agent.js';

interface ProofKey {
  alg: 'ES256' | 'RS256';
  privateKey: KeyObject;
  jwk: Json;
}

function createKey(alg: ProofKey['alg']): ProofKey {
  const { privateKey, publicKey } =
    alg === 'ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { alg, privateKey, jwk: publicKey.export({ format: 'jwk' }) };
}

/** RFC 9449, section 4.2. */
function proof(key: ProofKey, method: string, url: string, claims: Record<string, unknown> = {}): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const payload = { htm: method, htu: url, iat: Math.floor(Date.now() / 1000), jti: randomUUID(), ...claims };
  const input = `${part({ typ: 'dpop+jwt', alg: key.alg, jwk: key.jwk })}.${part(payload)}`;
  const signature = sign('sha256', Buffer.from(input), { key: key.privateKey, dsaEncoding: 'ieee-p1363' });
  return `${input}.${signature.toString('base64url')}`;
}

describe('DPoP', () => {
  let org: Org;
  before(async () => {
    org = await createOrg({
      seed: {
        ...people,
        clients: [...people.clients, { id: 'bound', dpopRequired: true, redirectUris: [REDIRECT_URI] }],
      },
    });
  });
  after(() => org.close());
  const app = (): App => new App(org, org.origin);

  /** Asks for tokens, and again with the nonce when one is wanted, as clients do. */
  async function exchange(browser: App, key: ProofKey, form: Record<string, string>): Promise<Answer> {
    const url = `${browser.issuer}/v1/token`;
    const first = await browser.token(form, { headers: { DPoP: proof(key, 'POST', url) } });
    const nonce = first.headers['dpop-nonce'];
    if (first.json.error !== 'use_dpop_nonce') return first;
    return browser.token(form, { headers: { DPoP: proof(key, 'POST', url, { nonce }) } });
  }

  async function codeForm(browser: App, params: Record<string, string> = {}): Promise<Record<string, string>> {
    const { code } = await browser.signIn('ada@example.com', { scope: 'openid profile offline_access', ...params });
    return {
      grant_type: 'authorization_code',
      code: code!,
      redirect_uri: REDIRECT_URI,
      code_verifier: browser.pkce.verifier,
    };
  }

  function userinfo(browser: App, key: ProofKey, token: string, claims: Record<string, unknown> = {}): Promise<Answer> {
    const url = `${browser.issuer}/v1/userinfo`;
    const ath = createHash('sha256').update(token).digest('base64url');
    return browser.agent.get(url, { Authorization: `DPoP ${token}`, DPoP: proof(key, 'GET', url, { ath, ...claims }) });
  }

  it('asks for a nonce at the token endpoint, in Okta’s words', async () => {
    const browser = app();
    const form = await codeForm(browser);
    const answer = await browser.token(form, {
      headers: { DPoP: proof(createKey('ES256'), 'POST', `${browser.issuer}/v1/token`) },
    });
    assert.equal(answer.status, 400);
    assert.deepEqual(answer.json, {
      error: 'use_dpop_nonce',
      error_description: 'Authorization server requires nonce in DPoP proof.',
    });
    assert.ok(answer.headers['dpop-nonce']);
  });

  for (const alg of ['ES256', 'RS256'] as const) {
    it(`binds the tokens to the key of the proof, with ${alg}`, async () => {
      const browser = app();
      const key = createKey(alg);
      const answer = await exchange(browser, key, await codeForm(browser));
      assert.equal(answer.status, 200, answer.text);
      assert.equal(answer.json.token_type, 'DPoP');
      const members = alg === 'ES256' ? ['crv', 'kty', 'x', 'y'] : ['e', 'kty', 'n'];
      const canonical = JSON.stringify(Object.fromEntries(members.map((name) => [name, key.jwk[name]])));
      const thumbprint = createHash('sha256').update(canonical).digest('base64url');
      assert.deepEqual(claimsOf(answer.json.access_token).cnf, { jkt: thumbprint });
      assert.equal((await userinfo(browser, key, answer.json.access_token)).status, 200);
    });
  }

  it('lets a bound token be used with its key only', async () => {
    const browser = app();
    const key = createKey('ES256');
    const { access_token: token } = (await exchange(browser, key, await codeForm(browser))).json;
    const bearer = await browser.agent.get(`${browser.issuer}/v1/userinfo`, { Authorization: `Bearer ${token}` });
    assert.equal(bearer.status, 401);
    assert.equal((await userinfo(browser, createKey('ES256'), token)).status, 401);
    assert.equal((await userinfo(browser, key, token, { htu: `${browser.issuer}/v1/token` })).status, 401);
    assert.equal((await userinfo(browser, key, token, { ath: 'of another token' })).status, 401);
  });

  it('takes a proof once', async () => {
    const browser = app();
    const key = createKey('ES256');
    const { access_token: token } = (await exchange(browser, key, await codeForm(browser))).json;
    const jti = randomUUID();
    assert.equal((await userinfo(browser, key, token, { jti })).status, 200);
    assert.equal((await userinfo(browser, key, token, { jti })).status, 401);
  });

  it('binds the refresh token too', async () => {
    const browser = app();
    const key = createKey('ES256');
    const tokens = (await exchange(browser, key, await codeForm(browser))).json;
    const form = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token as string };
    assert.equal((await browser.token(form)).status, 400, 'without a proof');
    assert.equal((await exchange(browser, createKey('ES256'), form)).status, 400, 'with another key');
    const renewed = await exchange(browser, key, form);
    assert.equal(renewed.status, 200, renewed.text);
    assert.equal(renewed.json.token_type, 'DPoP');
  });

  it('is a must for a client that is set up so', async () => {
    const browser = app();
    const form = { ...(await codeForm(browser, { client_id: 'bound' })), client_id: 'bound' };
    const without = await browser.token(form);
    assert.equal(without.status, 400);
    assert.equal((await exchange(browser, createKey('RS256'), form)).status, 200);
  });
});
