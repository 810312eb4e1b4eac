import QRCode from 'qrcode';
import { generateTotpSecret, matchTotp, totpUri } from '../../totp.js';
import {
  authenticatorField,
  authenticatorJson,
  chosenAuthenticator,
  type AuthenticatorKey,
} from '../authenticators.js';
import { credentials, passcodeOf, type Form } from '../form.js';
import { IdxError, messages } from '../messages.js';
import type { Step } from '../step.js';
import type { Transaction } from '../transaction.js';
import { emailCode } from './email.js';
import { withoutSpaces } from './second-factor.js';

/** A second factor is needed and none is set up: one must be. */
export function requireEnrollment(tx: Transaction): Step {
  return chooseFactor(tx, ['google_otp', 'okta_email'], []);
}

/** Everything needed is proved; an authenticator app can be set up for the next time, or not. */
export function offerEnrollment(tx: Transaction): Step {
  const skip: Form = {
    name: 'skip',
    path: 'skip',
    fields: [],
    async submit() {
      tx.services.directory.declineEnrollment(tx.user!.id);
      await tx.advance();
    },
  };
  return chooseFactor(tx, ['google_otp'], [skip]);
}

function chooseFactor(tx: Transaction, keys: readonly AuthenticatorKey[], others: Form[]): Step {
  const authenticators = keys.map((key) => authenticatorJson(key));
  const choice: Form = {
    name: 'select-authenticator-enroll',
    path: 'credential/enroll',
    fields: [authenticatorField(keys, 'authenticators')],
    async submit(values) {
      const chosen = chosenAuthenticator(values);
      tx.go(chosen === 'google_otp' ? await enrollTotp(tx, choices, authenticators) : enrollEmail(tx, choices));
    },
  };
  const choices = [choice, ...others];
  return { view: () => ({ forms: choices, authenticators }) };
}

/** Shows a secret for the authenticator app and asks for a first code from it. */
async function enrollTotp(tx: Transaction, choices: Form[], authenticators: object[]): Promise<Step> {
  const { clock, directory, orgName } = tx.services;
  const { id, profile } = tx.user!;
  const secret = generateTotpSecret();
  const href = await QRCode.toDataURL(totpUri(secret, orgName, profile.login), { margin: 2, width: 200 });
  return {
    view: () => ({
      forms: [
        {
          name: 'enroll-authenticator',
          path: 'challenge/answer',
          relatesTo: '$.currentAuthenticator',
          fields: [credentials({ label: 'Enter code' })],
          async submit(values) {
            // An app set up elsewhere meanwhile is not replaced by this one: it is asked for.
            if (directory.totpSecret(id) === undefined) {
              const counter = matchTotp(secret, withoutSpaces(passcodeOf(values)), clock.now());
              if (counter === undefined) throw new IdxError(401, messages.wrongCode, 'credentials.passcode');
              directory.setTotp(id, secret, counter);
              tx.prove('otp');
            }
            await tx.advance();
          },
        },
        ...choices,
      ],
      current: {
        as: 'currentAuthenticator',
        value: {
          ...authenticatorJson('google_otp'),
          contextualData: { qrcode: { method: 'embedded', href, type: 'image/png' }, sharedSecret: secret },
        },
      },
      authenticators,
    }),
  };
}

/** Proves the address on file, which then serves as the second factor. */
function enrollEmail(tx: Transaction, choices: Form[]): Step {
  const { directory } = tx.services;
  const { id, profile } = tx.user!;
  return emailCode(tx, {
    as: 'enroll',
    purpose: 'enrollment',
    to: profile.email,
    showAddress: true,
    choices,
    authenticators: (['google_otp', 'okta_email'] as const).map((key) => authenticatorJson(key)),
    async onProved() {
      directory.markEmailVerified(id);
      if (directory.totpSecret(id) === undefined) tx.prove('email');
      await tx.advance();
    },
  });
}
