import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { Session } from '../../src/session/session.js';
import { beginExchange, claimTurn, currentTurn, isSpent, newTurn, takeTurn } from '../../src/session/spent-tokens.js';
import { memoryDatabase } from '../support/session/memory-database.js';

let session: Session;
beforeEach(() => (session = withDatabase(memoryDatabase())));

function withDatabase(indexedDB: IDBFactory | undefined): Session {
  return { environment: { indexedDB }, store: { key: 'okta-elements:issuer:app' } } as Partial<Session> as Session;
}

/** A turn that a tab has taken under the lock. */
async function taken() {
  const turn = newTurn();
  await takeTurn(turn, session);
  return turn;
}

describe('a turn to renew', () => {
  it('lets its tab send a refresh token', async () => {
    assert.equal(await beginExchange('r1', await taken(), session), true);
    assert.equal(await isSpent('r1', session), false);
  });

  it('ends with the next one', async () => {
    const [first, second] = [await taken(), await taken()];
    assert.equal(await currentTurn(session), second.id);
    assert.equal(await beginExchange('r1', first, session), false);
    assert.equal(await beginExchange('r1', second, session), true);
  });

  it('that another tab claimed does not let its tab send a refresh token any more', async () => {
    const frozen = await taken();
    const claimed = newTurn();
    assert.equal(await claimTurn(claimed, frozen.id, session), true);
    assert.equal(await beginExchange('r1', frozen, session), false);
    assert.equal(await isSpent('r1', session), false, 'the frozen tab did not send it');
    assert.equal(await beginExchange('r1', claimed, session), true);
  });

  it('that another tab claimed leaves the refresh token spent that its tab sent', async () => {
    const frozen = await taken();
    await beginExchange('r1', frozen, session);
    assert.equal(await claimTurn(newTurn(), frozen.id, session), true);
    assert.equal(await isSpent('r1', session), true);
  });

  it('is claimed by one tab only, though many have waited for it', async () => {
    const frozen = await taken();
    const claims = [];
    for (const turn of [1, 2, 3].map(newTurn)) claims.push(await claimTurn(turn, frozen.id, session));
    assert.deepEqual(claims, [true, false, false]);
  });

  it('of a tab that was closed does not keep the next tab from sending the same refresh token', async () => {
    await beginExchange('r1', await taken(), session);
    const next = await taken();
    assert.equal(await isSpent('r1', session), false);
    assert.equal(await beginExchange('r1', next, session), true);
  });

  it('is not begun by a tab that lost the lock before', async () => {
    const frozen = newTurn();
    const other = await taken();
    frozen.isLost = true;
    await takeTurn(frozen, session);
    assert.equal(await currentTurn(session), other.id);
    assert.equal(await beginExchange('r1', frozen, session), false);
  });

  it('cannot be claimed without a database, and everything else goes on', async () => {
    session = withDatabase(undefined);
    assert.equal(await currentTurn(session), undefined);
    const turn = await taken();
    assert.equal(await claimTurn(newTurn(), undefined, session), false);
    assert.equal(await beginExchange('r1', turn, session), true);
  });
});
