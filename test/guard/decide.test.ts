import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OktaElementsError } from '../../src/errors.js';
import { decide, type GuardState, type Missing, type Rule } from '../../src/guard/decide.js';
import { decideByStrength } from '../../src/guard/strengths.js';
import type { SessionState, User } from '../../src/session/state.js';

const now = 1_800_000_000;
const anyone: Rule = { when: 'signed-in', groups: [], scopes: [], values: [], match: 'any', acrValues: [] };
const claims: User = {
  sub: 'u1',
  groups: ['Members', 'Warehouse staff'],
  acr: 'mfa',
  auth_time: now - 60,
  department: 'Snacks',
  roles: ['buyer', 'author'],
  verified: true,
  level: 3,
};

const signedOut: SessionState = { status: 'signed-out' };
function signedIn(change: Record<string, unknown> = {}, session: Partial<SessionState> = {}): SessionState {
  const user = { ...claims, ...change };
  return { status: 'signed-in', user, scopes: ['openid', 'boxes:read'], expiresAt: now + 3600, ...session };
}

interface Row {
  readonly rule?: Partial<Rule>;
  readonly session?: SessionState;
  readonly state: GuardState;
  readonly missing?: Partial<Missing>;
}

function table(title: string, rows: Record<string, Row>): void {
  describe(title, () => {
    for (const [what, { rule, session = signedIn(), state, missing }] of Object.entries(rows)) {
      it(`${state}: ${what}`, () => {
        assert.deepEqual(decideByStrength(session, { ...anyone, ...rule }, now), {
          state,
          missing: { groups: [], scopes: [], claims: [], ...missing },
        });
      });
    }
  });
}

table('who is there', {
  'somebody is signed in': { state: 'allowed' },
  'nobody is': { session: signedOut, state: 'signed-out' },
  'nobody is, and that is the rule': { session: signedOut, rule: { when: 'signed-out' }, state: 'allowed' },
  'somebody is, where nobody should be': { rule: { when: 'signed-out' }, state: 'denied' },
  'it is not known yet': { session: { status: 'pending' }, state: 'pending' },
  'a sign-in is under way': { session: { status: 'signing-in' }, state: 'pending' },
  'a sign-out is under way': { session: { status: 'signing-out' }, state: 'pending' },
  'it could not be found out': {
    session: { status: 'error', error: new OktaElementsError('network', '') },
    state: 'error',
  },
  'it could not be found out, where nobody should be': {
    session: { status: 'error', error: new OktaElementsError('network', '') },
    rule: { when: 'signed-out' },
    state: 'error',
  },
  'somebody is being signed in, where nobody should be': {
    session: { status: 'signing-in' },
    rule: { when: 'signed-out' },
    state: 'pending',
  },
});

table('a session at its end', {
  'a second to go': { session: signedIn({}, { expiresAt: now + 1 }), state: 'allowed' },
  'over this second': { session: signedIn({}, { expiresAt: now }), state: 'pending' },
  'over long ago': { session: signedIn({}, { expiresAt: 1 }), state: 'pending' },
  'without a known end': { session: signedIn({}, { expiresAt: undefined }), state: 'pending' },
  'with an end that is no number': { session: signedIn({}, { expiresAt: NaN }), state: 'pending' },
  'with nobody in it': { session: signedIn({}, { user: undefined }), state: 'pending' },
  'a claim that says otherwise does not count': { session: signedIn({ status: 'signed-out' }), state: 'allowed' },
});

table('groups', {
  'in the one named': { rule: { groups: ['Warehouse staff'] }, state: 'allowed' },
  'in one of those named': { rule: { groups: ['Members', 'Owners'] }, state: 'allowed' },
  'in none of those named': {
    rule: { groups: ['Owners', 'Drivers'] },
    state: 'denied',
    missing: { groups: ['Owners', 'Drivers'] },
  },
  'in all of those named': { rule: { groups: ['Members', 'Warehouse staff'], match: 'all' }, state: 'allowed' },
  'in some of those named, where all are needed': {
    rule: { groups: ['Members', 'Owners'], match: 'all' },
    state: 'denied',
    missing: { groups: ['Owners'] },
  },
  'in a group with another case': { rule: { groups: ['members'] }, state: 'denied', missing: { groups: ['members'] } },
  'in a group with a longer name': { rule: { groups: ['Member'] }, state: 'denied', missing: { groups: ['Member'] } },
  'a token without groups': {
    session: signedIn({ groups: undefined }),
    rule: { groups: ['Members'] },
    state: 'denied',
    missing: { groups: ['Members'] },
  },
  'a token with groups null': {
    session: signedIn({ groups: null }),
    rule: { groups: ['null'] },
    state: 'denied',
    missing: { groups: ['null'] },
  },
  'a token with one group as text': {
    session: signedIn({ groups: 'Warehouse staff' }),
    rule: { groups: ['Warehouse staff'] },
    state: 'allowed',
  },
  'part of one group as text': {
    session: signedIn({ groups: 'Warehouse staff' }),
    rule: { groups: ['Warehouse'] },
    state: 'denied',
    missing: { groups: ['Warehouse'] },
  },
  'a token with groups as an object': {
    session: signedIn({ groups: { Members: true } }),
    rule: { groups: ['Members'] },
    state: 'denied',
    missing: { groups: ['Members'] },
  },
});

table('scopes', {
  granted: { rule: { scopes: ['boxes:read'] }, state: 'allowed' },
  'not granted': { rule: { scopes: ['boxes:write'] }, state: 'denied', missing: { scopes: ['boxes:write'] } },
  'some granted, where all are needed': {
    rule: { scopes: ['boxes:read', 'boxes:write'], match: 'all' },
    state: 'denied',
    missing: { scopes: ['boxes:write'] },
  },
  'a claim of that name is not a grant': {
    session: signedIn({ scopes: ['boxes:write'], scope: 'boxes:write', scp: ['boxes:write'] }),
    rule: { scopes: ['boxes:write'] },
    state: 'denied',
    missing: { scopes: ['boxes:write'] },
  },
  'a session that knows no scopes': {
    session: signedIn({}, { scopes: undefined }),
    rule: { scopes: ['openid'] },
    state: 'denied',
    missing: { scopes: ['openid'] },
  },
});

const lacksClaim = (name: string): Row => ({ rule: { claim: name }, state: 'denied', missing: { claims: [name] } });

table('a claim', {
  'that is there': { rule: { claim: 'department' }, state: 'allowed' },
  'that is 0': { session: signedIn({ level: 0 }), rule: { claim: 'level' }, state: 'allowed' },
  'that is not there': lacksClaim('nickname'),
  'that every object has': lacksClaim('constructor'),
  'that every object has, too': lacksClaim('__proto__'),
  'that is null': { ...lacksClaim('level'), session: signedIn({ level: null }) },
  'that is false': { ...lacksClaim('verified'), session: signedIn({ verified: false }) },
  'that is empty': { ...lacksClaim('department'), session: signedIn({ department: '' }) },
  'that is an empty list': { ...lacksClaim('roles'), session: signedIn({ roles: [] }) },
  'with the value': { rule: { claim: 'department', values: ['Snacks'] }, state: 'allowed' },
  'with another value': {
    rule: { claim: 'department', values: ['Drinks'] },
    state: 'denied',
    missing: { claims: ['department'] },
  },
  'whose list holds the value': { rule: { claim: 'roles', values: ['author'] }, state: 'allowed' },
  'whose list lacks one of the values': {
    rule: { claim: 'roles', values: ['author', 'editor'], match: 'all' },
    state: 'denied',
    missing: { claims: ['roles'] },
  },
  'that is a number': { rule: { claim: 'level', values: ['3'] }, state: 'allowed' },
  'that is true': { rule: { claim: 'verified', values: ['true'] }, state: 'allowed' },
  'that is not there, whose value is "undefined"': {
    rule: { claim: 'nickname', values: ['undefined'] },
    state: 'denied',
    missing: { claims: ['nickname'] },
  },
});

table('the author’s own check', {
  'says yes': { rule: { check: ({ department }) => department === 'Snacks' }, state: 'allowed' },
  'asks as one asks any object': { rule: { check: (it) => it instanceof Object }, state: 'allowed' },
  'says no': { rule: { check: () => false }, state: 'denied', missing: { claims: ['check'] } },
  'says something else': {
    rule: { check: (() => 'yes') as unknown as Rule['check'] },
    state: 'denied',
    missing: { claims: ['check'] },
  },
  'says so later': {
    rule: { check: (() => Promise.resolve(true)) as unknown as Rule['check'] },
    state: 'denied',
    missing: { claims: ['check'] },
  },
  fails: {
    rule: {
      check: () => {
        throw new Error('no network');
      },
    },
    state: 'denied',
    missing: { claims: ['check'] },
  },
});

describe('decide() without strengths', () => {
  it('asks for a step-up where a stronger class was given, so that a guard is closed until that is known', () => {
    const rule = { ...anyone, acrValues: ['phr'] };
    assert.equal(decide(signedIn({ acr: 'phrh' }), rule, now).state, 'step-up');
    assert.equal(decide(signedIn({ acr: 'phr' }), rule, now).state, 'allowed');
  });
});

table('proof of late', {
  'of a class asked for': { rule: { acrValues: ['phr', 'mfa'] }, state: 'allowed' },
  'of another class': { rule: { acrValues: ['phr'] }, state: 'step-up', missing: { acr: ['phr'] } },
  'of no class': {
    session: signedIn({ acr: undefined }),
    rule: { acrValues: ['mfa'] },
    state: 'step-up',
    missing: { acr: ['mfa'] },
  },
  'of a class that includes the one asked for': {
    session: signedIn({ acr: 'urn:okta:loa:2fa:any' }),
    rule: { acrValues: ['urn:okta:loa:2fa:any:ifpossible'] },
    state: 'allowed',
  },
  'of two factors, where a password is asked for': {
    session: signedIn({ acr: 'urn:okta:loa:2fa:any' }),
    rule: { acrValues: ['urn:okta:loa:1fa:pwd'] },
    state: 'step-up',
    missing: { acr: ['urn:okta:loa:1fa:pwd'] },
  },
  'of a class that the one asked for includes': {
    session: signedIn({ acr: 'urn:okta:loa:2fa:any:ifpossible' }),
    rule: { acrValues: ['urn:okta:loa:2fa:any'] },
    state: 'step-up',
    missing: { acr: ['urn:okta:loa:2fa:any'] },
  },
  'of hardware, where any phishing-resistant one will do': {
    session: signedIn({ acr: 'phrh' }),
    rule: { acrValues: ['phr'] },
    state: 'allowed',
  },
  'as old as it may be': { rule: { maxAge: 60 }, state: 'allowed' },
  'a second too old': { rule: { maxAge: 59 }, state: 'step-up', missing: { maxAge: 59 } },
  'from this very second': { session: signedIn({ auth_time: now }), rule: { maxAge: 0 }, state: 'allowed' },
  'of unknown age': {
    session: signedIn({ auth_time: undefined }),
    rule: { maxAge: 3600 },
    state: 'step-up',
    missing: { maxAge: 3600 },
  },
  'of an age that is text': {
    session: signedIn({ auth_time: String(now) }),
    rule: { maxAge: 3600 },
    state: 'step-up',
    missing: { maxAge: 3600 },
  },
  'of an age that nobody can have': { rule: { maxAge: NaN }, state: 'step-up', missing: { maxAge: NaN } },
});

table('several requirements', {
  'all that only an administrator can give are told at once': {
    rule: { groups: ['Owners'], scopes: ['boxes:write'], claim: 'nickname', check: () => false, acrValues: ['phr'] },
    state: 'denied',
    missing: { groups: ['Owners'], scopes: ['boxes:write'], claims: ['nickname', 'check'] },
  },
  'all that the user can prove are told at once': {
    rule: { acrValues: ['phr'], maxAge: 5 },
    state: 'step-up',
    missing: { acr: ['phr'], maxAge: 5 },
  },
  'nobody is asked to prove more for what they may not see anyway': {
    rule: { groups: ['Owners'], maxAge: 5 },
    state: 'denied',
    missing: { groups: ['Owners'] },
  },
  'nobody signed in is in no group': {
    session: signedOut,
    rule: { when: 'signed-out', groups: ['Members'] },
    state: 'denied',
    missing: { groups: ['Members'] },
  },
});

describe('a claim that an attacker gave to every object', () => {
  it('is not in anybody’s token', () => {
    const prototype = Object.prototype as { groups?: unknown; acr?: unknown };
    try {
      prototype.groups = ['Owners'];
      prototype.acr = 'phr';
      const session = signedIn();
      const { groups: _, acr: __, ...rest } = session.user!;
      const bare = { ...session, user: rest };
      assert.equal(decide(bare, { ...anyone, groups: ['Owners'] }, now).state, 'denied');
      assert.equal(decide(bare, { ...anyone, acrValues: ['phr'] }, now).state, 'step-up');
    } finally {
      delete prototype.groups;
      delete prototype.acr;
    }
  });

  it('does not make somebody of nobody', () => {
    const prototype = Object.prototype as { user?: unknown; scopes?: unknown };
    try {
      prototype.user = { sub: 'u1', groups: ['Owners'] };
      prototype.scopes = ['boxes:write'];
      const rule: Rule = { ...anyone, when: 'signed-out' };
      assert.equal(decide({ status: 'signed-out' }, { ...rule, groups: ['Owners'] }, now).state, 'denied');
      assert.equal(decide({ status: 'signed-out' }, { ...rule, scopes: ['boxes:write'] }, now).state, 'denied');
    } finally {
      delete prototype.user;
      delete prototype.scopes;
    }
  });
});

describe('every combination', () => {
  /** Small enough to try them all, with something met, something unmet and something hostile in each place. */
  const sessions: SessionState[] = [
    signedOut,
    signedIn(),
    signedIn({ groups: 'Members', acr: ['mfa'], auth_time: now, roles: undefined }),
    signedIn({ groups: undefined, acr: undefined, auth_time: undefined, department: '' }),
    signedIn({ groups: [], acr: '', auth_time: 'now' }, { scopes: [] }),
    signedIn({}, { expiresAt: now }),
    signedIn({}, { user: undefined }),
    { status: 'pending' },
    { status: 'signing-in', user: claims, expiresAt: now + 9 },
    { status: 'signing-out', user: claims, expiresAt: now + 9 },
    { status: 'error', user: claims, expiresAt: now + 9 },
  ];
  const places: { readonly [K in keyof Rule]-?: readonly Rule[K][] } = {
    when: ['signed-in', 'signed-out'],
    groups: [[], ['Members'], ['Owners'], ['Members', 'Owners']],
    scopes: [[], ['openid'], ['openid', 'boxes:write']],
    claim: [undefined, 'department', 'roles', 'toString'],
    values: [[], ['Snacks'], ['buyer', 'author'], ['editor']],
    match: ['any', 'all'],
    acrValues: [[], ['mfa'], ['phr']],
    maxAge: [undefined, 0, 60, NaN],
    check: [undefined, ({ sub }) => sub === 'u1', () => false],
  };

  function* rules(): Generator<Rule> {
    const names = Object.keys(places) as (keyof Rule)[];
    const total = names.reduce((product, name) => product * places[name].length, 1);
    for (let index = 0; index < total; index++) {
      let rest = index;
      yield Object.fromEntries(
        names.map((name) => {
          const choices = places[name];
          const choice = choices[rest % choices.length];
          rest = Math.floor(rest / choices.length);
          return [name, choice];
        }),
      ) as unknown as Rule;
    }
  }

  /** Each requirement said anew, in other words than the code's: what a rule names and a session does not meet. */
  function unmet(session: SessionState, rule: Rule): string[] {
    const { status, user, scopes = [], expiresAt = 0 } = session;
    const token: Record<string, unknown> = status === 'signed-in' && user ? user : {};
    const list = (value: unknown) =>
      (Array.isArray(value) ? value : value === undefined ? [] : [value]).map((one) => `${one}`);
    const enough = (wanted: readonly string[], held: readonly string[]) =>
      wanted.length === 0 ||
      (rule.match === 'all' ? wanted.every((one) => held.includes(one)) : wanted.some((one) => held.includes(one)));
    const own = (name: string) => (Object.keys(token).includes(name) ? list(token[name]) : []);
    const time = token.auth_time;
    const wrong: [string, boolean][] = [
      ['when', (rule.when === 'signed-out') !== (status === 'signed-out')],
      ['session', status !== 'signed-out' && (status !== 'signed-in' || !user || expiresAt <= now)],
      ['groups', !enough(rule.groups, own('groups'))],
      ['scopes', !enough(rule.scopes, status === 'signed-in' ? scopes : [])],
      ['claim', !!rule.claim && !own(rule.claim).some((one) => one !== '' && one !== 'false')],
      ['value', !!rule.claim && !enough(rule.values, own(rule.claim))],
      ['acr', rule.acrValues.length > 0 && !rule.acrValues.some((one) => one === token.acr)],
      ['maxAge', rule.maxAge !== undefined && !(typeof time === 'number' && now - time <= rule.maxAge)],
      ['check', !!rule.check && !rule.check(token)],
    ];
    return wrong.filter(([, is]) => is).map(([name]) => name);
  }

  it('shows the content exactly when nothing that the rule names is unmet', () => {
    let shown = 0;
    let hidden = 0;
    for (const rule of rules()) {
      for (const session of sessions) {
        const lacks = unmet(session, rule);
        const { state } = decide(session, rule, now);
        if ((state === 'allowed') !== (lacks.length === 0)) {
          assert.fail(`${state}, but unmet is [${lacks.join(' ')}]: ${JSON.stringify({ session, rule })}`);
        }
        if (state === 'allowed') shown += 1;
        else hidden += 1;
      }
    }
    assert.ok(shown > 500 && hidden > 50_000, `both happen: ${shown} shown, ${hidden} hidden`);
  });

  it('names something missing whenever it denies or asks for more, and nothing otherwise', () => {
    for (const rule of rules()) {
      for (const session of sessions) {
        const { state, missing } = decide(session, rule, now);
        const named = Object.values(missing).flat().length;
        const wrongPlace = rule.when === 'signed-out' && session.status !== 'signed-out';
        const expected = (state === 'denied' && !wrongPlace) || state === 'step-up';
        if (named > 0 !== expected) assert.fail(`${state} with ${named} named: ${JSON.stringify({ session, rule })}`);
      }
    }
  });
});
