import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseConfig } from '../../src/session/config.js';
import type { Environment } from '../../src/session/environment.js';
import { storeTokens } from '../../src/session/store-tokens.js';
import { decodeClaims, TokenStore, type TokenSet } from '../../src/session/token-store.js';
import { unsignedJwt } from '../support/session/jwt.js';
import { MemoryStorage } from '../support/session/memory-storage.js';

const user = { sub: 'u1', name: 'Zoë 🥨 Ünlü', groups: ['Members'] };
const tokens: TokenSet = {
  accessToken: 'a1',
  tokenType: 'Bearer',
  idToken: unsignedJwt(user),
  refreshToken: 'r1',
  scopes: ['openid'],
  expiresAt: 1_800_000_000,
};

interface Browser {
  local?: Storage;
  session?: Storage;
}

function open({ local, session }: Browser, settings: { storage?: string; clientId?: string } = {}): TokenStore {
  const input = { issuer: 'https://shop.okta.com', clientId: 'shop', ...settings };
  const environment = { localStorage: local, sessionStorage: session } as Partial<Environment> as Environment;
  return new TokenStore(parseConfig(input, 'https://shop.example/'), environment);
}

describe('tokens that were written', () => {
  for (const storage of ['local', 'session'] as const) {
    it(`are read by the next page, from storage="${storage}" and from nowhere else`, () => {
      const browser = { local: new MemoryStorage(), session: new MemoryStorage() };
      assert.deepEqual({ ...storeTokens(open(browser, { storage }), tokens) }, { ...tokens, user });
      assert.deepEqual({ ...open(browser, { storage }).read() }, { ...tokens, user });
      assert.equal(browser.local.length + browser.session.length, 1);
      assert.equal(browser[storage].length, 1);
    });
  }

  it('are in no storage with storage="memory", and gone with the page', () => {
    const browser = { local: new MemoryStorage(), session: new MemoryStorage() };
    const store = open(browser, { storage: 'memory' });
    storeTokens(store, tokens);
    assert.deepEqual({ ...store.read() }, { ...tokens, user });
    assert.equal(browser.local.length + browser.session.length, 0);
    assert.equal(open(browser, { storage: 'memory' }).read(), undefined);
  });

  it('last as long as the tab where the browser blocks localStorage alone', () => {
    const browser = { session: new MemoryStorage() };
    storeTokens(open(browser), tokens);
    assert.deepEqual({ ...open(browser).read() }, { ...tokens, user });
  });

  it('are in memory where the browser blocks storage', () => {
    const store = open({});
    storeTokens(store, tokens);
    assert.deepEqual({ ...store.read() }, { ...tokens, user });
    assert.equal(open({}).read(), undefined);
  });

  it('are one client’s own', () => {
    const browser = { local: new MemoryStorage() };
    storeTokens(open(browser), tokens);
    assert.equal(open(browser, { clientId: 'blog' }).read(), undefined);
  });

  it('are gone when they were cleared', () => {
    for (const storage of ['local', 'session', 'memory']) {
      const browser = { local: new MemoryStorage(), session: new MemoryStorage() };
      const store = open(browser, { storage });
      storeTokens(store, tokens);
      store.clear();
      assert.equal(store.read(), undefined);
      assert.equal(browser.local.length + browser.session.length, 0);
    }
  });

  it('are the last ones', () => {
    const browser = { local: new MemoryStorage() };
    const store = open(browser);
    storeTokens(store, tokens);
    storeTokens(store, { ...tokens, accessToken: 'a2', refreshToken: undefined });
    assert.equal(open(browser).read()?.accessToken, 'a2');
    assert.equal(open(browser).read()?.refreshToken, undefined);
  });
});

describe('a stored value that is not ours', () => {
  const stored = JSON.stringify(tokens);
  for (const [what, value] of [
    ['not JSON', 'garbage'],
    ['cut short', stored.slice(0, -5)],
    ['null', 'null'],
    ['a list', '[]'],
    ['a nested list', '[[[]]]'],
    ['a very deep list', '['.repeat(100_000)],
    ['of another library', JSON.stringify({ user: 'u1', token: 'x', isAuthenticated: true })],
    ['with tokens in its prototype', `{"__proto__":${stored}}`],
    ['with an ID token whose subject is a number', JSON.stringify({ ...tokens, idToken: unsignedJwt({ sub: 7 }) })],
    ['without an access token', JSON.stringify({ ...tokens, accessToken: undefined })],
    ['without scopes', JSON.stringify({ ...tokens, scopes: 'openid' })],
    ['without an expiry', JSON.stringify({ ...tokens, expiresAt: null })],
    ['with an expiry that is text', JSON.stringify({ ...tokens, expiresAt: '1800000000' })],
    ['without an ID token', JSON.stringify({ ...tokens, idToken: undefined })],
    ['with an ID token that is none', JSON.stringify({ ...tokens, idToken: 'a.b.c' })],
    ['with an ID token of nobody', JSON.stringify({ ...tokens, idToken: unsignedJwt({ name: 'Zoë' }) })],
    ['with an ID token of nothing', JSON.stringify({ ...tokens, idToken: unsignedJwt(null) })],
  ] as const) {
    it(`is nobody's session, and is removed: ${what}`, () => {
      const local = new MemoryStorage();
      storeTokens(open({ local }), tokens);
      const { key } = open({ local });
      assert.ok(open({ local }).read(), 'the same value unspoilt is a session');
      local.setItem(key, value);
      assert.equal(open({ local }).read(), undefined);
      assert.equal(local.length, 0);
    });
  }
});

describe('a storage that is full', () => {
  it('is an error that says what to do', () => {
    const store = open({ local: new MemoryStorage({ quota: 50 }) });
    assert.throws(() => storeTokens(store, tokens), { code: 'storage_unavailable', message: /storage="memory"/ });
    assert.equal(store.read(), undefined);
  });
});

describe('decodeClaims', () => {
  it('reads every character, with any padding', () => {
    for (const name of ['a', 'ab', 'abc', 'Zoë 🥨', '\u0000<script>', '>>>???~~~']) {
      assert.deepEqual(decodeClaims(unsignedJwt({ sub: 'u1', name })), { sub: 'u1', name });
    }
  });

  it('makes nobody of a payload that is no object', () => {
    for (const payload of [null, 7, true]) assert.deepEqual(decodeClaims(unsignedJwt(payload)), {});
  });

  it('throws on what is no JWT', () => {
    for (const text of ['', 'a', 'a.%%%.c', `a.${Buffer.from('{').toString('base64url')}.c`]) {
      assert.throws(() => decodeClaims(text));
    }
  });
});
