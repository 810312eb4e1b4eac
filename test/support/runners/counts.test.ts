import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { add, closingLine, conclude, judge, none, type Outcome } from './counts.js';

const ended: { code: number | null; timedOut: boolean } = { code: 0, timedOut: false };
const some = { passed: 3, failed: 0, skipped: 0 };

describe('closingLine', () => {
  it('names what was skipped only when something was', () => {
    assert.equal(closingLine(some), '3 passed, 0 failed');
    assert.equal(closingLine({ passed: 1, failed: 2, skipped: 3 }), '1 passed, 2 failed, 3 skipped');
  });
});

describe('add', () => {
  it('adds each number', () => {
    assert.deepEqual(add({ passed: 1, failed: 2, skipped: 3 }, { passed: 10, failed: 20, skipped: 30 }), {
      passed: 11,
      failed: 22,
      skipped: 33,
    });
  });
});

describe('conclude', () => {
  function printed(outcomes: Outcome[]): { lines: string[]; code: number } {
    const lines: string[] = [];
    const { log } = console;
    console.log = (text: string) => lines.push(...text.split('\n'));
    try {
      return { lines, code: conclude(outcomes) };
    } finally {
      console.log = log;
    }
  }

  it('says which tests failed, and which passed only when run again, before the counts', () => {
    const counts = { passed: 3, failed: 1, skipped: 0 };
    const { lines, code } = printed([
      { counts, problems: [], failures: ['a.test.ts: adds: 1 is not 2'], unsteady: ['b.e2e.ts: waits: too long'] },
    ]);
    assert.deepEqual(lines, [
      '',
      'passed when run again: b.e2e.ts: waits: too long',
      'failed: a.test.ts: adds: 1 is not 2',
      '3 passed, 1 failed',
    ]);
    assert.equal(code, 1);
  });

  it('says each reason for skipping once, whoever had it, and ends with the counts', () => {
    const counts = { passed: 3, failed: 0, skipped: 1 };
    const reasons = ['There is no provider here. Install one.'];
    assert.deepEqual(
      printed([
        { counts, problems: [], reasons },
        { counts, problems: [], reasons },
      ]),
      {
        lines: ['', 'skipped: There is no provider here. Install one.', '6 passed, 0 failed, 2 skipped'],
        code: 0,
      },
    );
  });

  it('names the slowest files, each with its slowest test', () => {
    const tests = [
      { title: 'waits', durationMs: 2000 },
      { title: 'adds', durationMs: 500 },
    ];
    const { lines } = printed([{ counts: some, problems: [], times: [{ file: 'a.test.ts', tests }] }]);
    assert.deepEqual(lines, ['', 'slow: 2.5 s a.test.ts; its slowest test, 2.0 s: waits', '3 passed, 0 failed']);
  });

  it('takes a problem of a runner for a failure', () => {
    assert.deepEqual(printed([{ counts: some, problems: ['runner: ran no test'] }]), {
      lines: ['', 'runner: ran no test', '3 passed, 1 failed'],
      code: 1,
    });
  });
});

describe('judge', () => {
  it('has nothing against a runner that counted and ended well', () => {
    assert.deepEqual(judge('runner', some, ended), { counts: some, problems: [] });
  });

  it('leaves failed tests to the counts', () => {
    const counts = { passed: 3, failed: 1, skipped: 0 };
    assert.deepEqual(judge('runner', counts, { code: 1, timedOut: false }), { counts, problems: [] });
  });

  const problems = (counts: typeof some | undefined, how = ended) => judge('runner', counts, how).problems.join();

  it('reports a runner that left no report', () => {
    assert.match(problems(undefined, { code: 139, timedOut: false }), /code 139 and left no report/);
    assert.match(problems(undefined), /left no report/);
  });

  it('reports a runner that ran no test, or only skipped some', () => {
    assert.match(problems({ ...none }), /ran no test/);
    assert.match(problems({ ...none, skipped: 4 }), /ran no test/);
  });

  it('reports a runner that failed although its tests passed', () => {
    assert.match(problems(some, { code: 1, timedOut: false }), /ended with code 1/);
  });

  it('reports a runner that was stopped, whatever it had counted', () => {
    assert.match(problems(some, { code: null, timedOut: true }), /did not end in time/);
  });
});
