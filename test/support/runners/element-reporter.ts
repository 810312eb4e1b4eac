import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { Reporter, TestSession, TestSuiteResult } from '@web/test-runner';
import { firstLine, type Counts, type FileOutcome } from './counts.js';

/** What the reporter writes: the outcome of each file, by its path from here. */
export type ElementReport = Record<string, FileOutcome>;

/** A reporter for Web Test Runner that writes an {@link ElementReport} as JSON to a file when the run ends. */
export function outcomeReporter(file: string): Reporter {
  return {
    stop({ sessions }) {
      const report: ElementReport = Object.fromEntries(
        sessions.map((session) => [relative('.', session.testFile), summarise(session)]),
      );
      writeFileSync(file, JSON.stringify(report));
    },
  };
}

function summarise({ testFile, browser, testResults, errors, passed }: TestSession): FileOutcome {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  const problems: string[] = [];
  const failures: string[] = [];
  const where = `${browser.name}: ${relative('.', testFile)}`;
  if (testResults) count(testResults, counts, (failure) => failures.push(`${where}: ${failure}`));
  if (errors.length > 0) problems.push(`${where}: ${errors.map(({ message }) => message).join('; ')}`);
  else if (counts.passed + counts.failed + counts.skipped === 0) problems.push(`${where} ran no test`);
  else if (!passed && counts.failed === 0) problems.push(`${where} did not pass`);
  return { counts, problems, failures };
}

function count(suite: TestSuiteResult, counts: Counts, onFailure: (failure: string) => void): void {
  for (const test of suite.tests) {
    counts[test.skipped ? 'skipped' : test.passed ? 'passed' : 'failed'] += 1;
    if (!test.skipped && !test.passed) onFailure(`${suite.name} ${test.name}: ${firstLine(test.error?.message)}`);
  }
  for (const inner of suite.suites) count(inner, counts, onFailure);
}
