/**
 * `npm test [-- WORD…]`: everything that must pass, in Chromium. With words, only the files whose path contains them all.
 */
import { ensureBrowser } from './support/runners/browsers.js';
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

// The continuous run shares its machine: there a file whose tests failed gets a second go, and the log ends with the
// tests that needed it. Whoever sees one there mends it.
const again = Boolean(process.env.CI);

const suites: Suite[] = [
  {
    name: 'Pure files and the org',
    ending: '.test.ts',
    run: (files) => runNodeTests(files, { name: 'node', concurrency: 2, fileLimit: 5 * 60_000, again }),
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
        concurrency: 2,
        fileLimit: 15 * 60_000,
        again,
      }),
  },
];

const words = process.argv.slice(2);

try {
  // Tests that start a browser themselves find it here too.
  process.env.CHROME_PATH = await ensureBrowser('chromium');
  await ensureBuilt();
  const outcomes: Outcome[] = [];
  for (const { name, ending, run } of suites) {
    const files = testFiles('test', ending, words);
    if (files.length === 0 && words.length > 0) continue;
    console.log(`\n${name}`);
    outcomes.push(await run(files));
  }
  process.exitCode = conclude(outcomes);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
