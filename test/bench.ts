/**
 * `npm run bench [-- WORD… --rounds N --json FILE]`: this package and what people would use in its place, side by side
 * in one run of a real Chromium, against the local org. Prints tables, and fails when a figure that does not depend on
 * the machine is above its bound. With words, only the cases whose name contains one of them.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { cases } from './bench/cases.js';
import { BenchFixture } from './bench/fixture.js';
import { measure } from './bench/measure.js';
import { excesses, lines, table, type Result } from './bench/table.js';
import { ensureBrowser } from './support/runners/browsers.js';
import { ensureBuilt } from './support/runners/build.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string' }, json: { type: 'string' } },
});

process.env.CHROME_PATH = await ensureBrowser('chromium');
await ensureBuilt();
const chosen = cases.filter(({ name }) => positionals.length === 0 || positionals.some((word) => name.includes(word)));
const results: Result[] = [];
const failures: string[] = [];
const fixture = await BenchFixture.open();
try {
  for (const one of chosen) {
    try {
      const result = await measure(fixture, one, one.rounds ?? Number(values.rounds ?? 5));
      results.push(result);
      console.log(`\n${table(result)}`);
    } catch (error) {
      // The others can still be measured.
      failures.push(`${one.name} could not be measured: ${String(error)}`);
      console.error(failures.at(-1));
      await fixture.reset();
    }
  }
} finally {
  await fixture.close();
}
if (values.json) await writeFile(values.json, `${JSON.stringify(results.flatMap(lines), null, 2)}\n`);

const above = results.flatMap(excesses);
for (const sentence of above) console.log(sentence);
console.log(
  `${results.length} measured, ${failures.length} failed, ${above.length} above ${above.length === 1 ? 'its bound' : 'their bounds'}`,
);
process.exitCode = above.length + failures.length > 0 || results.length === 0 ? 1 : 0;
