/**
 * `npm run tables [-- faults attacks conformance bench]`: the full tables, of which `npm test` has a few rows: the fault
 * matrix, the attacks on the sign-in frame, the conformance modules and the bounds of the benchmark. Prints each table
 * and the seconds it took, and fails when a row fails. With words, only these tables.
 */
import { runAttacks } from './attacks/run.js';
import { runBounds } from './bench/bounds.js';
import { runConformance } from './conformance/run.js';
import { runFaults } from './faults/run.js';
import { ensurePageBrowser } from './support/runners/browsers.js';
import { ensureBuilt } from './support/runners/build.js';
import { conclude, type Outcome } from './support/runners/counts.js';
import { Retries, type TableOptions } from './support/tables/rows.js';

const tables: Record<string, (options: TableOptions) => Promise<Outcome>> = {
  faults: runFaults,
  attacks: runAttacks,
  conformance: runConformance,
  bench: runBounds,
};

const words = process.argv.slice(2);
const unknown = words.filter((word) => !Object.hasOwn(tables, word));
if (unknown.length > 0) {
  console.error(`No table is called ${unknown.join(', ')}; there are ${Object.keys(tables).join(', ')}.`);
  process.exit(1);
}

await ensurePageBrowser();
await ensureBuilt();
const retries = new Retries();
const outcomes: Outcome[] = [];
const times: string[] = [];
for (const [name, run] of Object.entries(tables)) {
  if (words.length > 0 && !words.includes(name)) continue;
  console.log(`\n==== ${name}\n`);
  const began = performance.now();
  outcomes.push(
    await run({ retries }).catch((error: unknown) => ({
      counts: { passed: 0, failed: 0, skipped: 0 },
      problems: [`${name}: ${error instanceof Error ? error.message : String(error)}`],
    })),
  );
  times.push(`${name} ${Math.round((performance.now() - began) / 1000)} s`);
  console.log(`\n---- ${times.at(-1)}`);
}
console.log(`\n${times.join(', ')}`);
process.exitCode = conclude(outcomes);
