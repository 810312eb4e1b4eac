import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { Outcome } from './counts.js';
import { runNodeTests } from './node-tests.js';
import { resetSecondTries } from './second-tries.js';

const folder = mkdtempSync(join(tmpdir(), 'node-tests-'));
after(() => rmSync(folder, { recursive: true }));

const usual = { name: 'node', workers: 1, fileLimitMs: 60_000 };

/** Writes a test file that can import `it` and ask whether this is its first run. */
function testFile(name: string, body: string): string {
  const file = join(folder, `${name}.test.mjs`);
  writeFileSync(
    file,
    `import { existsSync, writeFileSync } from 'node:fs';
     import { before, describe, it } from 'node:test';
     const marker = ${JSON.stringify(join(folder, name))};
     const isFirstRun = !existsSync(marker);
     writeFileSync(marker, '');
     ${body}`,
  );
  return relative('.', file);
}

const fails = (name: string, when = 'true') =>
  testFile(name, `it('holds', () => {}); it('breaks', () => { if (${when}) throw new Error('too slow\\nby far'); });`);

describe('runNodeTests with files that share a process', () => {
  const pid = `it(String(process.pid), () => {});`;
  const nested = testFile('nested', `describe('a', () => describe('b', () => it('c', () => {})));`);
  const files = [
    nested,
    fails('fails'),
    testFile('skips', `it('holds', () => {}); it('waits', { skip: 'Install it.' }, () => {});`),
    testFile('hook', `describe('a', () => { before(() => { throw new Error('no'); }); it('b', () => {}); });`),
    testFile('empty', ''),
    testFile('unloadable', `throw new Error('no');`),
    testFile('crash', `it('ends the process', () => process.exit(7));`),
    testFile('after-1', pid),
    testFile('after-2', pid),
  ];
  let outcome: Outcome;
  before(async () => {
    outcome = await runNodeTests(files, { ...usual, shared: true });
  });

  it('counts the tests of all files, also of those after a process that ended', () => {
    assert.equal(outcome.counts.passed, 5, 'nested, fails, skips, after-1, after-2');
    assert.equal(outcome.counts.skipped, 1);
  });

  it('names each failure with its file, and nothing that passed', () => {
    for (const line of [
      /fails\.test\.mjs: breaks: Error: too slow$/m,
      /hook\.test\.mjs: a/,
      /unloadable\.test\.mjs: the file loads: Error: no/,
      /crash\.test\.mjs: the whole file: its process ended with code 7/,
    ]) {
      assert.match(outcome.failures!.join('\n'), line);
    }
    assert.doesNotMatch(outcome.failures!.join('\n'), /nested|skips|after/);
    assert.deepEqual(outcome.unsteady, []);
  });

  it('names the suites around a test, and how long it took', () => {
    const { tests } = outcome.times!.find(({ file }) => file === nested)!;
    assert.deepEqual(
      tests.map(({ title }) => title),
      ['a > b > c'],
    );
    assert.ok(tests[0]!.durationMs >= 0);
  });

  it('gives the reason for which a test was skipped', () => {
    assert.deepEqual(outcome.reasons, ['Install it.']);
  });

  it('reports a file without tests', () => {
    assert.match(outcome.problems.join(), /empty\.test\.mjs ran no test/);
  });

  it('gives each file a process of its own by default', async () => {
    const own = await runNodeTests([testFile('own-1', pid), testFile('own-2', pid)], usual);
    assert.equal(processes(own, 'own').size, 2);
    assert.equal(processes(outcome, 'after').size, 1);
  });

  /** The processes that ran the files of a name. */
  function processes({ times = [] }: Outcome, name: string): Set<string> {
    return new Set(
      times.filter(({ file }) => file.includes(name)).flatMap(({ tests }) => tests.map((each) => each.title)),
    );
  }
});

describe('runNodeTests with a second try', () => {
  const again = { ...usual, again: true };
  beforeEach(resetSecondTries);

  it('counts the second run of a file, and names what failed in the first', async () => {
    const { counts, failures, unsteady } = await runNodeTests([fails('twice', 'isFirstRun')], again);
    assert.deepEqual(counts, { passed: 2, failed: 0, skipped: 0 });
    assert.deepEqual(failures, []);
    assert.match(unsteady!.join(), /twice\.test\.mjs: breaks: Error: too slow$/);
  });

  it('counts a failure that stays', async () => {
    const { counts, failures, unsteady } = await runNodeTests([fails('always')], again);
    assert.deepEqual(counts, { passed: 1, failed: 1, skipped: 0 });
    assert.equal(failures!.length, 1);
    assert.deepEqual(unsteady, []);
  });

  it('does not run a file again that hung', async () => {
    const hangs = testFile('hangs', `it('waits', () => new Promise(() => setInterval(() => {}, 1000)));`);
    const { failures, unsteady } = await runNodeTests([hangs], { ...again, fileLimitMs: 3000 });
    assert.match(failures!.join(), /hangs\.test\.mjs: the whole file: did not end within 3 s/);
    assert.deepEqual(unsteady, []);
  });

  it('runs no file again when more than three are broken', async () => {
    const broken = ['m', 'n', 'o', 'p'].map((name) => fails(name, 'isFirstRun'));
    const { counts, unsteady } = await runNodeTests(broken, again);
    assert.equal(counts.failed, 4);
    assert.deepEqual(unsteady, []);
  });
});
