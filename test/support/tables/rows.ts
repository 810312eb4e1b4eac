import type { Outcome } from '../runners/counts.js';
import { firstLine } from '../runners/counts.js';

/** A browser that no longer answers must not keep the other rows waiting. */
const ROW_LIMIT_MS = 3 * 60_000;

/** How many rows of a whole run may fail and be tried once more. In CI only, where other programs share the machine. */
export class Retries {
  left = process.env.CI === 'true' ? 3 : 0;
}

/** What a table needs to run: which rows, and how often a row may be tried again. */
export interface TableOptions {
  /** Only the rows whose name contains these words. Default: all. */
  readonly words?: readonly string[];
  readonly retries?: Retries;
}

interface Rows<Row, Result> {
  /** Name of the table, for the list of failures. */
  readonly table: string;
  nameOf(row: Row): string;
  /** @throws Error when the row does not end as it must */
  run(row: Row, worker: number): Promise<Result>;
  /** How many rows run at the same time. Each has a worker's number, from 0, to itself. */
  readonly workers: number;
  readonly retries?: Retries;
}

/** Runs every row of a table. @returns the results of those that passed, and what there is to report */
export async function runRows<Row, Result>(
  rows: readonly Row[],
  { table, nameOf, run, workers, retries = new Retries() }: Rows<Row, Result>,
): Promise<{ results: Map<Row, Result>; outcome: Outcome }> {
  const results = new Map<Row, Result>();
  const messages = new Map<Row, string>();
  const attempt = async (row: Row, worker: number): Promise<void> => {
    try {
      results.set(row, await within(ROW_LIMIT_MS, run(row, worker)));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      console.error(`${nameOf(row)}\n  ${message}\n`);
      messages.set(row, `${table}: ${nameOf(row)}: ${firstLine(message)}`);
    }
  };

  const waiting = [...rows];
  const work = async (worker: number): Promise<void> => {
    for (let row = waiting.shift(); row !== undefined; row = waiting.shift()) await attempt(row, worker);
  };
  await Promise.all(Array.from({ length: workers }, (_, worker) => work(worker)));

  for (const row of rows.filter((each) => messages.has(each))) {
    if (retries.left === 0) break;
    retries.left -= 1;
    console.log(`Again: ${nameOf(row)}`);
    await attempt(row, 0);
  }
  const failed = rows.filter((row) => !results.has(row));
  return {
    results,
    outcome: {
      counts: { passed: rows.length - failed.length, failed: failed.length, skipped: 0 },
      problems: rows.length === 0 ? [`${table}: no row has such a name`] : [],
      failures: failed.map((row) => messages.get(row)!),
      unsteady: [...messages].filter(([row]) => results.has(row)).map(([, message]) => message),
    },
  };
}

async function within<T>(limit: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no end after ${limit / 1000} s`)), limit);
  });
  return Promise.race([work, end]).finally(() => clearTimeout(timer));
}
