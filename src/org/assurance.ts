import type { Amr } from './sign-in.js';

/**
 * Authentication context classes: what the predefined `acr_values` of Okta ask for.
 * https://developer.okta.com/docs/guides/step-up-authentication/main/
 */
interface ContextClass {
  /** What a sign-in must have proved. */
  reached(amr: readonly Amr[]): boolean;
  /** The sign-in asks for a second factor: always, or of those who have set one up. Default: it does not. */
  secondFactor?: 'always' | 'if-possible';
  /** No authenticator of this org proves it. */
  outOfReach?: true;
}

const CONTEXT_CLASSES: Record<string, ContextClass> = {
  'urn:okta:loa:1fa:any': { reached: (amr) => amr.length > 0 },
  'urn:okta:loa:1fa:pwd': { reached: (amr) => amr.includes('pwd') },
  'urn:okta:loa:2fa:any': { reached: (amr) => amr.includes('mfa'), secondFactor: 'always' },
  // The sign-in looks at what the user has set up; what it then asked for is enough.
  'urn:okta:loa:2fa:any:ifpossible': { reached: (amr) => amr.length > 0, secondFactor: 'if-possible' },
  // Phishing-resistant factors need WebAuthn or Okta Verify, which this org does not have.
  phr: { reached: () => false, outOfReach: true },
  phrh: { reached: () => false, outOfReach: true },
};

/** The values of `acr_values` that Okta has. It ignores any other. */
export const ACR_VALUES = Object.keys(CONTEXT_CLASSES);

/**
 * Which of the wanted values a sign-in is held to: the first within reach, or the first at all when none is.
 * `undefined` when Okta has none of them, or none is wanted.
 */
export function chosenAcr(wanted: readonly string[]): string | undefined {
  const known = wanted.filter((value) => Object.hasOwn(CONTEXT_CLASSES, value));
  return known.find((value) => !CONTEXT_CLASSES[value]!.outOfReach) ?? known[0];
}

/** The value tokens name as `acr`: the one chosen, once it is reached. */
export function reachedAcr(wanted: readonly string[], amr: readonly Amr[]): string | undefined {
  const chosen = chosenAcr(wanted);
  return chosen !== undefined && CONTEXT_CLASSES[chosen]!.reached(amr) ? chosen : undefined;
}

/** Whether a sign-in has proved what is wanted. */
export function isAssured(wanted: readonly string[], amr: readonly Amr[]): boolean {
  return chosenAcr(wanted) === undefined || reachedAcr(wanted, amr) !== undefined;
}

/** Whether what is wanted is more than this org can ask for: no sign-in will do. */
export function isOutOfReach(wanted: readonly string[]): boolean {
  const chosen = chosenAcr(wanted);
  return chosen !== undefined && CONTEXT_CLASSES[chosen]!.outOfReach === true;
}

/** Whether what is wanted takes a second factor. */
export function secondFactorFor(wanted: readonly string[]): 'always' | 'if-possible' | undefined {
  const chosen = chosenAcr(wanted);
  return chosen === undefined ? undefined : CONTEXT_CLASSES[chosen]!.secondFactor;
}

/** What an unmet request is answered with, beside `unmet_authentication_requirements`. */
export function describeUnmet(wanted: readonly string[]): string {
  return `The requested assurance could not be reached: ${wanted.join(' ')}.`;
}

/**
 * Whether a proof given at `authTime` (epoch seconds) is young enough (OpenID Connect Core, section 3.1.2.1).
 * `max_age=0` is Okta's way to say: whatever the session has, ask again.
 */
export function isRecent(authTime: number, maxAge: number | undefined, nowSeconds: number): boolean {
  return maxAge === undefined || (maxAge > 0 && nowSeconds - authTime <= maxAge);
}
