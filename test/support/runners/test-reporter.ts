import { inspect } from 'node:util';
import type { TestEvent } from 'node:test/reporters';

/** Names of the tests that a worker puts around those of a file. */
export const BEGIN = 'begin ';
export const END = 'end ';

/** What a worker reports to the runner. */
export type Report =
  | { readonly type: 'begin' | 'end'; readonly file: string }
  | {
      readonly type: 'pass' | 'fail' | 'skip';
      /** Titles of the suites around the test, and its own. */
      readonly titles: readonly string[];
      readonly durationMs: number;
      /** Why the test was skipped, or its error in full. */
      readonly text: string;
    };

/** A reporter for Node's test runner that sends the result of each test to the parent process. */
export default async function* testReporter(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const titles: string[] = [];
  for await (const { type, data } of source) {
    if (type === 'test:start') titles.splice(data.nesting, Infinity, data.name);
    else if (type === 'test:pass' || type === 'test:fail') {
      const report = reportOf(type, data, [...titles.slice(0, data.nesting), data.name]);
      if (report) process.send!(report);
    }
  }
  yield '';
}

function reportOf(type: 'test:pass' | 'test:fail', data: TestEvent['data'], titles: string[]): Report | undefined {
  const { name, nesting, details, skip, todo } = data as ResultData;
  for (const [marker, mark] of [
    [BEGIN, 'begin'],
    [END, 'end'],
  ] as const) {
    if (nesting === 0 && name.startsWith(marker)) return { type: mark, file: name.slice(marker.length) };
  }
  const result = { titles, durationMs: details.duration_ms };
  const reason = [skip, todo].find((mark) => mark !== undefined && mark !== false);
  if (reason !== undefined) return { type: 'skip', ...result, text: typeof reason === 'string' ? reason : '' };
  if (type === 'test:pass') return details.type === 'suite' ? undefined : { type: 'pass', ...result, text: '' };
  // A suite fails with its tests, and by itself when one of its hooks does.
  if (details.error?.failureType === 'subtestsFailed') return undefined;
  return { type: 'fail', ...result, text: textOf(details.error) };
}

/** Node wraps what a test threw. */
function textOf(error: ResultData['details']['error']): string {
  const { cause } = error ?? {};
  return cause instanceof Error ? (cause.stack ?? inspect(cause)) : inspect(cause ?? error);
}

interface ResultData {
  name: string;
  nesting: number;
  details: { duration_ms: number; type?: string; error?: Error & { failureType?: string } };
  skip?: string | boolean;
  todo?: string | boolean;
}
