import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Environment } from '../../src/session/environment.js';
import { dropTransaction, findTransaction, saveTransaction, type Transaction } from '../../src/session/transaction.js';
import { stateKind } from '../../src/session/state-kind.js';
import { MemoryStorage } from '../support/session/memory-storage.js';

const start = 1_800_000_000_000;
const hour = 60 * 60 * 1000;
const KEY = 'okta-elements:transaction:';

function transaction(state: string, createdAt = start): Transaction {
  return {
    state,
    nonce: `${state}-nonce`,
    codeVerifier: `${state}-verifier`,
    issuer: 'https://shop.okta.com',
    clientId: 'shop',
    redirectUri: 'https://shop.example/',
    scopes: ['openid'],
    returnTo: '/members?a=1#b',
    createdAt,
  };
}

function at(now: number, sessionStorage: Storage | undefined): Environment {
  return { sessionStorage, now: () => now } as Partial<Environment> as Environment;
}

describe('a state', () => {
  const random = '0123456789abcdef'.repeat(4);

  for (const kind of ['redirect', 'popup', 'silent', 'embedded'] as const) {
    it(`says that it is of a sign-in by ${kind}`, () => {
      assert.equal(stateKind(`okta-elements.${kind}.${random}`), kind);
    });
  }

  for (const foreign of [
    null,
    '',
    random,
    `okta-elements.frame.${random}`,
    `okta-elements.constructor.${random}`,
    `okta-elements.popup.${random}0`,
    `okta-elements.popup.${random.slice(1)}`,
    `okta-elements.popup.${random.toUpperCase()}`,
    `okta-elements.popup.${random}\n`,
    ` okta-elements.popup.${random}`,
    `okta-elementsXpopup.${random}`,
  ]) {
    it(`is not ours when it is ${JSON.stringify(foreign)}`, () => {
      assert.equal(stateKind(foreign), undefined);
    });
  }
});

describe('a transaction', () => {
  it('is found by its state, on the next page too, and by no other', () => {
    const storage = new MemoryStorage();
    assert.equal(saveTransaction(transaction('s1'), at(start, storage)), true);
    assert.deepEqual(findTransaction('s1', at(start + 1, storage)), transaction('s1'));
    for (const other of ['s2', '', 'S1', '__proto__', 'constructor']) {
      assert.equal(findTransaction(other, at(start + 1, storage)), undefined);
    }
  });

  it('leaves others alone when it is dropped', () => {
    const storage = new MemoryStorage();
    const environment = at(start, storage);
    for (const state of ['s1', 's2']) saveTransaction(transaction(state), environment);
    dropTransaction('s1', environment);
    assert.equal(findTransaction('s1', environment), undefined);
    assert.equal(findTransaction('s2', environment)?.nonce, 's2-nonce');
    dropTransaction('s2', environment);
    assert.equal(storage.length, 0);
  });

  it('is good for an hour', () => {
    const storage = new MemoryStorage();
    saveTransaction(transaction('s1'), at(start, storage));
    assert.equal(findTransaction('s1', at(start + hour - 1, storage))?.state, 's1');
    assert.equal(findTransaction('s1', at(start + hour, storage)), undefined);
  });

  it('survives a clock that was set back an hour, as in autumn, and not one that was set back a day', () => {
    const storage = new MemoryStorage();
    saveTransaction(transaction('s1'), at(start, storage));
    assert.equal(findTransaction('s1', at(start - hour, storage))?.state, 's1');
    assert.equal(findTransaction('s1', at(start - 24 * hour, storage)), undefined);
  });
});

describe('transactions that were never answered', () => {
  it('are swept out by the next one, and nothing else is', () => {
    const storage = new MemoryStorage();
    saveTransaction(transaction('old', start - hour), at(start - hour, storage));
    saveTransaction(transaction('young', start - hour + 1), at(start - hour + 1, storage));
    storage.setItem(`${KEY}spoilt`, '{"codeVerifier":');
    storage.setItem('basket', 'spoilt, too');
    saveTransaction(transaction('new'), at(start, storage));
    assert.deepEqual(Object.keys(storage).sort(), ['basket', `${KEY}new`, `${KEY}young`]);
  });
});

describe('what is stored', () => {
  for (const value of [
    '',
    'null',
    '7',
    '[]',
    '{"state":"s1"}',
    JSON.stringify({ ...transaction('s1'), codeVerifier: 7 }),
    JSON.stringify({ ...transaction('s1'), createdAt: undefined }),
    JSON.stringify({ ...transaction('s1'), createdAt: 'today' }),
    JSON.stringify(transaction('s2')),
    JSON.stringify(transaction('s1')).slice(0, -9),
  ]) {
    it(`is not taken for a transaction when it is ${value || 'empty'}`, () => {
      const storage = new MemoryStorage();
      storage.setItem(`${KEY}s1`, value);
      assert.equal(findTransaction('s1', at(start, storage)), undefined);
    });
  }
});

for (const [what, storage] of [
  ['blocked', undefined],
  ['full', new MemoryStorage({ quota: 100 })],
] as const) {
  describe(`where storage is ${what}`, () => {
    it('a transaction lasts as long as the page, and says so', () => {
      const environment = at(start, storage);
      assert.equal(saveTransaction(transaction('s1'), environment), false);
      assert.equal(findTransaction('s1', environment)?.codeVerifier, 's1-verifier');
      dropTransaction('s1', environment);
      assert.equal(findTransaction('s1', environment), undefined);
    });
  });
}
