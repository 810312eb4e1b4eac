import {
  authenticatorField,
  authenticatorJson,
  chosenAuthenticator,
  enrollmentJson,
  type AuthenticatorKey,
} from '../authenticators.js';
import { credentials, passcodeOf, type Form } from '../form.js';
import { IdxError, messages } from '../messages.js';
import type { Step } from '../step.js';
import type { Transaction } from '../transaction.js';
import { emailCode } from './email.js';

/** What the user can prove besides the password, most wanted first. */
export function enrolledSecondFactors(tx: Transaction): AuthenticatorKey[] {
  const { directory } = tx.services;
  const { id, emailVerified } = tx.user!;
  const hasTotp = directory.totpSecret(id) !== undefined;
  // Whoever can read the mail can choose a new password. With an authenticator app set up, that must not be enough:
  // after such a reset the app has to be used once before mail is a second factor again.
  const email = emailVerified && (!hasTotp || (directory.emailTrusted(id) && !tx.recovered));
  return [...(hasTotp ? (['google_otp'] as const) : []), ...(email ? (['okta_email'] as const) : [])];
}

/** Asks for one of the user's second factors, with the others to choose from. */
export function challengeSecondFactor(
  tx: Transaction,
  factors: readonly AuthenticatorKey[],
  wanted: AuthenticatorKey = factors[0]!,
): void {
  const choice: Form = {
    name: 'select-authenticator-authenticate',
    path: 'challenge',
    fields: [authenticatorField(factors, 'authenticatorEnrollments')],
    submit: (values) => challengeSecondFactor(tx, factors, chosenAuthenticator(values)),
  };
  const shared = {
    choices: factors.length > 1 ? [choice] : [],
    authenticators: factors.map((key) => authenticatorJson(key)),
    enrollments: factors.map((key) => enrollmentJson(key, tx.subject!.key)),
  };
  if (wanted === 'google_otp') {
    tx.go(challengeTotp(tx, shared));
    return;
  }
  tx.go(
    emailCode(tx, {
      ...shared,
      as: 'challenge',
      purpose: 'sign-in',
      to: tx.user!.profile.email,
      // Known by the password, so the address is no secret; most of it is hidden all the same.
      showAddress: true,
      async onProved() {
        tx.prove('email');
        tx.emailWasSecondFactor = true;
        await tx.advance();
      },
    }),
  );
}

interface Shared {
  choices: Form[];
  authenticators: object[];
  enrollments: object[];
}

/** Asks for a code from the authenticator app. */
function challengeTotp(tx: Transaction, { choices, authenticators, enrollments }: Shared): Step {
  const { directory, lockout } = tx.services;
  const subject = tx.subject!;
  return {
    view: () => ({
      forms: [
        {
          name: 'challenge-authenticator',
          path: 'challenge/answer',
          relatesTo: '$.currentAuthenticatorEnrollment',
          fields: [credentials({ label: 'Enter code' })],
          async submit(values) {
            let outcome: ReturnType<typeof directory.useTotp> = 'wrong';
            const passed = await lockout.attempt(subject, () => {
              outcome = directory.useTotp(subject.userId!, withoutSpaces(passcodeOf(values)));
              return outcome === 'accepted';
            });
            if (!passed) {
              const shown = (outcome as string) === 'used' ? messages.usedCode : messages.wrongCode;
              throw new IdxError(401, shown, 'credentials.passcode');
            }
            tx.prove('otp');
            await tx.advance();
          },
        },
        ...choices,
      ],
      current: { as: 'currentAuthenticatorEnrollment', value: enrollmentJson('google_otp', subject.key) },
      authenticators,
      enrollments,
    }),
  };
}

/** Codes are shown, and typed, in two groups. */
export function withoutSpaces(code: string): string {
  return code.replace(/\s/g, '');
}
