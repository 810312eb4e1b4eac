import type { PasswordHash } from './passwords.js';

/** Okta's user statuses, as far as the org knows them. Only an active user can sign in. */
export type UserStatus = 'ACTIVE' | 'STAGED' | 'LOCKED_OUT' | 'SUSPENDED' | 'DEPROVISIONED';

export interface UserProfile {
  login: string;
  email: string;
  firstName: string;
  lastName: string;
  displayName?: string;
  /** Language tag, such as `en-US`. */
  locale?: string;
}

/** One user at one moment. Frozen: to change a user, ask the directory. */
export interface User {
  /** Begins with `00u`. The same from run to run for a seeded user. */
  readonly id: string;
  readonly status: UserStatus;
  /** ISO 8601. */
  readonly created: string;
  readonly profile: Readonly<UserProfile>;
  /** Group names. Always includes `Everyone`. */
  readonly groups: readonly string[];
  readonly emailVerified: boolean;
}

/** A user as written in the seed file. */
export interface SeedUser {
  login: string;
  /** Default: the login. */
  email?: string;
  firstName: string;
  lastName: string;
  displayName?: string;
  locale?: string;
  /** Left out: the user cannot sign in with a password until it is reset. */
  password?: string;
  groups?: readonly string[];
  /** Default `ACTIVE`. */
  status?: UserStatus;
  /** Base32. The user has an authenticator app set up with it. */
  totpSecret?: string;
}

export interface NewUser {
  profile: UserProfile;
  /** From {@link hashPassword}. Left out: no password. */
  passwordHash?: PasswordHash;
  groups?: readonly string[];
  /** Default `ACTIVE`. */
  status?: UserStatus;
  /** Default false. */
  emailVerified?: boolean;
}
