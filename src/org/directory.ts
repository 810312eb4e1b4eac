import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from './clock.js';
import { hashPassword, hashPasswordSync, passwordMatches, type PasswordHash } from './passwords.js';
import { decodeBase32, encodeBase32, matchTotp } from './totp.js';
import type { NewUser, SeedUser, User, UserStatus } from './user.js';

export type { NewUser, SeedUser, User, UserProfile, UserStatus } from './user.js';

export interface DirectorySeed {
  users?: readonly SeedUser[];
  /** Groups that exist besides those the users name. */
  groups?: readonly (string | { name: string })[];
}

interface Entry {
  user: User;
  /** Current password first, then earlier ones. */
  passwords: PasswordHash[];
  /** The password as the seed has it, for the users page. Gone once it is changed. */
  samplePassword?: string;
  totpSecret?: string;
  /** Period of the last code that was accepted. No code of that period or before is accepted again. */
  totpUsed: number;
  failedAttempts: number;
  /** Counts changes of the password. */
  passwordVersion: number;
  /** False after the password was reset by mail, until the authenticator app was used. */
  emailTrusted: boolean;
  declinedEnrollment: boolean;
}

/** How many passwords are remembered, so that they are not chosen again. Okta's default. */
export const PASSWORD_HISTORY = 4;

/** The org's users and groups. */
export class Directory {
  #clock: Clock;
  #entries = new Map<string, Entry>();
  /** Login or email, lower case, to id. */
  #names = new Map<string, string>();
  #groups = new Set<string>(['Everyone']);

  /** @throws Error when two seeded users share a login or email */
  constructor(seed: DirectorySeed, clock: Clock) {
    this.#clock = clock;
    for (const group of seed.groups ?? []) this.#groups.add(typeof group === 'string' ? group : group.name);
    for (const seeded of seed.users ?? []) this.#plant(seeded);
  }

  get(id: string): User | undefined {
    return this.#entries.get(id)?.user;
  }

  /** By login or email, whichever case. */
  findByLogin(login: string): User | undefined {
    const id = this.#names.get(nameKey(login));
    return id === undefined ? undefined : this.get(id);
  }

  /** Everybody, in the order they came. */
  list(): User[] {
    return [...this.#entries.values()].map((entry) => entry.user);
  }

  /** Names of all groups. */
  groups(): string[] {
    return [...this.#groups];
  }

  /** @throws Error when the login or email is taken */
  create(from: NewUser): User {
    const id = `00u${randomBytes(16).toString('base64url').replace(/[-_]/g, 'x').slice(0, 17)}`;
    return this.#add(id, from).user;
  }

  setStatus(id: string, status: UserStatus): void {
    const entry = this.#entry(id);
    entry.user = Object.freeze({ ...entry.user, status });
    if (status === 'ACTIVE') entry.failedAttempts = 0;
  }

  markEmailVerified(id: string): void {
    const entry = this.#entry(id);
    entry.user = Object.freeze({ ...entry.user, emailVerified: true });
  }

  /** Same work and false when there is no such user or no password. */
  verifyPassword(id: string | undefined, password: string): Promise<boolean> {
    const entry = id === undefined ? undefined : this.#entries.get(id);
    return passwordMatches(password, entry?.passwords[0]);
  }

  /** Whether the user has this password or had it recently. */
  async usedBefore(id: string, password: string): Promise<boolean> {
    const matches = await Promise.all(this.#entry(id).passwords.map((hash) => passwordMatches(password, hash)));
    return matches.includes(true);
  }

  async setPassword(id: string, password: string): Promise<void> {
    const entry = this.#entry(id);
    const hash = await hashPassword(password);
    entry.passwords = [hash, ...entry.passwords].slice(0, PASSWORD_HISTORY);
    entry.passwordVersion += 1;
    delete entry.samplePassword;
  }

  /** Another number after every change of the password. */
  passwordVersion(id: string): number {
    return this.#entry(id).passwordVersion;
  }

  hasPassword(id: string): boolean {
    return this.#entry(id).passwords.length > 0;
  }

  /** The password as the seed has it, while it is still that one. */
  samplePassword(id: string): string | undefined {
    return this.#entry(id).samplePassword;
  }

  /** Base32 secret of the user's authenticator app, if one is set up. */
  totpSecret(id: string): string | undefined {
    return this.#entry(id).totpSecret;
  }

  /**
   * Sets up an authenticator app.
   *
   * @param usedCounter period of the code that proved it, which then counts as used
   * @throws RangeError when the secret is not base32
   */
  setTotp(id: string, secret: string, usedCounter = -1): void {
    const entry = this.#entry(id);
    entry.totpSecret = encodeBase32(decodeBase32(secret));
    entry.totpUsed = usedCounter;
  }

  removeTotp(id: string): void {
    delete this.#entry(id).totpSecret;
  }

  /** Checks a code and uses it up: every code is good once (RFC 6238, section 5.2). */
  useTotp(id: string, code: string): 'accepted' | 'used' | 'wrong' {
    const entry = this.#entry(id);
    if (entry.totpSecret === undefined) return 'wrong';
    const counter = matchTotp(entry.totpSecret, code, this.#clock.now());
    if (counter === undefined) return 'wrong';
    if (counter <= entry.totpUsed) return 'used';
    entry.totpUsed = counter;
    return 'accepted';
  }

  /** Whether a mailed code may stand for a second factor beside an authenticator app. */
  emailTrusted(id: string): boolean {
    return this.#entry(id).emailTrusted;
  }

  setEmailTrusted(id: string, trusted: boolean): void {
    this.#entry(id).emailTrusted = trusted;
  }

  /** Whether the user said no to setting up an authenticator app. */
  declinedEnrollment(id: string): boolean {
    return this.#entry(id).declinedEnrollment;
  }

  declineEnrollment(id: string): void {
    this.#entry(id).declinedEnrollment = true;
  }

  /** Failed attempts, and attempts under way, since the last completed sign-in. */
  failedAttempts(id: string): number {
    return this.#entry(id).failedAttempts;
  }

  setFailedAttempts(id: string, count: number): void {
    this.#entry(id).failedAttempts = Math.max(0, count);
  }

  #plant(seeded: SeedUser): void {
    const { login, email = login, firstName, lastName, displayName, locale, password, totpSecret } = seeded;
    // Derived from the login, so that `sub` stays the same from run to run.
    const id = `00u${createHash('sha256').update(login.toLowerCase()).digest('base64url').replace(/[-_]/g, 'x').slice(0, 17)}`;
    const entry = this.#add(id, {
      profile: { login, email, firstName, lastName, ...(displayName && { displayName }), ...(locale && { locale }) },
      groups: seeded.groups,
      status: seeded.status,
      emailVerified: true,
    });
    if (password !== undefined) {
      entry.passwords = [hashPasswordSync(password)];
      entry.samplePassword = password;
    }
    if (totpSecret !== undefined) this.setTotp(id, totpSecret);
  }

  #add(id: string, from: NewUser): Entry {
    const names = new Set([nameKey(from.profile.login), nameKey(from.profile.email)]);
    for (const name of names) {
      if (this.#names.has(name)) throw new Error(`A user with the login or email "${name}" exists already.`);
    }
    for (const group of from.groups ?? []) this.#groups.add(group);
    const entry: Entry = {
      user: Object.freeze({
        id,
        status: from.status ?? 'ACTIVE',
        created: new Date(this.#clock.now()).toISOString(),
        profile: Object.freeze({ ...from.profile }),
        groups: Object.freeze([...new Set(['Everyone', ...(from.groups ?? [])])]),
        emailVerified: from.emailVerified ?? false,
      }),
      passwords: from.passwordHash === undefined ? [] : [from.passwordHash],
      totpUsed: -1,
      failedAttempts: 0,
      passwordVersion: 0,
      emailTrusted: true,
      declinedEnrollment: false,
    };
    this.#entries.set(id, entry);
    for (const name of names) this.#names.set(name, id);
    return entry;
  }

  #entry(id: string): Entry {
    const entry = this.#entries.get(id);
    if (!entry) throw new Error(`No user has the id "${id}".`);
    return entry;
  }
}

/** Logins and emails are one set of names: no two users have the same, and the case does not matter. */
export function nameKey(name: string): string {
  return name.trim().toLowerCase();
}
