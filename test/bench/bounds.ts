import type { Outcome } from '../support/runners/counts.js';
import { runRows, type TableOptions } from '../support/tables/rows.js';
import type { Case } from './case.js';
import { cases } from './cases.js';
import { beforeIntent } from './cases/before-intent.js';
import { BenchFixture } from './fixture.js';
import { measure } from './measure.js';
import { excesses, table, type Result } from './table.js';

/** Figures that do not depend on the machine, held to their bounds. */
export interface Bound {
  readonly name: string;
  readonly case: Case;
  /** @returns what is above a bound, a sentence each */
  excesses(result: Result): string[];
}

/** Libraries that render nothing, and are larger all the same. */
const LARGER_PEERS = ['auth0-spa-js', 'oidc-client-ts'];

/** A slow network carries the same bytes as a fast one. */
const bounded = cases.filter(({ name }) => !/^embedded-\d-slow$/.test(name));
const has = (bound: 'ours' | 'ratio') => (one: Case) =>
  one.figures.some((figure) => figure.bound?.[bound] !== undefined);

export const bounds: readonly Bound[] = [
  ...bounded.filter(has('ours')).map((one) => ({ name: one.name, case: { ...one, peers: [] }, excesses })),
  ...bounded.filter(has('ratio')).map((one) => ({ name: `${one.name} beside its peers`, case: one, excesses })),
  {
    name: 'before-intent beside libraries that render nothing',
    case: { ...beforeIntent, peers: beforeIntent.peers.filter(({ name }) => LARGER_PEERS.includes(name)) },
    excesses({ figures }) {
      const { peers } = figures.find(({ figure }) => figure.name === 'bytes')!;
      return LARGER_PEERS.filter((name) => !(peers[name]!.ratio < 1)).map(
        (name) => `before-intent: bytes are ${peers[name]!.ratio.toFixed(2)} of ${name}, which must be more`,
      );
    },
  },
];

/** Measures a bound in one round. @throws Error when a figure is above it */
export async function check(fixture: BenchFixture, bound: Bound): Promise<Result> {
  try {
    const result = await measure(fixture, bound.case, 1);
    const above = bound.excesses(result);
    if (above.length > 0) throw new Error(above.join('\n  '));
    return result;
  } catch (error) {
    await fixture.reset();
    throw error;
  }
}

/** Each has a browser, an org and a server. */
const WORKERS = 2;

/** Checks all bounds in one round and prints what was measured. `npm run bench` compares times too, in more rounds. */
export async function runBounds({ words = [], retries }: TableOptions): Promise<Outcome> {
  const chosen = bounds.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
  const fixtures = await Promise.all(Array.from({ length: WORKERS }, () => BenchFixture.open()));
  try {
    const { results, outcome } = await runRows(chosen, {
      table: 'bench',
      nameOf: ({ name }) => name,
      run: (bound, worker) => check(fixtures[worker]!, bound),
      workers: WORKERS,
      retries,
    });
    for (const result of results.values()) console.log(table(result));
    return outcome;
  } finally {
    await Promise.all(fixtures.map((fixture) => fixture.close()));
  }
}
