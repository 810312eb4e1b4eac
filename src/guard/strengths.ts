import type { SessionState } from '../session/state.js';
import { decide, type Decision, type Rule } from './decide.js';

const LOA = 'urn:okta:loa:';
/**
 * Okta's authentication context classes, each list from weak to strong: a user who gave the later proof gave the
 * earlier one. By their definitions, not by rank: two factors need not be phishing-resistant, nor one of them a password.
 * https://developer.okta.com/docs/guides/step-up-authentication/main/#predefined-parameter-values
 * https://openid.net/specs/openid-connect-eap-acr-values-1_0.html#acrValues
 */
const STRENGTHS: readonly (readonly string[])[] = [
  [`${LOA}1fa:any`, `${LOA}1fa:pwd`],
  [`${LOA}1fa:any`, `${LOA}2fa:any:ifpossible`, `${LOA}2fa:any`],
  [`${LOA}1fa:any`, 'phr', 'phrh'],
];

/** The classes of `wanted`, and those of Okta's that are stronger than one of them. */
function withStronger(wanted: readonly string[]): string[] {
  const stronger = wanted.flatMap((one) =>
    STRENGTHS.flatMap((order) => (order.includes(one) ? order.slice(order.indexOf(one)) : [])),
  );
  return [...new Set([...wanted, ...stronger])];
}

/**
 * Decides as `decide()` does, but a class of Okta's that is stronger than one of `acrValues` will do as well. Apart from
 * it, because only a guard that would ask for a step-up needs it.
 * @param now epoch seconds
 */
export function decideByStrength(session: SessionState, rule: Rule, now: number): Decision {
  const decision = decide(session, { ...rule, acrValues: withStronger(rule.acrValues) }, now);
  const { missing } = decision;
  return missing.acr ? { ...decision, missing: { ...missing, acr: rule.acrValues } } : decision;
}
