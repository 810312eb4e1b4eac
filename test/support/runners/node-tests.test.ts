import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { Outcome } from './counts.js';

const tsx = import.meta.resolve('tsx');
const folder = mkdtempSync(join(tmpdir(), 'node-tests-'));
after(() => rmSync(folder, { recursive: true }));

/** What becomes of one file that fails in its first run, and in its second when told to. */
function outcome(name: string, options: { again: boolean; failsAgain?: boolean; hangs?: boolean }): Outcome {
  const file = join(folder, `${name}.test.mjs`);
  const marker = join(folder, `${name}.ran`);
  writeFileSync(
    file,
    `import { existsSync, writeFileSync } from 'node:fs';
     import { it } from 'node:test';
     const first = !existsSync(${JSON.stringify(marker)});
     writeFileSync(${JSON.stringify(marker)}, '');
     if (${Boolean(options.hangs)} && first) setInterval(() => {}, 1000);
     it('holds', () => {});
     it('wavers', () => { if (first || ${Boolean(options.failsAgain)}) throw new Error('too slow\\nby far'); });`,
  );
  const script = `
    import { runNodeTests } from ${JSON.stringify(new URL('node-tests.ts', import.meta.url).href)};
    const options = { name: 'node', concurrency: 1, fileLimit: ${options.hangs ? 3000 : 60_000}, again: ${options.again} };
    console.log('\\n' + JSON.stringify(await runNodeTests([${JSON.stringify(file)}], options)));`;
  // Node's runner does nothing in a process that it knows for a test itself.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const runner = join(folder, 'run.mjs');
  writeFileSync(runner, script);
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', tsx, runner], { env, encoding: 'utf8' });
  assert.equal(stderr, '');
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Outcome;
}

describe('runNodeTests', () => {
  it('counts a failure, and names it', () => {
    const { counts, failures, unsteady } = outcome('once', { again: false });
    assert.deepEqual(counts, { passed: 1, failed: 1, skipped: 0 });
    assert.equal(failures?.length, 1);
    assert.match(failures[0] ?? '', /once\.test\.mjs: wavers: too slow$/);
    assert.deepEqual(unsteady, []);
  });

  it('counts a file run again as it went then, and names what had failed', () => {
    const { counts, failures, unsteady } = outcome('twice', { again: true });
    assert.deepEqual(counts, { passed: 2, failed: 0, skipped: 0 });
    assert.deepEqual(failures, []);
    assert.match(unsteady?.[0] ?? '', /twice\.test\.mjs: wavers: too slow$/);
  });

  it('does not run again what hung', () => {
    const { failures, unsteady } = outcome('hangs', { again: true, hangs: true });
    assert.match(failures?.at(-1) ?? '', /hangs\.test\.mjs: .*timed out after 3000ms$/);
    assert.deepEqual(unsteady, []);
  });

  it('counts a failure that stays', () => {
    const { counts, failures, unsteady } = outcome('always', { again: true, failsAgain: true });
    assert.deepEqual(counts, { passed: 1, failed: 1, skipped: 0 });
    assert.equal(failures?.length, 1);
    assert.deepEqual(unsteady, []);
  });
});
