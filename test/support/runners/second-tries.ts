/** How many files a run may try once more. With more of them broken, the run has failed. */
const LIMIT = 3;

let used = 0;

/** The files that may be run once more: all of them, or none when the run has used up its second tries. */
export function secondTries(broken: readonly string[]): readonly string[] {
  if (used + broken.length > LIMIT) return [];
  used += broken.length;
  return broken;
}

/** For the runner's own tests. */
export function resetSecondTries(): void {
  used = 0;
}
