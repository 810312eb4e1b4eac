import { relative, resolve } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { add, firstLine, none, type FileOutcome, type Outcome } from './counts.js';

interface NodeTestOptions {
  /** Name of the suite, for messages. */
  name: string;
  /** Files run at the same time, each in a process of its own. */
  concurrency: number;
  /** Milliseconds one file may take. */
  fileLimit: number;
  /** Whether a file in which tests failed is run once more, and counts as it went then; one that hung is not. */
  again?: boolean;
}

/**
 * Runs test files with Node's own runner and counts its events. Child processes get our `--import tsx`, so the files
 * may be TypeScript.
 */
export async function runNodeTests(files: string[], options: NodeTestOptions): Promise<Outcome> {
  const { name, again = false } = options;
  const problems: string[] = [];
  const reasons: string[] = [];
  const results = await runOnce(files, options, problems, reasons);

  const unsteady: string[] = [];
  const broken = files
    .map((file) => resolve(file))
    .filter((file) => results.get(file)?.counts.failed && !results.get(file)?.hung);
  if (again && broken.length > 0) {
    console.log(`\nAgain: ${broken.map((file) => relative('.', file)).join(', ')}`);
    // Alone: what kept them from passing may have been each other.
    const second = await runOnce(broken, { ...options, concurrency: 1 }, problems, reasons);
    for (const file of broken) {
      const result = second.get(file);
      if (!result) continue;
      if (result.counts.failed === 0) unsteady.push(...(results.get(file)?.failures ?? []));
      results.set(file, result);
    }
  }

  const counts = [...results.values()].reduce((sum, result) => add(sum, result.counts), none);
  if (counts.passed + counts.failed === 0) problems.push(`${name}: ran no test`);
  return { counts, problems, reasons, unsteady, failures: [...results.values()].flatMap(({ failures }) => failures) };
}

async function runOnce(
  files: string[],
  { name, concurrency, fileLimit }: NodeTestOptions,
  problems: string[],
  reasons: string[],
): Promise<Map<string, FileOutcome>> {
  const results = new Map<string, FileOutcome>();
  const of = (file = ''): FileOutcome => {
    const result = results.get(file) ?? { counts: { ...none }, failures: [], problems: [] };
    results.set(file, result);
    return result;
  };
  const events = run({ files: files.map((file) => resolve(file)), concurrency, timeout: fileLimit });

  events.on('test:pass', ({ name: test, file, details, skip, todo }) => {
    // A file that declares no test is itself reported as one that passed.
    if (file && test === file) problems.push(`${name}: ${relative('.', file)} ran no test`);
    else if (isSet(skip) || isSet(todo)) {
      of(file).counts.skipped += 1;
      if (typeof skip === 'string') reasons.push(skip);
    } else if (details.type !== 'suite') of(file).counts.passed += 1;
  });
  events.on('test:fail', ({ name: test, file, details, todo }) => {
    if (isSet(todo)) of(file).counts.skipped += 1;
    else if (failureType(details.error) !== 'subtestsFailed') {
      of(file).counts.failed += 1;
      // It would take its time once more, of a run that has a limit as a whole.
      if (test === file && failureType(details.error) === 'testTimeoutFailure') of(file).hung = true;
      of(file).failures.push(`${relative('.', file ?? '')}: ${test}: ${firstLine(details.error.message)}`);
    }
  });

  for await (const text of events.compose(new spec())) process.stdout.write(text as string);
  return results;
}

/** `true`, or the reason given for skipping, even an empty one. */
function isSet(mark: boolean | string | undefined): boolean {
  return mark !== undefined && mark !== false;
}

function failureType(error: Error & { failureType?: string }): string | undefined {
  return error.failureType;
}
