import { relative, resolve } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import type { Outcome } from './counts.js';

interface NodeTestOptions {
  /** Name of the suite, for messages. */
  name: string;
  /** Files run at the same time, each in a process of its own. */
  concurrency: number;
  /** Milliseconds one file may take. */
  fileLimit: number;
}

/**
 * Runs test files with Node's own runner and counts its events. Child processes get our `--import tsx`, so the files
 * may be TypeScript.
 */
export async function runNodeTests(
  files: string[],
  { name, concurrency, fileLimit }: NodeTestOptions,
): Promise<Outcome> {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const problems: string[] = [];
  const reasons: string[] = [];
  const events = run({ files: files.map((file) => resolve(file)), concurrency, timeout: fileLimit });

  events.on('test:pass', ({ name: test, file, details, skip, todo }) => {
    // A file that declares no test is itself reported as one that passed.
    if (file && test === file) problems.push(`${name}: ${relative('.', file)} ran no test`);
    else if (isSet(skip) || isSet(todo)) {
      counts.skipped += 1;
      if (typeof skip === 'string') reasons.push(skip);
    } else if (details.type !== 'suite') counts.passed += 1;
  });
  events.on('test:fail', ({ details, todo }) => {
    if (isSet(todo)) counts.skipped += 1;
    else if (failureType(details.error) !== 'subtestsFailed') counts.failed += 1;
  });

  for await (const text of events.compose(new spec())) process.stdout.write(text as string);
  if (counts.passed + counts.failed === 0) problems.push(`${name}: ran no test`);
  return { counts, problems, reasons };
}

/** `true`, or the reason given for skipping, even an empty one. */
function isSet(mark: boolean | string | undefined): boolean {
  return mark !== undefined && mark !== false;
}

function failureType(error: Error & { failureType?: string }): string | undefined {
  return error.failureType;
}
