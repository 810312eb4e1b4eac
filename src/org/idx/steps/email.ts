import { authenticatorJson, enrollmentJson } from '../authenticators.js';
import { EmailCode } from '../email-code.js';
import type { EmailLink } from '../email-links.js';
import { credentials, passcodeOf, type Form } from '../form.js';
import { codeMail, maskEmail, type MailPurpose } from '../mails.js';
import { IdxError, messages } from '../messages.js';
import type { Step } from '../step.js';
import type { Transaction } from '../transaction.js';

/** How often the widget asks whether the mailed link was opened. */
const POLL_MS = 4000;

export interface EmailCodeOptions {
  /** `challenge`: an address the org knows. `enroll`: one it learns. */
  as: 'challenge' | 'enroll';
  purpose: MailPurpose;
  /** Where the code goes. Left out: nowhere, and no code is right. Nothing else differs. */
  to?: string;
  /** Sent in place of a code when there is no {@link to}. */
  notice?: () => void;
  /** Shows the address, mostly hidden. Only for whoever has proved to be its owner, or typed it. */
  showAddress?: boolean;
  /** Other ways to go on. */
  choices?: Form[];
  authenticators?: object[];
  enrollments?: object[];
  recoveryAuthenticator?: object;
  onProved(): void | Promise<void>;
}

/** Sends a code and asks for it. */
export function emailCode(tx: Transaction, options: EmailCodeOptions): Step {
  const { clock, links, mailbox, orgName, wrongCodes } = tx.services;
  const { as, purpose, to, choices = [], onProved } = options;
  const key = tx.subject!.key;
  let code: EmailCode;
  let link: EmailLink;

  function send(): void {
    if (tx.mailsLeft <= 0) throw new IdxError(429, messages.tooManyAttempts);
    tx.mailsLeft -= 1;
    code = new EmailCode(clock);
    const added = links.add(tx, code);
    link = added.link;
    const href = `${tx.request.origin}/idp/idx/email-link?otp=${code.code}&state=${added.id}`;
    if (to === undefined) options.notice?.();
    else mailbox.send({ to, ...codeMail(purpose, orgName, code.code, href) });
  }

  async function answer(given: string): Promise<void> {
    if (wrongCodes.reached(key)) throw new IdxError(429, messages.tooManyAttempts);
    const right = code.use(given) && to !== undefined;
    if (!right) {
      wrongCodes.add(key);
      if (code.exhausted) throw new IdxError(429, messages.tooManyAttempts);
      throw new IdxError(401, messages.wrongCode, 'credentials.passcode');
    }
    wrongCodes.set(key, 0);
    await onProved();
  }

  const current = as === 'challenge' ? 'currentAuthenticatorEnrollment' : 'currentAuthenticator';
  const authenticator = as === 'challenge' ? enrollmentJson('okta_email', key) : authenticatorJson('okta_email');

  send();
  return {
    view: () => ({
      forms: [
        {
          name: as === 'challenge' ? 'challenge-authenticator' : 'enroll-authenticator',
          path: 'challenge/answer',
          relatesTo: `$.${current}`,
          fields: [credentials({ label: 'Enter code' })],
          submit: (values) => answer(passcodeOf(values).replace(/\s/g, '')),
        },
        ...choices,
      ],
      current: {
        as: current,
        value: {
          ...authenticator,
          ...(options.showAddress && to !== undefined && { profile: { email: maskEmail(to) } }),
          // The field for the code is shown at once. The mail has a link as well.
          contextualData: { useEmailMagicLink: false },
        },
        actions: [
          { name: 'resend', path: 'challenge/resend', fields: [], submit: send },
          {
            name: 'poll',
            path: 'challenge/poll',
            fields: [],
            refresh: POLL_MS,
            submit: async () => {
              if (link.approved && to !== undefined) await onProved();
            },
          },
        ],
      },
      authenticators: options.authenticators ?? [authenticatorJson('okta_email')],
      enrollments: options.enrollments ?? (as === 'challenge' ? [authenticator] : []),
      recoveryAuthenticator: options.recoveryAuthenticator,
    }),
  };
}
