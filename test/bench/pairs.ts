/** Of one figure: what ours came to in each round, and what the other did. */
export interface Comparison {
  /** Median. */
  ours: number;
  /** Median. */
  theirs: number;
  /** Median of the ratios of the rounds, ours to theirs. Less than 1: ours is less. */
  ratio: number;
  /** First and third quartile of those ratios. */
  spread: [number, number];
}

/** The value below which `share` (0 to 1) of the values lie, interpolated. @throws RangeError for no values */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new RangeError('There are no values.');
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)]!;
  const rest = place % 1;
  const above = sorted[Math.ceil(place)]!;
  // Between two of the same there is nothing, also where both are infinite.
  return above === below ? below : below + (above - below) * rest;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/**
 * Compares round by round: two runs side by side met the same load on the machine, and the first runs of both did not.
 * @throws RangeError when the numbers of rounds differ
 */
export function compare(ours: readonly number[], theirs: readonly number[]): Comparison {
  if (ours.length !== theirs.length) throw new RangeError('Each round needs a run of both.');
  // Nothing against nothing is the same.
  const ratios = ours.map((value, round) => (value === theirs[round] ? 1 : value / theirs[round]!));
  return {
    ours: median(ours),
    theirs: median(theirs),
    ratio: median(ratios),
    spread: [quantile(ratios, 0.25), quantile(ratios, 0.75)],
  };
}

/** The order of a round: each goes first as often as any other, so that going first is nobody's advantage. */
export function orderOf<Item>(items: readonly Item[], round: number): Item[] {
  const start = round % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}
