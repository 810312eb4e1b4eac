/**
 * `npm run test:browsers [-- NAME…]`: the element tests in Chromium, Firefox and WebKit, one after the other, or in
 * the browsers named.
 */
import type { BrowserName } from './support/runners/browsers.js';
import { conclude, none, type Outcome } from './support/runners/counts.js';
import { runElementTests } from './support/runners/element-tests.js';
import { testFiles } from './support/runners/files.js';

const all: BrowserName[] = ['chromium', 'firefox', 'webkit'];
const named = process.argv.slice(2);
const unknown = named.filter((name) => !all.includes(name as BrowserName));

if (unknown.length > 0) {
  console.error(`${unknown.join(', ')}: not a browser of these tests, which are ${all.join(', ')}`);
  process.exit(2);
}

const files = testFiles('test', '.browser.ts');
const outcomes: Outcome[] = [];
for (const browser of all.filter((name) => named.length === 0 || named.includes(name))) {
  console.log(`\nElements in ${browser}`);
  try {
    outcomes.push(await runElementTests(browser, files, Boolean(process.env.CI)));
  } catch (error) {
    outcomes.push({ counts: none, problems: [`${browser}: ${(error as Error).message}`] });
  }
}
process.exitCode = conclude(outcomes);
