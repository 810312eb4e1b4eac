import assert from 'node:assert/strict';
import { beforeEach, describe, it, mock } from 'node:test';
import { parseConfig } from '../../src/session/config.js';
import type { Environment } from '../../src/session/environment.js';
import { LiveSession } from '../../src/session/live-session.js';
import { decodeClaims, seal, unseal } from '../../src/session/sealing.js';
import { storeTokens } from '../../src/session/store-tokens.js';
import type { StoredSession, TokenSet } from '../../src/session/token-store.js';
import { unsignedJwt } from '../support/session/jwt.js';
import { memoryDatabase } from '../support/session/memory-database.js';
import { MemoryStorage } from '../support/session/memory-storage.js';
import { idle, until } from '../support/session/page.js';

const user = { sub: 'u1', name: 'Zoë 🥨 Ünlü', groups: ['Members'] };
const tokens: TokenSet = {
  accessToken: 'an-access-token',
  tokenType: 'Bearer',
  idToken: unsignedJwt(user),
  refreshToken: 'a-refresh-token',
  scopes: ['openid'],
  expiresAt: 1_800_000_000,
};
const { accessToken, idToken, refreshToken, ...readable } = tokens;

interface Browser {
  local?: Storage;
  session?: Storage;
  database?: IDBFactory | null;
}

/** The database of a test, where a browser says nothing else. */
let indexedDB: IDBFactory;
beforeEach(() => (indexedDB = memoryDatabase()));

/** The session of a page that has just been loaded. */
function open(
  { local, session, database = indexedDB }: Browser,
  settings: { storage?: string; clientId?: string } = {},
): LiveSession {
  const input = { issuer: 'https://shop.okta.com', clientId: 'shop', ...settings };
  const environment: Partial<Environment> = {
    localStorage: local,
    sessionStorage: session,
    indexedDB: database ?? undefined,
    location: { origin: 'https://shop.example' } as Location,
  };
  return new LiveSession(parseConfig(input, 'https://shop.example/'), environment as Environment, new EventTarget());
}

async function store(session: LiveSession, set = tokens): Promise<StoredSession> {
  return storeTokens(session, await seal(session, set));
}

/** What a page reads at once. */
function read(session: LiveSession): Partial<StoredSession> | undefined {
  const { item: _item, id: _id, ...rest } = { ...session.store.read()! };
  return session.store.read() && plain(rest);
}

/** What a page reads with the key. */
async function decrypt(session: LiveSession): Promise<TokenSet | undefined> {
  const opened = await unseal(session, session.store.read()!);
  if (!opened) return undefined;
  const { item: _item, id: _id, user: _user, ...rest } = opened;
  return plain(rest);
}

/** Without what is undefined, which is not stored. */
function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

describe('tokens that were stored', () => {
  for (const storage of ['local', 'session'] as const) {
    it(`are read by the next page, from storage="${storage}" and from nowhere else`, async () => {
      const browser = { local: new MemoryStorage(), session: new MemoryStorage() };
      const { id } = await store(open(browser, { storage }));
      const page = open(browser, { storage });
      assert.deepEqual(read(page), { ...readable, user });
      assert.equal(page.store.read()?.id, id);
      assert.deepEqual(await decrypt(page), tokens);
      assert.equal(browser.local.length + browser.session.length, 1);
      assert.equal(browser[storage].length, 1);
    });

    it(`are not in clear in storage="${storage}"`, async () => {
      const browser = { local: new MemoryStorage(), session: new MemoryStorage() };
      await store(open(browser, { storage }));
      const item = String(Object.values(browser[storage])[0]);
      assert.match(item, /"sub":"u1"/);
      for (const secret of [accessToken, refreshToken!, ...idToken.split('.').filter(Boolean)]) {
        assert.equal(item.includes(secret), false);
        assert.equal(item.includes(btoa(secret).replaceAll('=', '').slice(2, -2)), false);
      }
    });
  }

  it('are encrypted differently each time', async () => {
    const browser = { local: new MemoryStorage() };
    const sealed = async () => {
      await store(open(browser));
      return String(Object.values(browser.local)[0]).split('\n')[1]!;
    };
    const [first, second] = [await sealed(), await sealed()];
    assert.notEqual(first.slice(0, 16), second.slice(0, 16), 'the initialization vector');
    assert.notEqual(first.slice(16), second.slice(16));
  });

  it('are encrypted with one key, though two tabs store their first ones at once', async () => {
    const tabs = [1, 2].map(() => ({ local: new MemoryStorage() }));
    await Promise.all(tabs.map((tab) => store(open(tab))));
    for (const tab of tabs) assert.deepEqual(await decrypt(open(tab)), tokens);
  });

  it('are encrypted with a key that cannot be exported', async () => {
    const keys: CryptoKey[] = [];
    const generate = mock.method(crypto.subtle, 'generateKey');
    await store(open({ local: new MemoryStorage() }));
    for (const { result } of generate.mock.calls) keys.push((await result) as unknown as CryptoKey);
    generate.mock.restore();
    assert.equal(keys.length, 1);
    await assert.rejects(crypto.subtle.exportKey('raw', keys[0]!));
  });

  it('are decrypted once per page', async () => {
    const browser = { local: new MemoryStorage() };
    await store(open(browser));
    const page = open(browser);
    const decryptions = mock.method(crypto.subtle, 'decrypt');
    await decrypt(page);
    await decrypt(page);
    assert.equal(decryptions.mock.callCount(), 1);
    decryptions.mock.restore();
  });

  it('are not decrypted by the page that stored them', async () => {
    const page = open({ local: new MemoryStorage() });
    await store(page);
    const decryptions = mock.method(crypto.subtle, 'decrypt');
    assert.deepEqual(await decrypt(page), tokens);
    assert.equal(decryptions.mock.callCount(), 0);
    decryptions.mock.restore();
  });

  it('are in no storage with storage="memory", and gone with the page', async () => {
    const browser = { local: new MemoryStorage(), session: new MemoryStorage() };
    const page = open(browser, { storage: 'memory' });
    await store(page);
    assert.deepEqual(read(page), { ...readable, user });
    assert.deepEqual(await decrypt(page), tokens);
    assert.deepEqual(Object.entries({ ...browser.local, ...browser.session }), [[page.others.memo, '1']]);
    assert.equal(open(browser, { storage: 'memory' }).store.read(), undefined);
  });

  it('last as long as the tab where the browser blocks localStorage only', async () => {
    const browser = { session: new MemoryStorage() };
    await store(open(browser));
    assert.deepEqual(await decrypt(open(browser)), tokens);
  });

  it('are in memory where the browser blocks storage', async () => {
    const page = open({});
    await store(page);
    assert.deepEqual(await decrypt(page), tokens);
    assert.equal(open({}).store.read(), undefined);
  });

  it('belong to one client', async () => {
    const browser = { local: new MemoryStorage() };
    await store(open(browser));
    assert.equal(open(browser, { clientId: 'blog' }).store.read(), undefined);
  });

  it('cannot be decrypted as the tokens of another client', async () => {
    const browser = { local: new MemoryStorage() };
    await store(open(browser));
    const blog = open(browser, { clientId: 'blog' });
    browser.local.setItem(blog.store.key, browser.local.getItem(open(browser).store.key)!);
    await store(open({ local: new MemoryStorage() }, { clientId: 'blog' }));
    assert.equal(await decrypt(blog), undefined);
  });

  it('are gone when they were cleared', async () => {
    for (const storage of ['local', 'session', 'memory']) {
      const browser = { local: new MemoryStorage(), session: new MemoryStorage() };
      const page = open(browser, { storage });
      await store(page);
      page.others.forget();
      page.store.clear();
      assert.equal(page.store.read(), undefined);
      assert.equal(browser.local.length + browser.session.length, 0);
    }
  });

  it('are the last ones', async () => {
    const browser = { local: new MemoryStorage() };
    const page = open(browser);
    const first = await store(page);
    const second = await store(page, { ...tokens, accessToken: 'a2', refreshToken: undefined });
    assert.notEqual(first.id, second.id);
    const opened = await decrypt(open(browser));
    assert.deepEqual([opened?.accessToken, opened?.refreshToken], ['a2', undefined]);
  });
});

describe('the name of a stored item', () => {
  const keyOf = (issuer: string, clientId: string) =>
    new LiveSession(parseConfig({ issuer, clientId }, 'https://shop.example/'), {} as Environment, new EventTarget())
      .store.key;

  it('is of one issuer and client id only, with any characters', () => {
    const pairs = [
      ['https://shop.okta.com', 'a:b'],
      ['https://shop.okta.com/:a', 'b'],
      ['https://shop.okta.com/%3Aa', 'b'],
      ['https://shop.okta.com', 'a'],
      ['https://shop.okta.com/:a', 'renewal'],
      ['https://shop.okta.com', 'a:renewal'],
    ] as const;
    const keys = pairs.map(([issuer, clientId]) => keyOf(issuer, clientId));
    assert.equal(new Set(keys).size, pairs.length);
    // Items of the package that go with a session have its name and a suffix.
    for (const key of keys)
      assert.ok(
        keys.every((other) => other === key || !other.startsWith(`${key}:`)),
        key,
      );
  });
});

describe('a stored item that was altered', () => {
  const changes: Record<string, (item: string) => string> = {
    'a claim': (item) => item.replace('"u1"', '"u2"'),
    'a claim that was added': (item) => item.replace('"sub"', '"admin":true,"sub"'),
    'a scope': (item) => item.replace('["openid"]', '["openid","admin"]'),
    'the expiry': (item) => item.replace('1800000000', '1900000000'),
    'the id': (item) => item.replace(/"id":"./, '"id":"x'),
    'the encrypted part': (item) => item.replace(/.{8}$/, 'AAAAAAAA'),
    'an encrypted part that is cut short': (item) => item.slice(0, -20),
    'an encrypted part that is no base64': (item) => `${item}%`,
  };
  for (const [what, change] of Object.entries(changes)) {
    it(`has no tokens, and is removed without a way back: ${what}`, async () => {
      const browser = { local: new MemoryStorage(), session: new MemoryStorage() };
      const { key } = open(browser).store;
      await store(open(browser));
      const item = browser.local.getItem(key)!;
      assert.notEqual(change(item), item);
      browser.local.setItem(key, change(item));
      const page = open(browser);
      assert.equal(await decrypt(page), undefined);
      assert.equal(browser.local.length, 0);
      assert.equal(page.isRemembered, false);
    });
  }
});

describe('a stored item whose key is gone', () => {
  it('has no tokens, and is removed; the next tokens may come from the session at Okta', async () => {
    const browser = { local: new MemoryStorage(), session: new MemoryStorage() };
    await store(open(browser));
    const page = open({ ...browser, database: memoryDatabase() });
    assert.deepEqual(read(page), { ...readable, user });
    assert.equal(await decrypt(page), undefined);
    assert.equal(browser.local.length, 0);
    assert.equal(page.isRemembered, true);
  });

  it('is still decrypted by a page that knows the key, and stored again with it', async () => {
    const browser = { local: new MemoryStorage(), session: new MemoryStorage() };
    await store(open(browser));
    const page = open(browser);
    await decrypt(page);
    indexedDB.deleteDatabase('okta-elements:keys');
    await store(page, { ...tokens, accessToken: 'a2' });
    assert.equal((await decrypt(open(browser)))?.accessToken, 'a2');
  });
});

describe('where the browser keeps no key', () => {
  for (const storage of ['local', 'session'] as const) {
    it(`tokens stay in memory, the console says why, and nothing is in clear in storage="${storage}"`, async () => {
      const browser = { local: new MemoryStorage(), session: new MemoryStorage(), database: null };
      const written = mock.method(console, 'error', () => {});
      const page = open(browser, { storage });
      await store(page);
      assert.deepEqual(await decrypt(page), tokens);
      assert.deepEqual(Object.entries({ ...browser.local, ...browser.session }), [[page.others.memo, '1']]);
      assert.equal(open(browser, { storage }).store.read(), undefined);
      assert.equal(open(browser, { storage }).isRemembered, true);
      await store(page);
      await until(() => written.mock.callCount() > 0);
      await idle();
      assert.equal(written.mock.callCount(), 1);
      const [message] = written.mock.calls[0]!.arguments as unknown[];
      assert.match(String(message), new RegExp(`storage="${storage}".*IndexedDB.*Allow storage`));
      written.mock.restore();
    });
  }
});

describe('a stored value that is not ours', () => {
  const session = JSON.stringify({ ...readable, id: 's1', user });
  const altered = (change: object) => `${JSON.stringify({ ...readable, id: 's1', user, ...change })}\nAAAA`;
  for (const [what, value] of [
    ['not JSON', 'garbage'],
    ['cut short', `${session.slice(0, -5)}\nAAAA`],
    ['null', 'null\nAAAA'],
    ['a list', '[]\nAAAA'],
    ['a nested list', '[[[]]]\nAAAA'],
    ['a very deep list', '['.repeat(100_000)],
    ['of another library', JSON.stringify({ user: 'u1', token: 'x', isAuthenticated: true })],
    ['in clear, as earlier versions stored it', JSON.stringify(tokens)],
    ['without encrypted tokens', session],
    ['with empty encrypted tokens', `${session}\n`],
    ['with a session in its prototype', `{"__proto__":${session}}\nAAAA`],
    ['without an id', altered({ id: undefined })],
    ['with a subject that is a number', altered({ user: { sub: 7 } })],
    ['without scopes', altered({ scopes: 'openid' })],
    ['without an expiry', altered({ expiresAt: null })],
    ['with an expiry that is text', altered({ expiresAt: '1800000000' })],
    ['without a user', altered({ user: undefined })],
    ['of nobody', altered({ user: { name: 'Zoë' } })],
    ['of nothing', altered({ user: null })],
    ['of another token type', altered({ tokenType: 'DPoP' })],
  ] as const) {
    it(`is nobody's session, and is removed: ${what}`, () => {
      const local = new MemoryStorage();
      const { key } = open({ local }).store;
      local.setItem(key, altered({}));
      assert.ok(open({ local }).store.read(), 'the same value unspoilt is a session');
      local.setItem(key, value);
      assert.equal(open({ local }).store.read(), undefined);
      assert.equal(local.length, 0);
    });
  }
});

describe('a storage that is full', () => {
  it('is an error that says what to do', async () => {
    const page = open({ local: new MemoryStorage({ quota: 50 }) });
    await assert.rejects(store(page), { code: 'storage_unavailable', message: /storage="memory"/ });
    assert.equal(page.store.read(), undefined);
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
