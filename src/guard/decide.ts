import type { SessionState } from '../session/state.js';

/** What must hold for a guard to show its content. Everything named must hold. */
export interface Rule {
  readonly when: 'signed-in' | 'signed-out';
  readonly groups: readonly string[];
  readonly scopes: readonly string[];
  /** Name of a claim that must be there, or have one of `values`. */
  readonly claim?: string;
  readonly values: readonly string[];
  /** Whether one entry of a list is enough or all are needed. */
  readonly match: 'any' | 'all';
  /** The ID token's `acr` must be one of these. */
  readonly acrValues: readonly string[];
  /** Seconds since `auth_time`, at most. */
  readonly maxAge?: number;
  /** The author's own check of the claims. */
  readonly check?: (claims: Readonly<Record<string, unknown>>) => boolean;
}

export type GuardState = 'pending' | 'signed-out' | 'allowed' | 'denied' | 'step-up' | 'error';

/** What a rule named and the session lacks. */
export interface Missing {
  readonly groups: readonly string[];
  readonly scopes: readonly string[];
  readonly claims: readonly string[];
  readonly acr?: readonly string[];
  /** Seconds. */
  readonly maxAge?: number;
}

export interface Decision {
  readonly state: GuardState;
  readonly missing: Missing;
}

const NOTHING: Missing = { groups: [], scopes: [], claims: [] };

/** The entries of `wanted` that keep the requirement from being met; none when it is met. */
function lacking(wanted: readonly string[], held: unknown, match: Rule['match']): readonly string[] {
  const has = new Set([held ?? []].flat().map(String));
  const absent = wanted.filter((entry) => !has.has(entry));
  return match === 'any' && absent.length < wanted.length ? [] : absent;
}

type Claims = NonNullable<SessionState['user']>;
/** Names what of a rule a signed-in session lacks; empty when it lacks nothing. */
type Check = (claims: Claims, rule: Rule, session: SessionState, now: number) => Partial<Missing>;

/** What only an administrator can give: without it the answer is "denied". */
const entitlements: readonly Check[] = [
  function inGroups({ groups }, rule) {
    const absent = lacking(rule.groups, groups, rule.match);
    return absent.length ? { groups: absent } : {};
  },
  function withScopes(_claims, rule, { scopes }) {
    const absent = lacking(rule.scopes, scopes, rule.match);
    return absent.length ? { scopes: absent } : {};
  },
  function withClaim(claims, { claim, values, match }) {
    if (!claim) return {};
    const held = Object.hasOwn(claims, claim) ? claims[claim] : undefined;
    const met = values.length
      ? !lacking(values, held, match).length
      : held !== undefined && held !== null && held !== false && held !== '';
    return met ? {} : { claims: [claim] };
  },
  function passingCheck(claims, { check }) {
    try {
      return !check || check(claims) === true ? {} : { claims: ['check'] };
    } catch {
      // A check that fails has not said yes.
      return { claims: ['check'] };
    }
  },
];

/** What the user can give by proving more: without it the answer is "step-up". */
const assurances: readonly Check[] = [
  function ofClass({ acr }, { acrValues }) {
    return acrValues.length && !acrValues.includes(acr as string) ? { acr: acrValues } : {};
  },
  function recent({ auth_time: time }, { maxAge }, _session, now) {
    if (maxAge === undefined) return {};
    return typeof time === 'number' && now <= time + maxAge ? {} : { maxAge };
  },
];

/**
 * Whether a guard shows its content. This decides what is presented; what is true is for the API to say.
 * @param now epoch seconds
 */
export function decide(session: SessionState, rule: Rule, now: number): Decision {
  const answer = (state: GuardState, missing: Partial<Missing> = {}): Decision => ({
    state,
    missing: { ...NOTHING, ...missing },
  });
  if (session.status === 'error') return answer('error');
  const { user } = session;
  if (session.status === 'signed-out') return answer(rule.when === 'signed-out' ? 'allowed' : 'signed-out');
  if (session.status !== 'signed-in' || !user) return answer('pending');
  if (!(session.expiresAt !== undefined && now < session.expiresAt)) return answer('pending');
  if (rule.when === 'signed-out') return answer('denied');
  for (const [state, checks] of [
    ['denied', entitlements],
    ['step-up', assurances],
  ] as const) {
    const missing: Partial<Missing> = Object.assign({}, ...checks.map((check) => check(user, rule, session, now)));
    if (Object.keys(missing).length) return answer(state, missing);
  }
  return answer('allowed');
}
