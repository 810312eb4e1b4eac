import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { parseConfig } from '../../src/session/config.js';
import type { OktaElementsError } from '../../src/errors.js';
import { FakeClock } from '../support/session/fake-clock.js';
import { FakeBrowser } from '../support/session/fake-browser.js';
import { loadPage, shop, signInEmbedded, signInHosted } from '../support/session/page.js';
import { Provider } from '../support/session/provider.js';

const clock = new FakeClock();
const { now } = clock;
const second = 1000;

/**
 * Names that somebody might look for in an object that lacks them, with what would serve an attacker. Not those of a
 * JWK: Node itself looks for them there when it imports a key. Browsers do not, and are tested elsewhere.
 */
const names: Record<string, unknown> = {
  ignoreSignature: true,
  ignoreLifetime: true,
  maxClockSkew: 9e9,
  clientSecret: 'evil',
  pkce: false,
  issuer: 'https://evil.example',
  clientId: 'evil',
  redirectUri: 'https://evil.example/',
  scopes: ['openid', 'evil'],
  scope: 'local',
  nonce: 'evil',
  previous: { sub: 'evil' },
  acrValues: ['evil'],
  maxAge: 0,
  prompt: 'none',
  display: 'popup',
  automatic: true,
  returnTo: '/evil',
  authorizeParams: { audience: 'evil' },
  allowedOrigins: ['https://evil.example'],
  error: 'evil',
  iss: 'https://evil.example',
  aud: 'shop',
  azp: 'shop',
  sub: 'evil',
  exp: 9e9,
  iat: 1_800_000_000,
  nbf: 9e9,
  acr: 'evil',
  auth_time: 1_800_000_000,
  kid: 'evil',
  crit: ['evil'],
  expires_in: 9e9,
  token_type: 'Bearer',
  access_token: 'evil',
  id_token: 'evil',
  refresh_token: 'evil',
  accessToken: 'evil',
  refreshToken: 'evil',
  keyId: 'evil',
  token_endpoint: 'https://evil.example/token',
  jwks_uri: 'https://evil.example/keys',
};

let provider: Provider;
let browser: FakeBrowser;

beforeEach(() => {
  clock.reset(1_800_000_000_000);
  provider = new Provider(now);
  browser = new FakeBrowser({ now, fetch: provider.fetch });
  Object.assign(Object.prototype, names);
});

afterEach(() => {
  for (const name of Object.keys(names)) delete (Object.prototype as Record<string, unknown>)[name];
});

describe('while every object has names that a script put there', () => {
  it('a configuration is what its author wrote', () => {
    const page = `${shop}/`;
    const config = parseConfig({ issuer: provider.issuer, clientId: provider.clientId }, page);
    assert.equal(config.redirectUri, page);
    assert.deepEqual([...config.scopes], ['openid', 'profile', 'email']);
    assert.deepEqual([...config.allowedOrigins], []);
    assert.throws(() => parseConfig({}, page), { code: 'config_invalid' });
    assert.throws(() => parseConfig({ issuer: provider.issuer }, page), { code: 'config_invalid' });
  });

  it('a sign-in asks for what its author wrote, and comes back to where it began', async () => {
    const page = loadPage(browser.openTab(`${shop}/orders`), provider);
    await page.client.signIn();
    const asked = new URL(page.tab.departures[0]!);
    assert.equal(asked.origin + asked.pathname, `${provider.issuer}/v1/authorize`);
    assert.deepEqual([...asked.searchParams.keys()].sort(), [
      'client_id',
      'code_challenge',
      'code_challenge_method',
      'nonce',
      'redirect_uri',
      'response_type',
      'scope',
      'state',
    ]);
    const back = await signInHosted(page, provider);
    assert.deepEqual(back.tab.departures, [`${shop}/orders`]);
  });

  it('a sign-in and a renewal end well', async () => {
    const page = loadPage(browser.openTab(`${shop}/`), provider, undefined, { scopes: 'openid offline_access' });
    await signInEmbedded(page, provider);
    assert.equal(page.client.state.user?.sub, 'u1');
    assert.equal(page.client.state.expiresAt, now() / second + provider.lifetime);
    const token = await page.client.getAccessToken();
    assert.notEqual(token, 'evil');
  });

  it('signing out ends the session at Okta', async () => {
    const page = loadPage(browser.openTab(`${shop}/`), provider);
    await signInEmbedded(page, provider);
    await page.client.signOut();
    assert.equal(page.tab.departures.length, 1);
    const { pathname, searchParams } = new URL(page.tab.departures[0]!);
    assert.match(pathname, /logout$/);
    assert.equal(searchParams.get('post_logout_redirect_uri'), `${shop}/`);
  });

  const lies: Record<string, Provider['lies']> = {
    'a signature that is another’s': { signature: 'c2ln' },
    'a token that needs no signature': { header: { alg: 'none' }, signature: '' },
    'no algorithm': { header: { alg: undefined } },
    'no nonce': { idToken: { nonce: undefined } },
    'no issuer': { idToken: { iss: undefined } },
    'no audience': { idToken: { aud: undefined } },
    'no subject': { idToken: { sub: undefined } },
    'no expiry': { idToken: { exp: undefined } },
    'no time of issue': { idToken: { iat: undefined } },
    'no lifetime': { token: { expires_in: undefined } },
    'no token type': { token: { token_type: undefined } },
    'no access token': { token: { access_token: undefined } },
    'no ID token': { token: { id_token: undefined } },
    'no token endpoint': { discovery: { token_endpoint: undefined } },
    'no keys': { discovery: { jwks_uri: undefined } },
    'no issuer of its own': { discovery: { issuer: undefined } },
  };
  for (const [what, lie] of Object.entries(lies)) {
    it(`an answer is refused as ever: ${what}`, async () => {
      const page = loadPage(browser.openTab(`${shop}/`), provider);
      provider.lies = lie;
      await assert.rejects(signInEmbedded(page, provider), ({ code }: OktaElementsError) =>
        /^(id_token_invalid|token_exchange_failed|discovery_failed|issuer_mismatch)$/.test(code),
      );
      assert.equal(page.client.state.status, 'signed-out');
      assert.equal(browser.localStorage!.length, 0);
    });
  }

  for (const claims of [{ sub: 'u2' }, { auth_time: 1_700_000_000 }, { nonce: 'another' }]) {
    it(`a renewal is refused as ever that answers for another sign-in: ${Object.keys(claims).join()}`, async () => {
      provider.user = { ...provider.user, auth_time: 1_799_999_000 };
      provider.lifetime = 20;
      const page = loadPage(browser.openTab(`${shop}/`), provider, undefined, {
        scopes: 'openid offline_access',
        renew: 'on-demand',
      });
      await signInEmbedded(page, provider);
      provider.lies = { idToken: claims };
      assert.equal(await page.client.getAccessToken(), undefined);
      assert.equal(page.client.state.status, 'signed-out');
    });
  }
});
