import type { SeedPolicy, SeedRule } from './seed.js';
import type { PolicyDecision } from './sign-in.js';

/** One user's request, as the access policies see it. */
export interface PolicyRequest {
  clientId: string;
  login: string;
  /** Names of the user's groups. */
  groups: readonly string[];
  /** How the tokens were first asked for. A refresh is judged by the grant that began it. */
  grantType: 'authorization_code' | 'interaction_code';
  scopes: readonly string[];
}

/** Okta's words, for every denial. The cause is in its System Log only; here it is in `rule`. */
export const POLICY_DENIED = 'Policy evaluation failed for this request, please check the policy configurations.';

/** A refresh token without limit, in seconds: a hundred years. */
const UNLIMITED = 3_153_600_000;

/**
 * Evaluates the access policies of the authorization server, as Okta does: policies in order, those for the client
 * only, their rules in order; the first rule that matches decides. When no rule of a policy matches, the next policy
 * is tried. When nothing matches, the request is denied.
 */
export function evaluatePolicies(policies: readonly SeedPolicy[], request: PolicyRequest): PolicyDecision {
  for (const policy of policies) {
    if (!isForClient(policy, request.clientId)) continue;
    const rule = policy.rules.find((candidate) => matches(candidate, request));
    if (rule) return decisionOf(rule);
  }
  return { allow: false, description: POLICY_DENIED };
}

function isForClient(policy: SeedPolicy, clientId: string): boolean {
  return policy.clients.includes('ALL_CLIENTS') || policy.clients.includes(clientId);
}

function matches(rule: SeedRule, request: PolicyRequest): boolean {
  return isForUser(rule, request) && isForGrant(rule, request) && coversScopes(rule, request);
}

function isForUser(rule: SeedRule, { login, groups }: PolicyRequest): boolean {
  if (!rule.groups && !rule.users) return true;
  const byGroup = rule.groups?.some((name) => name === 'EVERYONE' || groups.includes(name)) ?? false;
  const byLogin = rule.users?.some((name) => name.toLowerCase() === login.toLowerCase()) ?? false;
  return byGroup || byLogin;
}

function isForGrant(rule: SeedRule, { grantType }: PolicyRequest): boolean {
  return rule.grantTypes?.includes(grantType) ?? true;
}

/** A rule covers a request only when it names every scope asked for. */
function coversScopes(rule: SeedRule, { scopes }: PolicyRequest): boolean {
  return rule.scopes.includes('*') || scopes.every((scope) => rule.scopes.includes(scope));
}

function decisionOf(rule: SeedRule): PolicyDecision {
  if (rule.action === 'DENY') return { allow: false, rule: rule.name, description: POLICY_DENIED };
  return {
    allow: true,
    rule: rule.name,
    requireSecondFactor: rule.requireSecondFactor,
    accessTokenLifetimeSeconds: Math.max(1, Math.round(rule.accessTokenLifetimeMinutes * 60)),
    refreshTokenLifetimeSeconds: Math.round(rule.refreshTokenLifetimeMinutes * 60) || UNLIMITED,
    refreshTokenWindowSeconds: Math.max(1, Math.round(rule.refreshTokenWindowMinutes * 60)),
  };
}
