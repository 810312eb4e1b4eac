/**
 * The test runner of `npm run mutants`, a plugin of StrykerJS. Node's own runner needs a process for every mutant and
 * test file: half a second each, for tests that take milliseconds. This one bundles each test file once, with all
 * mutants in it. For each mutant it loads the bundles afresh, in one process, and runs only the tests that reach the
 * mutant.
 */
import crypto from 'node:crypto';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import { Script } from 'node:vm';
import type { InstrumenterContext } from '@stryker-mutator/api/core';
import { commonTokens, declareClassPlugin, PluginKind, tokens } from '@stryker-mutator/api/plugin';
import {
  determineHitLimitReached,
  DryRunStatus,
  TestStatus,
  toMutantRunResult,
  type DryRunResult,
  type MutantRunOptions,
  type MutantRunResult,
  type TestResult,
  type TestRunner,
} from '@stryker-mutator/api/test-runner';
import { build } from 'esbuild';
import { TestFile } from './node-test.js';

/**
 * What a test may take, for tests that take a tenth of a second at most. Counted in ticks, which come late on a busy
 * machine: a slow machine must not make a mutant look noticed.
 */
const TEST_TIMEOUT_TICKS = 40;
const TICK_MS = 50;

/** The runner's own settings, among those of StrykerJS. */
export interface MutantOptions {
  mutantTests: string[];
  /** Beginning of the names of suites that do not run. */
  mutantTestsWithOrg?: string;
}

type Load = (require: NodeJS.Require, module: object, url: string, setImmediate: unknown) => void;

// A test may replace these.
const { setInterval, clearInterval, setImmediate } = globalThis;
const globals = Object.getOwnPropertyDescriptors(globalThis);

class Runner implements TestRunner {
  static readonly inject = tokens(commonTokens.options);
  readonly #options: MutantOptions;
  readonly #bundles = new Map<string, Load>();
  /** Milliseconds that each test took. */
  readonly #durations = new Map<string, number>();
  readonly #stryker: InstrumenterContext = {};
  readonly #keys = new Map<string, unknown>();
  #fail: (reason: unknown) => void = () => {};

  constructor(options: object) {
    this.#options = options as MutantOptions;
    Object.assign(globalThis, { __stryker__: this.#stryker });
    globals.__stryker__ = Object.getOwnPropertyDescriptor(globalThis, '__stryker__')!;
    // As in Node's runner, both fail the test that runs. Without a listener, they end the process.
    for (const event of ['uncaughtException', 'unhandledRejection']) {
      process.on(event, (reason: unknown) => this.#fail(reason));
    }
  }

  capabilities(): { reloadEnvironment: boolean } {
    return { reloadEnvironment: true };
  }

  async init(): Promise<void> {
    for (const file of this.#options.mutantTests) {
      const { outputFiles } = await build({
        absWorkingDir: process.cwd(),
        entryPoints: [file],
        bundle: true,
        write: false,
        format: 'cjs',
        platform: 'node',
        packages: 'external',
        define: { 'import.meta.url': '__url' },
        logLevel: 'error',
      });
      const source = `(function (require, module, __url, setImmediate) {${outputFiles[0]!.text}\n})`;
      this.#bundles.set(file, new Script(source, { filename: file }).runInThisContext() as Load);
      // The packages it imports load now, not on the time of the first mutant.
      this.#load(file, new TestFile(), { isLoaded: false });
    }
  }

  async dryRun(): Promise<DryRunResult> {
    const result = await this.#run(undefined);
    return {
      ...result,
      ...(result.status === DryRunStatus.Complete && { mutantCoverage: this.#stryker.mutantCoverage }),
    };
  }

  async mutantRun({ activeMutant, hitLimit, testFilter }: MutantRunOptions): Promise<MutantRunResult> {
    Object.assign(this.#stryker, { activeMutant: activeMutant.id, hitLimit, hitCount: hitLimit && 0 });
    const result = await this.#run(testFilter && new Set(testFilter));
    return toMutantRunResult(determineHitLimitReached(this.#stryker.hitCount, hitLimit) ?? result);
  }

  /** Runs tests, those that took least time first, until one fails. All of them when none are given. */
  async #run(ids: ReadonlySet<string> | undefined): Promise<DryRunResult> {
    const cost = (file: string) => {
      const own = [...this.#durations].filter(([id]) => isOf(file, id) && (ids?.has(id) ?? true));
      return own.reduce((sum, [, duration]) => sum + duration, 0);
    };
    const files = this.#options.mutantTests.filter((file) => !ids || [...ids].some((id) => isOf(file, id)));
    const results: TestResult[] = [];
    for (const [file] of files.map((file) => [file, cost(file)] as const).sort(([, a], [, b]) => a - b)) {
      const status = await this.#runFile(file, ids, results);
      if (status === 'timed out') return { status: DryRunStatus.Timeout, reason: results.at(-1)?.name };
      if (status === 'failed') break;
    }
    return { status: DryRunStatus.Complete, tests: results };
  }

  /**
   * Runs tests of one file. What its modules do as they load counts as a test of its own, with the file as its id. A
   * mutant in there concerns every test of the file.
   */
  async #runFile(
    file: string,
    ids: ReadonlySet<string> | undefined,
    results: TestResult[],
  ): Promise<'passed' | 'failed' | 'timed out'> {
    const tests = new TestFile();
    const page = { isLoaded: true };
    let outcome: 'passed' | 'failed' | 'timed out' = 'passed';

    const run = async (test: string | undefined, work: () => Promise<void> | void): Promise<boolean> => {
      const id = test === undefined ? file : `${file} › ${test}`;
      this.#stryker.currentTestId = id;
      const start = performance.now();
      const problem = await this.#limit(work);
      const timeSpentMs = performance.now() - start;
      if (problem === undefined) this.#durations.set(id, timeSpentMs);
      else outcome = problem === TIMED_OUT ? 'timed out' : 'failed';
      const result = { id, name: id, timeSpentMs };
      if (problem !== undefined)
        results.push({ ...result, status: TestStatus.Failed, failureMessage: String(problem) });
      else if (!results.some((other) => other.id === id)) results.push({ ...result, status: TestStatus.Success });
      return problem === undefined;
    };

    restoreGlobals();
    const goOn = await run(undefined, () => this.#load(file, tests, page));
    if (goOn) {
      const all = !ids || ids.has(file);
      const { mutantTestsWithOrg: without } = this.#options;
      const wanted = tests.ids.filter(
        (id) => (all || ids.has(`${file} › ${id}`)) && !(without && id.startsWith(without)),
      );
      await tests.run(new Set(wanted), run);
    }
    // What an abandoned test still waits for must not go on beside the next mutant's tests.
    page.isLoaded = false;
    await new Promise((resolve) => setImmediate(resolve));
    this.#stryker.currentTestId = undefined;
    return outcome;
  }

  #load(file: string, tests: TestFile, page: { isLoaded: boolean }): void {
    const path = resolve(file);
    const actual = createRequire(path);
    let keys = 0;
    // A bundle makes the same keys each time it loads, and RSA keys take long.
    const generateKeyPairSync = (...args: Parameters<typeof crypto.generateKeyPairSync>) => {
      const name = JSON.stringify([file, keys++, args]);
      if (!this.#keys.has(name)) this.#keys.set(name, crypto.generateKeyPairSync(...args));
      return this.#keys.get(name);
    };
    const require = Object.assign((name: string): unknown => {
      if (name === 'node:test') return tests.nodeTest;
      return name === 'node:crypto' ? { ...crypto, generateKeyPairSync } : actual(name);
    }, actual);
    this.#bundles.get(file)!(require, {}, pathToFileURL(path).href, (work: () => void) =>
      setImmediate(() => page.isLoaded && work()),
    );
  }

  /** Does some work, within the limit. Returns the error it failed with, if it did. */
  async #limit(work: () => Promise<void> | void): Promise<Error | undefined> {
    let timer;
    try {
      return await new Promise((resolve) => {
        this.#fail = (reason) => resolve(reason instanceof Error ? reason : new Error(inspect(reason)));
        let ticks = this.#stryker.activeMutant === undefined ? 10 * TEST_TIMEOUT_TICKS : TEST_TIMEOUT_TICKS;
        timer = setInterval(() => (ticks -= 1) === 0 && resolve(TIMED_OUT), TICK_MS);
        void (async () => work())().then(() => resolve(undefined), this.#fail);
      });
    } finally {
      this.#fail = () => {};
      clearInterval(timer);
    }
  }
}

const TIMED_OUT = new Error(`It took more than ${TEST_TIMEOUT_TICKS * TICK_MS} ms.`);

function isOf(file: string, id: string): boolean {
  return id === file || id.startsWith(`${file} › `);
}

function restoreGlobals(): void {
  for (const key of Reflect.ownKeys(globalThis)) {
    const before: PropertyDescriptor | undefined = globals[key as keyof typeof globals];
    if (!before) Reflect.deleteProperty(globalThis, key);
    else if (before.configurable && before.value !== Reflect.getOwnPropertyDescriptor(globalThis, key)?.value) {
      Object.defineProperty(globalThis, key, before);
    }
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'warm', Runner)];
