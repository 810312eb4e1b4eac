import type { Amr } from '../sign-in.js';

/**
 * What the predefined `acr_values` of Okta ask for, and which of them a sign-in has reached.
 * https://developer.okta.com/docs/guides/step-up-authentication/main/
 */
const REACHED: Record<string, (amr: readonly Amr[]) => boolean> = {
  'urn:okta:loa:1fa:any': (amr) => amr.length > 0,
  'urn:okta:loa:1fa:pwd': (amr) => amr.includes('pwd'),
  'urn:okta:loa:2fa:any': (amr) => amr.includes('mfa'),
  // "If possible" leaves it to the user's enrolments, which the sign-in looked at when it asked for factors.
  'urn:okta:loa:2fa:any:ifpossible': (amr) => amr.length > 0,
  // Phishing-resistant factors need WebAuthn, which this org does not have.
  phr: () => false,
  phrh: () => false,
};

/** The values that `/v1/authorize` takes. */
export const ACR_VALUES = Object.keys(REACHED);

/** The first wanted value that a sign-in has reached, which is the one tokens name. */
export function reachedAcr(wanted: readonly string[], amr: readonly Amr[]): string | undefined {
  return wanted.find((value) => Object.hasOwn(REACHED, value) && REACHED[value]?.(amr));
}

/** True when no value is wanted, or one of those wanted is reached. */
export function isAssured(wanted: readonly string[], amr: readonly Amr[]): boolean {
  return wanted.length === 0 || reachedAcr(wanted, amr) !== undefined;
}

/** Space-separated words of a request parameter. */
export function words(value: string | undefined): string[] {
  return value?.split(' ').filter(Boolean) ?? [];
}
