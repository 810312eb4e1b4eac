import { randomBytes, scrypt, scryptSync, timingSafeEqual, type ScryptOptions } from 'node:crypto';

/** A password as it is kept: `salt:key`, both base64url. */
export type PasswordHash = string;

/** Cheap on purpose: an emulator on a developer's machine, not a vault. About 4 ms. */
const COST: ScryptOptions = { N: 1024, r: 8, p: 1 };
const KEY_LENGTH = 32;

export async function hashPassword(password: string): Promise<PasswordHash> {
  const salt = randomBytes(16);
  return format(salt, await derive(password, salt));
}

/** For the seed, which is read before anything is served. */
export function hashPasswordSync(password: string): PasswordHash {
  const salt = randomBytes(16);
  return format(salt, scryptSync(normalise(password), salt, KEY_LENGTH, COST));
}

/**
 * Compares in constant time. Without a hash (no such user, or a user without a password) it does the same work and is
 * always false, so that the time taken tells nothing.
 */
export async function passwordMatches(password: string, hash: PasswordHash | undefined): Promise<boolean> {
  const [salt, key] = (hash ?? NOBODY).split(':').map((part) => Buffer.from(part, 'base64url'));
  const same = timingSafeEqual(await derive(password, salt!), key!);
  return same && hash !== undefined;
}

const NOBODY = hashPasswordSync(randomBytes(16).toString('base64url'));

function derive(password: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(normalise(password), salt, KEY_LENGTH, COST, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

/** One form of Unicode, so that the same password typed on another keyboard is the same (NIST SP 800-63B, 5.1.1.2). */
function normalise(password: string): string {
  return password.normalize('NFKC');
}

function format(salt: Buffer, key: Buffer): PasswordHash {
  return `${salt.toString('base64url')}:${key.toString('base64url')}`;
}
