import type { Fault, FaultName } from '../../src/org/index.js';

/** What can go wrong with an endpoint, by the name the table has for it. */
export const faults = {
  refused: { drop: true },
  hang: { hang: true },
  'status 500': { status: 500 },
  'status 429': { status: 429 },
  HTML: { body: 'html' },
  truncated: { body: 'truncated' },
  empty: { body: 'empty' },
  'wrong CORS': { cors: false },
} as const satisfies Record<string, Fault>;

export type FaultKind = keyof typeof faults;

export const faultKinds = Object.keys(faults) as FaultKind[];

/** The endpoints of the matrix, in its order. `org`: all of them, because nothing listens any more. */
export const endpoints = ['discovery', 'keys', 'authorize', 'token', 'userinfo', 'revoke', 'logout', 'org'] as const;

export type Endpoint = (typeof endpoints)[number] & (FaultName | 'org');
