/** How many tests of a run passed, failed and were skipped. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

export const none: Readonly<Counts> = { passed: 0, failed: 0, skipped: 0 };

export function add(a: Counts, b: Counts): Counts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

/** The closing line of a run: `N passed, N failed`, and `, N skipped` when there were any. */
export function closingLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/**
 * Prints the end of the log: the slowest files, why tests were skipped, which tests passed only when run again, which
 * failed, what went wrong with the runners (each a failure of its own), and the closing line. Returns the exit code.
 */
export function conclude(outcomes: Outcome[]): number {
  const problems = outcomes.flatMap((outcome) => outcome.problems);
  const reasons = new Set(outcomes.flatMap((outcome) => outcome.reasons ?? []));
  const counts = outcomes.reduce((sum, outcome) => add(sum, outcome.counts), { ...none, failed: problems.length });
  const lines = [
    ...slowestFiles(outcomes),
    ...[...reasons].map((reason) => `skipped: ${reason}`),
    ...outcomes.flatMap(({ unsteady }) => unsteady ?? []).map((test) => `passed when run again: ${test}`),
    ...outcomes.flatMap(({ failures }) => failures ?? []).map((test) => `failed: ${test}`),
    ...problems,
  ];
  console.log(['', ...lines, closingLine(counts)].join('\n'));
  return counts.failed > 0 || counts.passed === 0 ? 1 : 0;
}

/** How many files are named at the end of a run. */
const SLOWEST_FILES = 10;

/** The files that took longest, each with its slowest test. */
function slowestFiles(outcomes: Outcome[]): string[] {
  const seconds = (durationMs: number): string => `${(durationMs / 1000).toFixed(1)} s`;
  return outcomes
    .flatMap(({ times }) => times ?? [])
    .filter(({ tests }) => tests.length > 0)
    .map(({ file, tests }) => ({
      file,
      durationMs: tests.reduce((sum, test) => sum + test.durationMs, 0),
      slowest: tests.reduce((a, b) => (b.durationMs > a.durationMs ? b : a)),
    }))
    .sort((a, b) => b.durationMs - a.durationMs)
    .slice(0, SLOWEST_FILES)
    .map(
      ({ file, durationMs, slowest }) =>
        `slow: ${seconds(durationMs)} ${file}; its slowest test, ${seconds(slowest.durationMs)}: ${slowest.title}`,
    );
}

/** What a runner reported, and what went wrong with the runner itself, in sentences. */
export interface Outcome {
  counts: Counts;
  problems: string[];
  /** Why tests were skipped, in sentences that say what to do to have them run. */
  reasons?: string[];
  /** The tests that failed: file, name and message, a line each. */
  failures?: string[];
  /** The tests that failed, and passed when their file was run again, likewise. */
  unsteady?: string[];
  /** How long the tests of each file took. */
  times?: { file: string; tests: TestTime[] }[];
}

export interface TestTime {
  title: string;
  durationMs: number;
}

/** What one file reported. */
export interface FileOutcome {
  counts: Counts;
  /** The tests that failed: file, name and message, a line each. */
  failures: string[];
  /** What went wrong beside its tests, in sentences. */
  problems: string[];
  /** Why tests were skipped. */
  reasons?: string[];
  times?: TestTime[];
  /** Whether it was stopped because it did not end in time. */
  hung?: boolean;
}

/** Whether a file has to be looked at. */
export function isBroken({ counts, problems }: FileOutcome): boolean {
  return counts.failed > 0 || problems.length > 0;
}

/**
 * Checks a runner's report against how its process ended. A runner that crashed, ran out of time or ran no test is a
 * failure of its own, whatever it had counted by then.
 */
export function judge(
  runner: string,
  counts: Counts | undefined,
  ended: { code: number | null; timedOut: boolean },
): Outcome {
  const problems: string[] = [];
  if (ended.timedOut) problems.push(`${runner}: did not end in time and was stopped`);
  else if (!counts) problems.push(`${runner}: ended with code ${ended.code} and left no report`);
  else if (counts.passed + counts.failed === 0) problems.push(`${runner}: ran no test`);
  else if (ended.code !== 0 && counts.failed === 0) problems.push(`${runner}: ended with code ${ended.code}`);
  return { counts: counts ?? none, problems };
}

/** The first line of an error's message, for a list. */
export function firstLine(message = ''): string {
  return message.trim().split('\n', 1)[0] ?? '';
}
