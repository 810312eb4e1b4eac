import type { Case, Contender } from './case.js';
import type { BenchFixture } from './fixture.js';
import { compare, median, orderOf } from './pairs.js';
import type { Result } from './table.js';

/** Who has run before: files are compressed, and the browser has seen everything. */
const warm = new Set<string>();

/** Runs all contenders of a case in each round, in turns. */
export async function measure(fixture: BenchFixture, one: Case, rounds: number): Promise<Result> {
  const contenders = [one.ours, ...one.peers];
  const runs = new Map<Contender, Record<string, number>[]>(contenders.map((contender) => [contender, []]));
  for (const contender of rounds > 1 ? contenders : []) {
    if (!warm.has(contender.name)) await contender.run(fixture);
    warm.add(contender.name);
  }
  for (let round = 0; round < rounds; round++) {
    for (const contender of orderOf(contenders, round)) runs.get(contender)!.push(await contender.run(fixture));
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
