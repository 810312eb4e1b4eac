/** Where the org reads the time. Tests hand in their own. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

/** A clock that follows the machine's and can be moved forward. */
export interface AdjustableClock extends Clock {
  /** Moves the clock forward, by milliseconds. Time never goes back: a negative step throws a `RangeError`. */
  advance(milliseconds: number): void;
}

export function createClock(): AdjustableClock {
  let offset = 0;
  return {
    now: () => Date.now() + offset,
    advance(milliseconds) {
      if (!(milliseconds >= 0)) throw new RangeError('A clock only moves forward.');
      offset += milliseconds;
    },
  };
}
