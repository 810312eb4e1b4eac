import type { UserProfile } from '../directory.js';
import { PASSWORD_HISTORY } from '../directory.js';

/** Rules for new passwords, in the shape in which answers carry them to the widget. */
export interface PasswordPolicy {
  complexity: {
    minLength: number;
    minLowerCase: number;
    minUpperCase: number;
    minNumber: number;
    minSymbol: number;
    excludeUsername: boolean;
    excludeAttributes: string[];
  };
  age: { minAgeMinutes: number; historyCount: number };
}

/** Longest password, as in Okta. */
export const PASSWORD_MAX_LENGTH = 72;

/** Parts of a login shorter than this may occur in a password. */
const SHORTEST_PART = 4;

/**
 * Okta's default policy with a minimum length of one's own.
 *
 * @param historyCount how many earlier passwords may not be chosen again; 0 for a first one
 */
export function passwordPolicy(minLength: number, historyCount = PASSWORD_HISTORY): PasswordPolicy {
  return {
    complexity: {
      minLength,
      minLowerCase: 1,
      minUpperCase: 1,
      minNumber: 1,
      minSymbol: 0,
      excludeUsername: true,
      excludeAttributes: [],
    },
    age: { minAgeMinutes: 0, historyCount },
  };
}

/** Whether a password meets the rules that do not depend on earlier passwords. */
export function meetsPolicy(
  password: string,
  { complexity }: PasswordPolicy,
  profile: Pick<UserProfile, 'login'>,
): boolean {
  const lower = password.toLowerCase();
  return (
    password.length >= complexity.minLength &&
    password.length <= PASSWORD_MAX_LENGTH &&
    count(password, /\p{Ll}/gu) >= complexity.minLowerCase &&
    count(password, /\p{Lu}/gu) >= complexity.minUpperCase &&
    count(password, /[0-9]/g) >= complexity.minNumber &&
    !loginParts(profile.login).some((part) => lower.includes(part))
  );
}

/** The rules in words. */
export function describePolicy({ complexity, age }: PasswordPolicy): string {
  const rules =
    `Password requirements: at least ${complexity.minLength} characters, a lowercase letter, an uppercase letter, ` +
    'a number, no parts of your username.';
  return age.historyCount === 0
    ? rules
    : `${rules} Your password cannot be any of your last ${age.historyCount} passwords.`;
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

function loginParts(login: string): string[] {
  return login
    .toLowerCase()
    .split(/[,.\-_#@]/)
    .filter((part) => part.length >= SHORTEST_PART);
}
