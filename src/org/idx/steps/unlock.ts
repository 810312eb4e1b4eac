import { authenticatorField, authenticatorJson } from '../authenticators.js';
import { messages } from '../messages.js';
import type { Step } from '../step.js';
import type { Transaction } from '../transaction.js';
import { emailCode } from './email.js';
import { identifierField } from './identifier-field.js';
import { recoveryAddress } from './recovery.js';

/** "Unlock account?" asks whose account, and how to prove that it is theirs. */
export function selectUnlock(tx: Transaction): Step {
  return {
    view: () => ({
      forms: [
        {
          name: 'select-authenticator-unlock-account',
          path: 'challenge',
          fields: [
            authenticatorField(['okta_email'], 'authenticators'),
            identifierField('Username', tx.request.loginHint),
          ],
          submit(values) {
            tx.identify(values.identifier as string);
            tx.go(proveEmail(tx));
          },
        },
      ],
      authenticators: [authenticatorJson('okta_email')],
    }),
  };
}

function proveEmail(tx: Transaction): Step {
  const { directory, lockout } = tx.services;
  return emailCode(tx, {
    as: 'challenge',
    purpose: 'unlock',
    to: recoveryAddress(tx),
    onProved() {
      const user = tx.user!;
      if (user.status === 'LOCKED_OUT') directory.setStatus(user.id, 'ACTIVE');
      lockout.reset(tx.subject!);
      // The mail unlocked the account; signing in takes the password.
      tx.go({ view: () => ({ forms: [], message: messages.unlocked }) });
    },
  });
}
