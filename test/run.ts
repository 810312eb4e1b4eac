/**
 * `npm test [-- WORD…]`: everything that must pass, in Chromium. With words, only the files whose path contains them all.
 */
import { availableParallelism } from 'node:os';
import { ensurePageBrowser } from './support/runners/browsers.js';
import { ensureBuilt } from './support/runners/build.js';
import { conclude, type Outcome } from './support/runners/counts.js';
import { runElementTests } from './support/runners/element-tests.js';
import { testFiles } from './support/runners/files.js';
import { runNodeTests } from './support/runners/node-tests.js';

interface Suite {
  name: string;
  ending: string;
  run(files: string[]): Promise<Outcome>;
}

// The continuous run tries a failed file once more and names it: each is a defect.
const again = Boolean(process.env.CI);
const cores = Math.min(availableParallelism(), 4);

const suites: Suite[] = [
  {
    name: 'Pure files and the org',
    ending: '.test.ts',
    run: (files) => runNodeTests(files, { name: 'node', workers: cores, fileLimitMs: 2 * 60_000, again }),
  },
  {
    name: 'Elements in Chromium',
    ending: '.browser.ts',
    run: (files) => runElementTests('chromium', files, again),
  },
  {
    name: 'Whole pages in Chromium',
    ending: '.e2e.ts',
    run: (files) =>
      runNodeTests(files, {
        name: 'whole pages',
        // A page waits about half of the time.
        workers: 2 * cores,
        fileLimitMs: 5 * 60_000,
        shared: true,
        again,
      }),
  },
];

const words = process.argv.slice(2);
const secondsSince = (start: number): number => Math.round((performance.now() - start) / 1000);

try {
  // Before the workers, so that they do not install it at the same time.
  await ensurePageBrowser();
  await ensureBuilt();
  const start = performance.now();
  const outcomes: Outcome[] = [];
  for (const { name, ending, run } of suites) {
    const files = testFiles('test', ending, words);
    if (files.length === 0 && words.length > 0) continue;
    console.log(`\n${name}`);
    const suiteStart = performance.now();
    outcomes.push(await run(files));
    console.log(`${name}: ${secondsSince(suiteStart)} s`);
  }
  console.log(`\nAll tests: ${secondsSince(start)} s`);
  process.exitCode = conclude(outcomes);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
