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

/** The entries of `wanted` that keep the requirement from being met; undefined when it is met. */
function lacking(wanted: readonly string[], held: unknown, match: Rule['match']): readonly string[] | undefined {
  const has = [held ?? []].flat().map(String);
  const absent = wanted.filter((entry) => !has.includes(entry));
  return absent.length && (match === 'all' || absent.length === wanted.length) ? absent : undefined;
}

type Claims = Readonly<Record<string, unknown>>;
/** What of a rule a session lacks; undefined when it lacks nothing. */
type Check = (claims: Claims, rule: Rule, session: SessionState, now: number) => readonly string[] | number | undefined;
type Checks = Readonly<Partial<Record<keyof Missing, Check>>>;

/** What only an administrator can give: without it the answer is "denied". */
const entitlements: Checks = {
  groups: ({ groups }, rule) => lacking(rule.groups, groups, rule.match),
  scopes: (_claims, rule, { scopes }) => lacking(rule.scopes, scopes, rule.match),
  claims: (claims, { claim, values, match, check }) => {
    const absent: string[] = [];
    if (claim && !holds(claims[claim], values, match)) absent.push(claim);
    if (check && !passes({ ...claims }, check)) absent.push('check');
    return absent.length ? absent : undefined;
  },
};

/** What the user can give by proving more: without it the answer is "step-up". */
const assurances: Checks = {
  acr: ({ acr }, { acrValues }) =>
    acrValues.length && !acrValues.some((wanted) => wanted === acr) ? acrValues : undefined,
  // By the issuer's clock, or a device whose clock is ahead would never open the guard.
  maxAge: ({ auth_time: time }, { maxAge }, { clockSkew = 0 }, now) =>
    maxAge === undefined || (typeof time === 'number' && now + clockSkew <= time + maxAge) ? undefined : maxAge,
};

/** A claim that is there but says no, or says nothing, does not hold. */
function holds(held: unknown, values: readonly string[], match: Rule['match']): boolean {
  if (values.length) return !lacking(values, held, match);
  return [held ?? []].flat().some((entry) => entry !== false && entry !== '');
}

/** A check that fails has not said yes. */
function passes(claims: Claims, check: NonNullable<Rule['check']>): boolean {
  try {
    return check(claims) === true;
  } catch {
    return false;
  }
}

/**
 * Whether a guard shows its content. This decides what is presented; what is true is for the API to say.
 * @param now epoch seconds
 */
export function decide(session: SessionState, rule: Rule, now: number): Decision {
  const answer = (state: GuardState, missing: Partial<Missing> = {}): Decision => ({
    state,
    missing: { groups: [], scopes: [], claims: [], ...missing },
  });
  const { status, user, expiresAt = 0 } = session;
  if (status === 'error') return answer('error');
  const signedOut = status === 'signed-out';
  if (!signedOut && !(status === 'signed-in' && user && now < expiresAt)) return answer('pending');
  if (signedOut !== (rule.when === 'signed-out')) return answer(signedOut ? 'signed-out' : 'denied');
  // Of nobody nothing is known, whatever a session still holds.
  const known: SessionState = signedOut ? { status, user: undefined, scopes: [] } : session;
  // A claim is what the token says, not what every object inherits.
  const claims: Claims = { __proto__: null, ...known.user };
  for (const [state, checks] of [
    ['denied', entitlements],
    ['step-up', assurances],
  ] as const) {
    const missing = Object.entries(checks)
      .map(([name, check]) => [name, check(claims, rule, known, now)] as const)
      .filter(([, lack]) => lack !== undefined);
    if (missing.length) return answer(state, Object.fromEntries(missing));
  }
  return answer('allowed');
}
