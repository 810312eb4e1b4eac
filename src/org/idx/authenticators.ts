import { createHmac, randomBytes } from 'node:crypto';
import type { Field, Option, Values } from './form.js';
import type { PasswordPolicy } from './password-policy.js';

/** The authenticators of the org, by Okta's keys. */
export type AuthenticatorKey = 'okta_password' | 'okta_email' | 'google_otp';

interface Authenticator {
  id: string;
  type: 'password' | 'email' | 'app';
  displayName: string;
  methodType: 'password' | 'email' | 'otp';
  /** What Okta begins the ids of its enrolments with. */
  enrollmentPrefix: string;
}

export const AUTHENTICATORS: Readonly<Record<AuthenticatorKey, Authenticator>> = {
  okta_password: {
    id: 'autlocalpassword00g4',
    type: 'password',
    displayName: 'Password',
    methodType: 'password',
    enrollmentPrefix: 'lae',
  },
  okta_email: {
    id: 'autlocalemail00000g4',
    type: 'email',
    displayName: 'Email',
    methodType: 'email',
    enrollmentPrefix: 'eae',
  },
  google_otp: {
    id: 'autlocalgoogleotp0g4',
    type: 'app',
    displayName: 'Google Authenticator',
    methodType: 'otp',
    enrollmentPrefix: 'uft',
  },
};

/** An authenticator as answers describe it. */
export function authenticatorJson(key: AuthenticatorKey) {
  const { id, type, displayName, methodType } = AUTHENTICATORS[key];
  return { type, key, id, displayName, methods: [{ type: methodType }] };
}

const enrollmentSecret = randomBytes(32);

/**
 * Somebody's enrolment of an authenticator. The id is computed from whoever was named, so that somebody who does not
 * exist has one like everybody else.
 */
export function enrollmentJson(key: AuthenticatorKey, subject: string) {
  const hash = createHmac('sha256', enrollmentSecret).update(`${key}\n${subject}`).digest('base64url');
  const id = AUTHENTICATORS[key].enrollmentPrefix + hash.replace(/[-_]/g, 'x').slice(0, 17);
  return { ...authenticatorJson(key), id };
}

/** The password authenticator with the rules a new password must meet. */
export function passwordJson({ complexity, age }: PasswordPolicy) {
  return { ...authenticatorJson('okta_password'), settings: { complexity, age } };
}

/** The `authenticator` field of a form to choose one from a list in the same answer. */
export function authenticatorField(
  keys: readonly AuthenticatorKey[],
  list: 'authenticators' | 'authenticatorEnrollments',
): Field {
  const options = keys.map((key, index): Option => {
    const { id, displayName, methodType } = AUTHENTICATORS[key];
    return {
      label: displayName,
      value: {
        form: {
          value: [
            { name: 'id', required: true, value: id, mutable: false },
            { name: 'methodType', required: false, value: methodType, mutable: false },
          ],
        },
      },
      relatesTo: `$.${list}.value[${index}]`,
    };
  });
  return { name: 'authenticator', type: 'object', required: true, options };
}

/** Which authenticator was chosen with {@link authenticatorField}. */
export function chosenAuthenticator(values: Values): AuthenticatorKey {
  const { id } = values.authenticator as Values;
  const key = (Object.keys(AUTHENTICATORS) as AuthenticatorKey[]).find((name) => AUTHENTICATORS[name].id === id);
  if (!key) throw new Error('No authenticator has the chosen id.');
  return key;
}
