import { authenticatorJson, passwordJson } from '../authenticators.js';
import { credentials, passcodeOf, type Field, type Form } from '../form.js';
import { IdxError, messages } from '../messages.js';
import { passwordPolicy } from '../password-policy.js';
import type { Step } from '../step.js';
import type { Transaction } from '../transaction.js';
import { enrollProfile } from './enroll-profile.js';
import { identifierField } from './identifier-field.js';
import { challengePassword, checkPassword } from './password.js';
import { recover } from './recovery.js';
import { selectUnlock } from './unlock.js';

/** The first page: who are you? With the password on the same page, unless the org asks for it afterwards. */
export function identify(tx: Transaction): Step {
  const { settings } = tx.services;

  const identifyForm: Form = {
    name: 'identify',
    path: 'identify',
    fields: [
      identifierField('Username', tx.request.loginHint),
      ...(settings.identifierFirst ? [] : [credentials({ label: 'Password', secret: true })]),
      ...(settings.keepMeSignedIn ? [rememberMe] : []),
    ],
    async submit(values) {
      const subject = tx.identify(values.identifier as string);
      tx.remember = values.rememberMe === true;
      if (settings.identifierFirst) {
        tx.go(challengePassword(tx));
        return;
      }
      const passed = await checkPassword(tx, subject, passcodeOf(values)).finally(() => {
        // Whoever was named but not proved is asked for again, by "forgot password" too.
        if (!tx.proved.has('pwd')) tx.subject = undefined;
      });
      if (!passed) throw new IdxError(401, messages.authenticationFailed);
      await tx.advance();
    },
  };

  const enroll: Form = {
    name: 'select-enroll-profile',
    path: 'enroll',
    fields: [],
    submit: () => tx.go(enrollProfile(tx)),
  };
  const unlock: Form = {
    name: 'unlock-account',
    path: 'unlock-account',
    fields: [],
    submit: () => tx.go(selectUnlock(tx)),
  };

  return {
    view: () => ({
      forms: [identifyForm, ...(settings.registration ? [enroll] : []), unlock],
      // Okta's own page would have to go on after the provider, which this org's does not.
      providers: tx.request.kind === 'embedded' ? settings.identityProviders : [],
      current: {
        as: 'currentAuthenticator',
        value: passwordJson(passwordPolicy(settings.passwordMinLength)),
        // Nobody is named yet, so "forgot password" asks for the identifier.
        actions: [recover(tx)],
      },
      authenticators: [authenticatorJson('okta_password')],
    }),
  };
}

const rememberMe: Field = { name: 'rememberMe', label: 'Keep me signed in', type: 'boolean' };
