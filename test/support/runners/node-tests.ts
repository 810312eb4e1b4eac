import type { ChildProcess } from 'node:child_process';
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { add, firstLine, none, type FileOutcome, type Outcome } from './counts.js';
import { start, stop } from './processes.js';
import { secondTries } from './second-tries.js';
import type { Report } from './test-reporter.js';

interface NodeTestOptions {
  /** Name of the suite, for messages. */
  name: string;
  /** Processes that run at the same time. */
  workers: number;
  /** Milliseconds one file may take. */
  fileLimitMs: number;
  /** Whether a process runs many files, which share its browser. Default false: each file has a process of its own. */
  shared?: boolean;
  /** Whether a file that failed is run once more, alone. A file that hung is not. */
  again?: boolean;
  /** Added to the environment of the tests. */
  env?: NodeJS.ProcessEnv;
}

/** Milliseconds that a worker has to close its browser. */
const CLOSE_LIMIT_MS = 10_000;

const WORKER = [
  ...['--import', import.meta.resolve('tsx')],
  ...['--test-reporter', import.meta.resolve('./test-reporter.ts'), '--test-reporter-destination', 'stdout'],
  fileURLToPath(import.meta.resolve('./test-worker.ts')),
];

/** Runs test files, which may be TypeScript, with Node's own test runner in worker processes. */
export async function runNodeTests(files: string[], options: NodeTestOptions): Promise<Outcome> {
  const results = await runFiles(files, options);

  const unsteady: string[] = [];
  const broken = files.filter((file) => results.get(file)!.counts.failed > 0 && !results.get(file)!.hung);
  const again = options.again ? secondTries(broken) : [];
  if (again.length > 0) {
    console.log(`\nAgain: ${again.join(', ')}`);
    // Alone: other files may have disturbed them.
    for (const [file, second] of await runFiles(again, { ...options, workers: 1, shared: false })) {
      if (second.counts.failed === 0) unsteady.push(...results.get(file)!.failures);
      results.set(file, second);
    }
  }

  const all = [...results.values()];
  const counts = all.reduce((sum, result) => add(sum, result.counts), none);
  const problems = all.flatMap((result) => result.problems);
  if (counts.passed + counts.failed === 0) problems.push(`${options.name}: ran no test`);
  return {
    counts,
    problems,
    unsteady,
    failures: all.flatMap(({ failures }) => failures),
    reasons: all.flatMap(({ reasons = [] }) => reasons),
    times: [...results].map(([file, { times = [] }]) => ({ file, tests: times })),
  };
}

async function runFiles(files: readonly string[], options: NodeTestOptions): Promise<Map<string, FileOutcome>> {
  const results = new Map<string, FileOutcome>();
  // The largest files take longest, so they begin first and no worker is left alone with one at the end.
  const queue = [...files].sort((a, b) => statSync(b).size - statSync(a).size);

  async function work(): Promise<void> {
    let worker: Worker | undefined;
    for (let file = queue.shift(); file; file = queue.shift()) {
      if (!options.shared || !worker?.isAlive) {
        await worker?.close();
        worker = new Worker(options);
      }
      const { result, output } = await worker.run(file, options.fileLimitMs);
      results.set(file, result);
      print(file, result, output);
    }
    await worker?.close();
  }

  await Promise.all(Array.from({ length: Math.min(options.workers, files.length) }, work));
  return results;
}

/** A process that runs test files one after the other. */
class Worker {
  readonly #child: ChildProcess;
  #output = '';
  #onReport: ((report: Report) => void) | undefined;

  constructor({ shared = false, env }: NodeTestOptions) {
    // Node's test runner does nothing in a process that says it belongs to another test.
    this.#child = start(process.execPath, WORKER, {
      env: { ...env, NODE_TEST_CONTEXT: undefined, ...(shared && { TEST_WORKER: 'true' }) },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream!.on('data', (text: Buffer) => (this.#output += text.toString()));
    }
    this.#child.on('message', (report: Report) => this.#onReport?.(report));
  }

  get isAlive(): boolean {
    return this.#child.connected;
  }

  /** Runs a file. @returns how its tests went, and what they printed */
  async run(file: string, limitMs: number): Promise<{ result: FileOutcome; output: string }> {
    const result: FileOutcome = { counts: { ...none }, failures: [], problems: [], reasons: [], times: [] };
    const fail = (title: string, text: string): void => {
      result.counts.failed += 1;
      result.failures.push(`${file}: ${title}: ${firstLine(text)}`);
      this.#output += `\n${title}\n${text}\n`;
    };
    this.#output = '';
    const ended = await new Promise<string | undefined>((resolve) => {
      const timer = setTimeout(() => {
        result.hung = true;
        resolve(`did not end within ${limitMs / 1000} s and was stopped`);
      }, limitMs);
      const onExit = (code: number | null) => resolve(`its process ended with code ${code}`);
      this.#child.once('exit', onExit);
      this.#onReport = (report) => {
        switch (report.type) {
          case 'begin':
            return;
          case 'end':
            clearTimeout(timer);
            this.#child.off('exit', onExit);
            return resolve(undefined);
          case 'pass':
            result.counts.passed += 1;
            break;
          case 'skip':
            result.counts.skipped += 1;
            if (report.text) result.reasons!.push(report.text);
            break;
          case 'fail':
            fail(report.titles.join(' > '), report.text);
        }
        result.times!.push({ title: report.titles.join(' > '), durationMs: report.durationMs });
      };
      this.#child.send(file);
    });
    if (ended) {
      fail('the whole file', ended);
      stop(this.#child);
    } else if (result.counts.passed + result.counts.failed + result.counts.skipped === 0) {
      result.problems.push(`${file} ran no test`);
    }
    return { result, output: this.#output };
  }

  /** Lets the process end by itself, so that it closes its browser, and stops it when it does not. */
  async close(): Promise<void> {
    if (!this.isAlive) return stop(this.#child);
    const exited = new Promise<void>((resolve) => this.#child.once('exit', () => resolve()));
    const timer = setTimeout(() => stop(this.#child), CLOSE_LIMIT_MS);
    this.#child.send('');
    await exited;
    clearTimeout(timer);
  }
}

/** One line for a file that passed; for another, all that is known. */
function print(file: string, { counts, times = [], problems }: FileOutcome, output: string): void {
  const seconds = (times.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000).toFixed(1);
  const isBroken = counts.failed > 0 || problems.length > 0;
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
  const failed = counts.failed > 0 ? `, ${counts.failed} failed` : '';
  console.log(`${isBroken ? '✖' : '✔'} ${file}: ${counts.passed} passed${failed}${skipped} (${seconds} s)`);
  if (isBroken) console.log(`${output.trim()}\n`);
}
