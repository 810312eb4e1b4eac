import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { Retries, runRows } from './rows.js';

const { log, error } = console;
const { CI } = process.env;
beforeEach(() => {
  console.log = console.error = () => {};
});
afterEach(() => {
  Object.assign(console, { log, error });
  if (CI === undefined) delete process.env.CI;
  else process.env.CI = CI;
});

function retries(count: number): Retries {
  return Object.assign(new Retries(), { left: count });
}

/** Rows that fail as often as their number says. */
function run(rows: readonly number[], left: number) {
  const failures = new Map(rows.map((row) => [row, row]));
  return runRows(rows, {
    table: 'numbers',
    nameOf: (row) => `row ${row}`,
    workers: 2,
    retries: retries(left),
    async run(row) {
      const remaining = failures.get(row)!;
      failures.set(row, remaining - 1);
      if (remaining > 0) throw new Error('too slow\nby far');
      return `passed ${row}`;
    },
  });
}

describe('runRows', () => {
  it('counts and names the rows that failed', async () => {
    const { results, outcome } = await run([0, 1], 0);
    assert.deepEqual([...results], [[0, 'passed 0']]);
    assert.deepEqual(outcome.counts, { passed: 1, failed: 1, skipped: 0 });
    assert.deepEqual(outcome.failures, ['numbers: row 1: too slow']);
    assert.deepEqual(outcome.unsteady, []);
  });

  it('tries a row once more while retries are left, and names it', async () => {
    const { outcome } = await run([1, 2], 2);
    assert.deepEqual(outcome.counts, { passed: 1, failed: 1, skipped: 0 });
    assert.deepEqual(outcome.unsteady, ['numbers: row 1: too slow']);
    assert.deepEqual(outcome.failures, ['numbers: row 2: too slow']);
  });

  it('tries no more rows than it may', async () => {
    const { outcome } = await run([1, 0.5], 1);
    assert.equal(outcome.counts.passed, 1);
  });

  it('fails when there is no row', async () => {
    assert.equal((await run([], 0)).outcome.problems.length, 1);
  });

  it('never runs two rows with the same worker at once', async () => {
    const busy = new Set<number>();
    await runRows([1, 2, 3, 4, 5], {
      table: 'workers',
      nameOf: String,
      workers: 2,
      async run(_row, worker) {
        assert.ok(!busy.has(worker));
        busy.add(worker);
        await new Promise((resolve) => setImmediate(resolve));
        busy.delete(worker);
      },
    }).then(({ outcome }) => assert.deepEqual(outcome.failures, []));
  });
});

describe('Retries', () => {
  it('are for CI only', () => {
    process.env.CI = 'true';
    assert.equal(new Retries().left, 3);
    delete process.env.CI;
    assert.equal(new Retries().left, 0);
  });
});
