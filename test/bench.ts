/**
 * `npm run bench [-- WORD… --rounds N --json FILE]`: this package and what people would use in its place, side by side
 * in one run of a real Chromium, against the local org. Prints tables, and fails when a figure that does not depend on
 * the machine is above its bound. With words, only the cases whose name contains one of them.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { cases } from './bench/cases.js';
import type { Case, Contender } from './bench/case.js';
import { Lab } from './bench/lab.js';
import { compare, median, orderOf } from './bench/pairs.js';
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
const lab = await Lab.open();
try {
  for (const one of chosen) {
    const result = await measure(one, Number(values.rounds ?? one.rounds ?? 9));
    results.push(result);
    console.log(`\n${table(result)}`);
  }
} finally {
  await lab.close();
}
if (values.json) await writeFile(values.json, `${JSON.stringify(results.flatMap(lines), null, 2)}\n`);

const above = results.flatMap(excesses);
for (const sentence of above) console.log(sentence);
console.log(`${results.length} measured, ${above.length} above ${above.length === 1 ? 'its bound' : 'their bounds'}`);
process.exitCode = above.length > 0 || results.length === 0 ? 1 : 0;

async function measure(one: Case, rounds: number): Promise<Result> {
  const contenders = [one.ours, ...one.peers];
  const runs = new Map<Contender, Record<string, number>[]>(contenders.map((contender) => [contender, []]));
  // Once for nobody: files are compressed, and the browser has seen everything.
  for (const contender of contenders) await contender.run(lab);
  for (let round = 0; round < rounds; round++) {
    for (const contender of orderOf(contenders, round)) runs.get(contender)!.push(await contender.run(lab));
  }
  const read = (contender: Contender, figure: string) => runs.get(contender)!.map((run) => run[figure]!);
  return {
    of: one,
    rounds,
    figures: one.figures.map((figure) => ({
      figure,
      ours: median(read(one.ours, figure.name)),
      peers: Object.fromEntries(
        one.peers.map((peer) => [peer.name, compare(read(one.ours, figure.name), read(peer, figure.name))]),
      ),
    })),
  };
}
