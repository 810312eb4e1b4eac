import type { Mail } from '../mailbox.js';
import { escapeHtml } from '../http.js';

/** What a code is for. */
export type MailPurpose = 'sign-in' | 'recovery' | 'unlock' | 'registration' | 'enrollment';

type Content = Omit<Mail, 'id' | 'to' | 'sentAt'>;

const SUBJECTS: Readonly<Record<MailPurpose, string>> = {
  'sign-in': 'One-time verification code',
  recovery: 'Account password reset',
  unlock: 'Unlock your account',
  registration: 'Confirm your email address',
  enrollment: 'Confirm your email address',
};

const REASONS: Readonly<Record<MailPurpose, string>> = {
  'sign-in': 'You are signing in to',
  recovery: 'A new password was asked for, for your account at',
  unlock: 'Somebody asked to unlock your account at',
  registration: 'You are creating an account at',
  enrollment: 'You are setting up your email address as a way to sign in to',
};

/** A mail with a code to type and a link to open. */
export function codeMail(purpose: MailPurpose, orgName: string, code: string, link: string): Content {
  const reason = `${REASONS[purpose]} ${orgName}.`;
  const ignore =
    'The code is good for 5 minutes. If this was not you, ignore this mail: nothing happens without the code.';
  return {
    subject: SUBJECTS[purpose],
    text: `${reason}\n\nYour code: ${code}\nOr open: ${link}\n\n${ignore}`,
    html:
      `<p>${escapeHtml(reason)}</p><p>Your code: <strong>${code}</strong></p>` +
      `<p><a href="${escapeHtml(link)}">Or open this link</a></p><p>${ignore}</p>`,
    code,
    link,
  };
}

/** For the owner of an address with which somebody tries to sign up again. */
export function alreadyRegisteredMail(orgName: string): Content {
  return notice(
    'You already have an account',
    `Somebody is creating an account at ${orgName} with this address, but it has one already. ` +
      'If it was you, sign in instead; "Forgot password?" helps if you no longer know the password. ' +
      'If it was not you, ignore this mail.',
  );
}

/** For the owner of an account that has just been locked. */
export function accountLockedMail(orgName: string): Content {
  return notice(
    'Your account is locked',
    `There were too many failed attempts to sign in to your account at ${orgName}, so it is locked. ` +
      'Choose "Unlock account?" on the sign-in page to unlock it.',
  );
}

function notice(subject: string, text: string): Content {
  return { subject, text, html: `<p>${escapeHtml(text)}</p>` };
}

/** `sally@example.com` as `s***y@example.com`. */
export function maskEmail(address: string): string {
  const at = address.lastIndexOf('@');
  if (at < 1) return '***';
  const name = address.slice(0, at);
  const last = name.length > 1 ? name[name.length - 1] : '';
  return `${name[0]}***${last}${address.slice(at)}`;
}
