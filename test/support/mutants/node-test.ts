import { mock } from 'node:test';

type Work = (context?: unknown) => unknown;
type Hook = 'before' | 'after' | 'beforeEach' | 'afterEach';

interface Test {
  /** Unique within the file. */
  readonly id: string;
  readonly work: Work;
}

interface Suite extends Record<Hook, Work[]> {
  readonly parent: Suite | undefined;
  readonly name: string;
  readonly parts: (Suite | Test)[];
}

/** What runs one test, or the hooks of a suite when there is no test. Returns whether to go on. */
export type Run = (test: string | undefined, work: () => Promise<void>) => Promise<boolean>;

/**
 * Collects the tests of one file and runs them in this process. Takes the place of `node:test`, whose tests run once
 * per process, with the part of its interface that our pure tests use.
 */
export class TestFile {
  readonly #root = suite('', undefined);
  readonly #ids = new Set<string>();
  #current = this.#root;

  /** What the file gets as `node:test`. */
  readonly nodeTest = {
    describe: (name: string, work: () => void) => {
      this.#current.parts.push((this.#current = suite(name, this.#current)));
      work();
      this.#current = this.#current.parent!;
    },
    it: (name: string, work: Work) => {
      const path = [...ancestors(this.#current).map((suite) => suite.name), name].slice(1).join(' › ');
      let id = path;
      for (let count = 2; this.#ids.has(id); count += 1) id = `${path} #${count}`;
      this.#ids.add(id);
      this.#current.parts.push({ id, work });
    },
    before: (work: Work) => this.#current.before.push(work),
    after: (work: Work) => this.#current.after.push(work),
    beforeEach: (work: Work) => this.#current.beforeEach.push(work),
    afterEach: (work: Work) => this.#current.afterEach.push(work),
  };

  get ids(): string[] {
    return [...this.#ids];
  }

  /** Runs the tests in `wanted`, in order, until `run` says to stop. */
  async run(wanted: ReadonlySet<string>, run: Run): Promise<boolean> {
    return runSuite(this.#root, wanted, run);
  }
}

function suite(name: string, parent: Suite | undefined): Suite {
  return { name, parent, parts: [], before: [], after: [], beforeEach: [], afterEach: [] };
}

/** From the outermost suite to this one. */
function ancestors(suite: Suite | undefined): Suite[] {
  return suite ? [...ancestors(suite.parent), suite] : [];
}

async function runSuite(suite: Suite, wanted: ReadonlySet<string>, run: Run): Promise<boolean> {
  if (!isWanted(suite, wanted)) return true;
  let goOn = await run(undefined, () => runAll(suite.before));
  for (const part of suite.parts) {
    if (!goOn) break;
    if (!('work' in part)) goOn = await runSuite(part, wanted, run);
    else if (wanted.has(part.id)) goOn = await run(part.id, () => runTest(part, suite));
  }
  return (await run(undefined, () => runAll(suite.after))) && goOn;
}

function isWanted(part: Suite | Test, wanted: ReadonlySet<string>): boolean {
  return 'work' in part ? wanted.has(part.id) : part.parts.some((inner) => isWanted(inner, wanted));
}

async function runTest({ work }: Test, suite: Suite): Promise<void> {
  const outwards = ancestors(suite).reverse();
  const after: Work[] = outwards.flatMap(({ afterEach }) => afterEach);
  try {
    await runAll(ancestors(suite).flatMap(({ beforeEach }) => beforeEach));
    await work({ mock, after: (hook: Work) => after.unshift(hook) });
  } finally {
    mock.restoreAll();
    await runAll(after);
  }
}

async function runAll(hooks: Work[]): Promise<void> {
  for (const hook of hooks) await hook();
}
