import type { Endpoint, FaultKind } from './faults.js';
import type { FaultPage } from './fault-page.js';

/** How a cell of the matrix ended. */
export interface Outcome {
  /** Code of the error that was told; or what else the user has, in words. */
  ending: string;
  /** Milliseconds from what the user did, or what came by itself, to that. */
  after: number;
  /** What trying again led to, once the fault was mended. */
  retry: string;
}

/** A row of the matrix: an endpoint, and a moment at which it is asked. */
export interface Row {
  endpoint: Endpoint;
  /** What is going on when it fails. */
  moment: string;
  /** How each fault must end. A fault that is missing cannot be had there. */
  endings: Partial<Record<FaultKind, string>>;
  /** Plays it in a window that Okta knows. @throws AssertionError when something is not as it must be */
  play(page: FaultPage): Promise<Outcome>;
}

/** A request that is not answered, or not so that the page may read it, or by a server in trouble. */
export const unanswered = {
  refused: 'network',
  hang: 'timeout',
  'status 500': 'server_error',
  'status 429': 'server_error',
  'wrong CORS': 'network',
} as const;

/** An answer of a server that is well, and not what was asked for. */
export const nonsense = <Ending extends string>(ending: Ending) => ({
  HTML: ending,
  truncated: ending,
  empty: ending,
});
