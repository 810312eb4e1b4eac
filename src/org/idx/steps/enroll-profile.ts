import { hashPassword, type PasswordHash } from '../../passwords.js';
import { authenticatorJson, passwordJson } from '../authenticators.js';
import { credentials, passcodeOf, type Field, type Form, type Values } from '../form.js';
import { alreadyRegisteredMail } from '../mails.js';
import { IdxError, messages, weakPassword } from '../messages.js';
import { describePolicy, meetsPolicy, passwordPolicy } from '../password-policy.js';
import type { Step } from '../step.js';
import type { Transaction } from '../transaction.js';
import { emailCode } from './email.js';

interface Profile {
  email: string;
  firstName: string;
  lastName: string;
}

const EMAIL = /^[^\s@<>"(),:;[\]\\]+@[^\s@<>"(),:;[\]\\]+$/;

const profileFields: readonly Field[] = [
  { name: 'email', label: 'Email', required: true, minLength: 1, maxLength: 100 },
  { name: 'firstName', label: 'First name', required: true, minLength: 1, maxLength: 50 },
  { name: 'lastName', label: 'Last name', required: true, minLength: 1, maxLength: 50 },
];

/** Sign-up: who you are, a password, and then a code to prove the address. */
export function enrollProfile(tx: Transaction): Step {
  const policy = passwordPolicy(tx.services.settings.passwordMinLength, 0);
  const enroll: Form = {
    name: 'enroll-profile',
    path: 'enroll/new',
    fields: [
      { name: 'userProfile', required: true, form: { value: profileFields } },
      credentials({ label: 'Enter password', secret: true }, { relatesTo: '$.currentAuthenticator' }),
    ],
    async submit(values) {
      const { email, firstName, lastName } = values.userProfile as Values & Profile;
      if (!EMAIL.test(email)) throw new IdxError(400, messages.invalidEmail, 'userProfile.email');
      const password = passcodeOf(values);
      if (!meetsPolicy(password, policy, { login: email })) {
        throw new IdxError(400, weakPassword(describePolicy(policy)), 'credentials.passcode');
      }
      tx.go(proveEmail(tx, { email, firstName, lastName }, await hashPassword(password)));
    },
  };
  const back: Form = {
    name: 'select-identify',
    path: 'identify/select',
    fields: [],
    submit: () => tx.restart(),
  };
  return {
    view: () => ({
      forms: [enroll, back],
      current: { as: 'currentAuthenticator', value: passwordJson(policy) },
      authenticators: [authenticatorJson('okta_password')],
    }),
  };
}

/**
 * The account comes into being only once the address is proved, so nobody can take somebody else's address, and an
 * address that has an account is treated like any other: its owner gets a mail that says so, and no code is right.
 */
function proveEmail(tx: Transaction, profile: Profile, passwordHash: PasswordHash): Step {
  const { directory, mailbox, orgName } = tx.services;
  const { email } = profile;
  const taken = directory.findByLogin(email);
  tx.subject = { identifier: email, key: `registration:${email.toLowerCase()}` };
  return emailCode(tx, {
    as: 'enroll',
    purpose: 'registration',
    to: taken ? undefined : email,
    notice: () => mailbox.send({ to: taken!.profile.email, ...alreadyRegisteredMail(orgName) }),
    async onProved() {
      // Somebody proved the same address a moment before.
      if (directory.findByLogin(email)) throw new IdxError(400, messages.registrationFailed);
      directory.create({ profile: { login: email, ...profile }, passwordHash, emailVerified: true });
      tx.identify(email);
      tx.prove('pwd', 'email');
      await tx.advance();
    },
  });
}
