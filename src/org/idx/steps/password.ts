import { authenticatorJson, enrollmentJson } from '../authenticators.js';
import { credentials, passcodeOf } from '../form.js';
import { IdxError, messages } from '../messages.js';
import type { Step } from '../step.js';
import type { Subject } from '../subject.js';
import type { Transaction } from '../transaction.js';
import { recover } from './recovery.js';

/**
 * Checks a password and, when it is right, counts it as proved.
 *
 * Whoever was named, the same work is done, and only somebody who can sign in and knows the password passes. A locked
 * account is called locked to whoever used up the attempts, and to whoever knows the password.
 *
 * @throws IdxError 403 when the account is locked
 */
export async function checkPassword(tx: Transaction, subject: Subject, password: string): Promise<boolean> {
  const { directory, lockout } = tx.services;
  const passed = await lockout.attempt(subject, async () => {
    const right = await directory.verifyPassword(subject.userId, password);
    const status = tx.user?.status;
    return right && (status === 'ACTIVE' || status === 'LOCKED_OUT');
  });
  if (!passed) return false;
  if (tx.user?.status === 'LOCKED_OUT') throw new IdxError(403, messages.locked);
  tx.prove('pwd');
  return true;
}

/** Asks somebody who has been named for the password. */
export function challengePassword(tx: Transaction): Step {
  const subject = tx.subject!;
  const enrollment = enrollmentJson('okta_password', subject.key);
  return {
    view: () => ({
      forms: [
        {
          name: 'challenge-authenticator',
          path: 'challenge/answer',
          relatesTo: '$.currentAuthenticatorEnrollment',
          fields: [credentials({ label: 'Password', secret: true })],
          async submit(values) {
            const passed = await checkPassword(tx, subject, passcodeOf(values));
            if (!passed) throw new IdxError(401, messages.wrongPassword, 'credentials.passcode');
            await tx.advance();
          },
        },
      ],
      current: { as: 'currentAuthenticatorEnrollment', value: enrollment, actions: [recover(tx)] },
      authenticators: [authenticatorJson('okta_password')],
      enrollments: [enrollment],
    }),
  };
}
