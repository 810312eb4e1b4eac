import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { decide, type Rule } from '../../src/guard/decide.js';
import type { SessionState } from '../../src/session/state.js';

const now = 1_800_000_000;
const names = ['Members', 'Warehouse staff', 'Owners', '', 'null', 'undefined', '__proto__', 'toString', '0', 'true'];
const classes = ['urn:okta:loa:1fa:any', 'urn:okta:loa:1fa:pwd', 'urn:okta:loa:2fa:any:ifpossible'].concat(
  'urn:okta:loa:2fa:any',
  ['phr', 'phrh', 'gold', ''],
);
/** Which classes will do for one that is asked for, written out. */
const suffices: Record<string, string[]> = {
  'urn:okta:loa:1fa:any': classes.slice(0, 6),
  'urn:okta:loa:1fa:pwd': ['urn:okta:loa:1fa:pwd'],
  'urn:okta:loa:2fa:any:ifpossible': ['urn:okta:loa:2fa:any:ifpossible', 'urn:okta:loa:2fa:any'],
  'urn:okta:loa:2fa:any': ['urn:okta:loa:2fa:any'],
  phr: ['phr', 'phrh'],
  phrh: ['phrh'],
  gold: ['gold'],
  '': [''],
};

const name = fc.oneof(fc.constantFrom(...names), fc.string({ maxLength: 3 }));
const list = fc.array(name, { maxLength: 3 });
/** Anything a token may hold in a place, most of it of no use. */
const junk = fc.oneof(name, list, fc.boolean(), fc.constantFrom(null, undefined, 0, NaN, {}), fc.integer());
const time = fc.oneof(fc.integer({ min: now - 100, max: now + 100 }), junk);

/** Most requirements are left out of most rules, or hardly any could be met. */
const sometimes = <T, N>(arbitrary: fc.Arbitrary<T>, otherwise: N): fc.Arbitrary<T | N> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(otherwise) }, { weight: 1, arbitrary });
const none: string[] = [];

const rules: fc.Arbitrary<Rule> = fc.record({
  when: fc.constantFrom('signed-in', 'signed-in', 'signed-out'),
  groups: sometimes(list, none),
  scopes: sometimes(list, none),
  claim: sometimes(name, undefined),
  values: sometimes(list, none),
  match: fc.constantFrom('any', 'all'),
  acrValues: sometimes(fc.array(fc.constantFrom(...classes), { maxLength: 2 }), none),
  maxAge: sometimes(fc.oneof(fc.integer({ min: -1, max: 200 }), fc.constant(NaN)), undefined),
  check: sometimes(
    fc.constantFrom(
      () => true,
      () => false,
      () => 1 as unknown as boolean,
    ),
    undefined,
  ),
});

const users = fc
  .record(
    {
      groups: junk,
      acr: fc.oneof(fc.constantFrom(...classes), junk),
      auth_time: time,
      department: junk,
      others: fc.dictionary(name, junk, { maxKeys: 2 }),
    },
    { requiredKeys: [] },
  )
  .map(({ others, ...rest }) => ({ sub: 'u1', ...others, ...rest }));

const sessions: fc.Arbitrary<SessionState> = fc.record(
  {
    status: fc.constantFrom('signed-in', 'signed-in', 'signed-in', 'signed-out', 'pending', 'signing-in', 'error'),
    user: users,
    scopes: list,
    expiresAt: fc.integer({ min: now - 5, max: now + 500 }),
  },
  { requiredKeys: ['status'] },
);

/** What the rule names and the session does not meet, in words of its own. */
function unmet(session: SessionState, rule: Rule): string[] {
  const live = session.status === 'signed-in' && session.user !== undefined && (session.expiresAt ?? 0) > now;
  const nobody = session.status === 'signed-out';
  const token = new Map<string, unknown>(live ? Object.entries(session.user ?? {}) : []);
  const words = (value: unknown): string[] =>
    value === null || value === undefined ? [] : [value].flat().map((one) => `${one as string}`);
  const lacks = (wanted: readonly string[], held: string[]) => {
    const found = wanted.filter((one) => held.includes(one)).length;
    return wanted.length > 0 && (rule.match === 'all' ? found < wanted.length : found === 0);
  };
  const age = token.get('auth_time');
  const problems: [string, boolean][] = [
    ['who is there', rule.when === 'signed-in' ? !live : !nobody],
    ['groups', lacks(rule.groups, words(token.get('groups')))],
    ['scopes', lacks(rule.scopes, live ? [...(session.scopes ?? [])] : [])],
    ['the claim', !!rule.claim && words(token.get(rule.claim)).length === 0],
    ['its value', !!rule.claim && lacks(rule.values, words(token.get(rule.claim)))],
    [
      'the class',
      rule.acrValues.length > 0 &&
        !rule.acrValues.some((wanted) => suffices[wanted]!.includes(token.get('acr') as string)),
    ],
    ['its age', rule.maxAge !== undefined && !(typeof age === 'number' && now - age <= rule.maxAge)],
    ['the check', !!rule.check && rule.check({}) !== true],
  ];
  return problems.filter(([, is]) => is).map(([what]) => what);
}

describe('whatever the token holds and the rule names', () => {
  it('no content is shown while anything named is unmet', () => {
    let shown = 0;
    fc.assert(
      fc.property(sessions, rules, (session, rule) => {
        if (decide(session, rule, now).state !== 'allowed') return;
        shown += 1;
        assert.deepEqual(unmet(session, rule), []);
      }),
      { numRuns: 20_000 },
    );
    assert.ok(shown > 1000, `content was shown ${shown} times`);
  });

  it('who may see it is not asked to prove more, and who must prove more is told what', () => {
    fc.assert(
      fc.property(sessions, rules, (session, rule) => {
        const { state, missing } = decide(session, rule, now);
        if (state !== 'step-up') return;
        assert.ok(missing.acr !== undefined || missing.maxAge !== undefined);
        assert.deepEqual([missing.groups, missing.scopes, missing.claims], [[], [], []]);
      }),
      { numRuns: 5000 },
    );
  });
});
