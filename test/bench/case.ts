import type { BenchFixture } from './fixture.js';

/** What is read in a run. */
export interface Figure {
  readonly name: string;
  readonly unit: 'bytes' | 'requests' | 'ms' | 'ms CPU' | 'KB' | 'nodes' | 'listeners' | 'tabs';
  /**
   * What the figure, or its ratio to each peer, must not be above. For what does not depend on the machine's mood:
   * bytes, requests and counts. Times are reported, and held against an aim by people.
   */
  readonly bound?: { readonly ours?: number; readonly ratio?: number };
}

/** One way to do what a case is about. */
export interface Contender {
  readonly name: string;
  /** One run, in a browser profile of its own. @returns a value for each figure of the case, by its name */
  run(fixture: BenchFixture): Promise<Record<string, number>>;
}

/** What is measured side by side. */
export interface Case {
  /** What it is called on the command line. */
  readonly name: string;
  /** From where to where is measured. */
  readonly title: string;
  readonly figures: readonly Figure[];
  readonly ours: Contender;
  readonly peers: readonly Contender[];
  /** Who cannot do it, and why: a sentence each. */
  readonly absent?: readonly string[];
  /** Where one round will do, because figures are the same each time. Default: as many as asked for. */
  readonly rounds?: 1;
}
