/**
 * `npm run test:browsers [-- NAME…]`: the element tests and the whole pages of `test/browsers/smoke.ts` in Chromium,
 * Firefox and WebKit, one after the other, or in the browsers named.
 */
import { ensureBrowser, type BrowserName } from './support/runners/browsers.js';
import { ensureBuilt } from './support/runners/build.js';
import { conclude, none, type Outcome } from './support/runners/counts.js';
import { runElementTests } from './support/runners/element-tests.js';
import { testFiles } from './support/runners/files.js';
import { runNodeTests } from './support/runners/node-tests.js';

const all: BrowserName[] = ['chromium', 'firefox', 'webkit'];
const named = process.argv.slice(2);
const unknown = named.filter((name) => !all.includes(name as BrowserName));

if (unknown.length > 0) {
  console.error(`${unknown.join(', ')}: not a browser of these tests, which are ${all.join(', ')}`);
  process.exit(2);
}

const again = Boolean(process.env.CI);
/** Milliseconds the whole pages may take in one browser: many times what they need. */
const SMOKE_LIMIT_MS = 8 * 60_000;

async function runSmokeTests(browser: BrowserName): Promise<Outcome> {
  await ensureBrowser(browser);
  process.env.SMOKE_BROWSER = browser;
  return runNodeTests(['test/browsers/smoke.ts'], {
    name: `whole pages in ${browser}`,
    workers: 1,
    fileLimitMs: SMOKE_LIMIT_MS,
    again,
  });
}

await ensureBuilt();
const files = testFiles('test', '.browser.ts');
const outcomes: Outcome[] = [];
for (const browser of all.filter((name) => named.length === 0 || named.includes(name))) {
  const suites = {
    [`Elements in ${browser}`]: () => runElementTests(browser, files, again),
    [`Whole pages in ${browser}`]: () => runSmokeTests(browser),
  };
  for (const [title, run] of Object.entries(suites)) {
    console.log(`\n${title}`);
    try {
      outcomes.push(await run());
    } catch (error) {
      outcomes.push({ counts: none, problems: [`${title}: ${(error as Error).message}`] });
    }
  }
}
process.exitCode = conclude(outcomes);
