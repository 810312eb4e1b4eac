import { testFiles } from '../runners/files.js';

export interface Room {
  readonly folder: string;
  /** The files that are mutated, as glob patterns. */
  readonly mutate: string[];
  /** The test files that run against each mutant they reach. */
  readonly tests: string[];
  /** Beginning of the names of suites that do not run, because each starts an org, which takes a second. */
  readonly startsOrg?: string;
  /** The score it must have, in percent. */
  readonly floor: number;
}

/**
 * What unit tests prove by themselves. The rest of `src/session` and `src/org` is what whole sign-ins go through. Its
 * tests take minutes for what these take seconds for, or need a browser.
 */
export const rooms: readonly Room[] = [
  {
    folder: 'src/guard',
    mutate: ['src/guard/**/*.ts'],
    tests: testFiles('test/guard', '.test.ts'),
    floor: 90,
  },
  {
    folder: 'src/session/validate',
    mutate: ['src/session/validate.ts', 'src/session/validate/*.ts'],
    // `validate.ts` says what is checked when, which shows in a sign-in and a renewal only.
    tests: [...tests('session', 'renewal', 'sign-in'), ...testFiles('test/session/', '.test.ts', ['/validate-'])],
    floor: 90,
  },
  {
    // Everything here that is a function of its arguments, storage included.
    folder: 'src/session',
    mutate: [
      'src/session/{callback,challenge,config,discovery,loop-breaker,own,parts,return-to}.ts',
      'src/session/{state-kind,store-tokens,token-store,transaction}.ts',
    ],
    tests: tests(
      'session',
      'callback',
      'config',
      'discovery',
      'fetch-challenge',
      'loop-breaker',
      'own',
      'parts',
      'return-to',
      'token-store',
      'transaction',
    ),
    floor: 84,
  },
  {
    // Everything here that no server has to run for.
    folder: 'src/org',
    mutate: ['src/org/{directory,mailbox,passwords,policy,seed*,totp}.ts', 'src/org/admin/*.ts'],
    tests: tests('org', 'admin-pages', 'directory', 'mailbox', 'policy', 'seed', 'totp'),
    startsOrg: 'an org',
    floor: 72,
  },
];

function tests(folder: string, ...names: string[]): string[] {
  return names.map((name) => `test/${folder}/${name}.test.ts`);
}
