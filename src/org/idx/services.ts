import type { Clock } from '../clock.js';
import type { Directory } from '../directory.js';
import type { Mailbox } from '../mailbox.js';
import type { SignInHost } from '../sign-in.js';
import type { EmailLinks } from './email-links.js';
import type { Lockout } from './lockout.js';
import type { RateLimit } from './rate-limit.js';

/** Another place to sign in at. */
export interface IdentityProvider {
  readonly id: string;
  /** Okta's name of its kind, such as `GOOGLE`. */
  readonly type: string;
  readonly name: string;
}

/** The `signIn` part of the seed. */
export interface SignInSettings {
  /** Asks for the identifier on a page of its own, before the password. */
  identifierFirst: boolean;
  /** Offers "Keep me signed in". */
  keepMeSignedIn: boolean;
  /** People may sign up by themselves. */
  registration: boolean;
  /** Failed attempts that lock an account. */
  lockoutAttempts: number;
  passwordMinLength: number;
  /** How long a sign-in may take. */
  stateLifetimeSeconds: number;
  /** Offered by embedded widgets. */
  identityProviders: readonly IdentityProvider[];
}

/** What the steps of a sign-in work with. */
export interface Services {
  directory: Directory;
  mailbox: Mailbox;
  clock: Clock;
  host: SignInHost;
  settings: SignInSettings;
  /** Shown in mails and authenticator apps. */
  orgName: string;
  lockout: Lockout;
  /** Wrong emailed codes, by subject. */
  wrongCodes: RateLimit;
  links: EmailLinks;
}
