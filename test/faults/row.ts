import type { Endpoint } from './faults.js';
import type { Endings, RowName } from './endings.js';
import type { FaultPage } from './fault-page.js';

/** How a cell of the matrix ended. */
export interface Outcome {
  /** The code of the reported error, or what the user has instead, in words. */
  ending: string;
  /** Milliseconds to the ending, from the click, the return from Okta or the expiry. */
  after: number;
  /** What a retry led to, once the fault was gone. */
  retry: string;
}

/** Runs one fault of a row in a real browser. @throws AssertionError when something is not as it must be */
export type Run = (page: FaultPage) => Promise<Outcome>;

/** A row of the matrix: an endpoint, and the moment at which a page requests it. */
export interface Row {
  name: RowName;
  endpoint: Endpoint;
  moment: string;
  endings: Endings;
  run: Run;
}
