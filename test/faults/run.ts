import type { Outcome } from '../support/runners/counts.js';
import { runRows, type TableOptions } from '../support/tables/rows.js';
import { cells, Matrix, nameOf } from './matrix.js';
import { tables } from './table.js';

/** Many cells wait for a time limit or an expiry. */
const WORKERS = 5;

/** Runs the fault matrix and prints its tables. */
export async function runFaults({
  words = [],
  retries,
  form = 'text',
}: TableOptions & { form?: 'text' | 'markdown' }): Promise<Outcome> {
  const chosen = cells.filter((cell) => words.every((word) => nameOf(cell).includes(word)));
  const workers = Math.min(WORKERS, chosen.length);
  const matrix = await Matrix.open(workers);
  try {
    const run = (cell: (typeof cells)[number], worker: number) => matrix.run(cell, worker);
    const { results, outcome } = await runRows(chosen, { table: 'faults', nameOf, run, workers, retries });
    console.log(
      tables(
        chosen.map((cell) => ({ cell, outcome: results.get(cell) })),
        form,
      ),
    );
    return outcome;
  } finally {
    await matrix.close();
  }
}
