/**
 * `npm run faults [-- WORD… --markdown]`: the fault matrix. Every endpoint of an Okta org fails in every way, at every
 * moment at which a page needs it, in a real browser. Prints how each ended, and fails when one did not end as it must.
 * With words, only the cells whose name contains them all. With `--markdown`, the tables as in the documentation.
 */
import { cells, Matrix, type Cell } from './faults/matrix.js';
import { nameOf, tables, type Result } from './faults/table.js';
import { ensureBuilt } from './support/runners/build.js';

const arguments_ = process.argv.slice(2);
const form = arguments_.includes('--markdown') ? 'markdown' : 'text';
const words = arguments_.filter((argument) => argument !== '--markdown');

await ensureBuilt();
const matrix = await Matrix.open();
try {
  const chosen = cells.filter((cell) => words.every((word) => nameOf(cell).includes(word)));
  const results = await Promise.all(chosen.map(play));
  const failed = results.filter(({ outcome }) => !outcome).length;
  console.log(`${tables(results, form)}\n\n${results.length - failed} passed, ${failed} failed`);
  process.exitCode = failed > 0 || results.length === 0 ? 1 : 0;
} finally {
  await matrix.close();
}

async function play(cell: Cell): Promise<Result> {
  try {
    return { cell, outcome: await matrix.play(cell) };
  } catch (error) {
    console.error(`${nameOf(cell)}\n  ${error instanceof Error ? error.message : String(error)}\n`);
    return { cell };
  }
}
