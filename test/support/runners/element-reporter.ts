import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { Reporter, TestSession, TestSuiteResult } from '@web/test-runner';
import { firstLine, type Counts, type Outcome } from './counts.js';

/** A reporter for Web Test Runner that writes an {@link Outcome} as JSON to a file when the run ends. */
export function outcomeReporter(file: string): Reporter {
  return {
    stop({ sessions }) {
      writeFileSync(file, JSON.stringify(summarise(sessions)));
    },
  };
}

function summarise(sessions: TestSession[]): Outcome {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  const problems: string[] = [];
  const failures: string[] = [];
  for (const { testFile, browser, testResults, errors, passed } of sessions) {
    const before = counts.passed + counts.failed + counts.skipped;
    const failedBefore = counts.failed;
    const where = `${browser.name}: ${relative('.', testFile)}`;
    if (testResults) count(testResults, counts, (failure) => failures.push(`${where}: ${failure}`));
    if (errors.length > 0) problems.push(`${where}: ${errors.map(({ message }) => message).join('; ')}`);
    else if (counts.passed + counts.failed + counts.skipped === before) problems.push(`${where} ran no test`);
    else if (!passed && counts.failed === failedBefore) problems.push(`${where} did not pass`);
  }
  return { counts, problems, failures };
}

function count(suite: TestSuiteResult, counts: Counts, onFailure: (failure: string) => void): void {
  for (const test of suite.tests) {
    counts[test.skipped ? 'skipped' : test.passed ? 'passed' : 'failed'] += 1;
    if (!test.skipped && !test.passed) onFailure(`${suite.name} ${test.name}: ${firstLine(test.error?.message)}`);
  }
  for (const inner of suite.suites) count(inner, counts, onFailure);
}
