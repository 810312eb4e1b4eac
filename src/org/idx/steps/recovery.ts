import { authenticatorJson, passwordJson } from '../authenticators.js';
import { passcodeOf, type Field, type Form, type Values } from '../form.js';
import { IdxError, messages, weakPassword } from '../messages.js';
import { describePolicy, meetsPolicy, passwordPolicy } from '../password-policy.js';
import type { Step } from '../step.js';
import type { Subject } from '../subject.js';
import type { Transaction } from '../transaction.js';
import { emailCode } from './email.js';
import { identifierField } from './identifier-field.js';

/** "Forgot password?" Whoever has been named already is not asked again. */
export function recover(tx: Transaction): Form {
  return {
    name: 'recover',
    path: 'recover',
    fields: [],
    submit: () => tx.go(tx.subject ? proveEmail(tx, tx.subject) : identifyForRecovery(tx)),
  };
}

function identifyForRecovery(tx: Transaction): Step {
  return {
    view: () => ({
      forms: [
        {
          name: 'identify-recovery',
          path: 'identify',
          fields: [identifierField('Username', tx.request.loginHint)],
          submit: (values) => tx.go(proveEmail(tx, tx.identify(values.identifier as string))),
        },
      ],
      recoveryAuthenticator: recoveryAuthenticator(tx),
    }),
  };
}

function proveEmail(tx: Transaction, subject: Subject): Step {
  return emailCode(tx, {
    as: 'challenge',
    purpose: 'recovery',
    to: recoveryAddress(tx),
    recoveryAuthenticator: recoveryAuthenticator(tx),
    onProved() {
      tx.recovered = true;
      tx.go(resetPassword(tx, subject));
    },
  });
}

/** The address of somebody who may recover or unlock an account. Undefined for everybody else, known or not. */
export function recoveryAddress({ user }: Transaction): string | undefined {
  const eligible = user?.emailVerified && (user.status === 'ACTIVE' || user.status === 'LOCKED_OUT');
  return eligible ? user.profile.email : undefined;
}

/** The new password, and Okta's checkbox. Tokens that apps hold already are not touched. */
const newPassword: Field = {
  name: 'credentials',
  type: 'object',
  required: true,
  form: {
    value: [
      { name: 'passcode', label: 'New password', required: true, secret: true },
      { name: 'revokeSessions', label: 'Sign me out of all other devices', type: 'boolean' },
    ],
  },
};

function resetPassword(tx: Transaction, subject: Subject): Step {
  const { directory, host, lockout, settings } = tx.services;
  const policy = passwordPolicy(settings.passwordMinLength);
  return {
    view: () => ({
      forms: [
        {
          name: 'reset-authenticator',
          path: 'challenge/answer',
          relatesTo: '$.currentAuthenticator',
          fields: [newPassword],
          async submit(values) {
            const password = passcodeOf(values);
            const user = tx.user;
            // Suspended or removed while the mail was under way.
            if (!user || recoveryAddress(tx) === undefined) throw new IdxError(403, messages.notAllowed);
            if (!meetsPolicy(password, policy, user.profile) || (await directory.usedBefore(user.id, password))) {
              throw new IdxError(400, weakPassword(describePolicy(policy)), 'credentials.passcode');
            }
            await directory.setPassword(user.id, password);
            directory.setEmailTrusted(user.id, false);
            if (user.status === 'LOCKED_OUT') directory.setStatus(user.id, 'ACTIVE');
            lockout.reset(subject);
            if ((values.credentials as Values).revokeSessions === true) host.endSessions(user.id);
            tx.prove('pwd', 'email');
            await tx.advance();
          },
        },
      ],
      current: { as: 'currentAuthenticator', value: passwordJson(policy) },
      authenticators: [authenticatorJson('okta_password')],
      recoveryAuthenticator: recoveryAuthenticator(tx),
    }),
  };
}

function recoveryAuthenticator(tx: Transaction): object {
  return passwordJson(passwordPolicy(tx.services.settings.passwordMinLength));
}
