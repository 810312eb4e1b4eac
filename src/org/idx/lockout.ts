import type { Clock } from '../clock.js';
import type { Directory } from '../directory.js';
import { IdxError, messages } from './messages.js';
import { RateLimit } from './rate-limit.js';
import type { Subject } from './subject.js';

/**
 * Locks an account after a number of failed attempts.
 *
 * An attempt counts from the moment it begins, so that many made at once are no more than many made in a row. Names
 * that nobody has are counted and locked in the same way: whether an account is locked tells nothing about whether it
 * exists.
 */
export class Lockout {
  #directory: Directory;
  #limit: number;
  #onLock: (userId: string) => void;
  #unknown: RateLimit;

  /** @param onLock told once when an account becomes locked */
  constructor(directory: Directory, limit: number, clock: Clock, onLock: (userId: string) => void = () => {}) {
    this.#directory = directory;
    this.#limit = limit;
    this.#onLock = onLock;
    this.#unknown = new RateLimit(clock, limit, Infinity);
  }

  /**
   * Makes one attempt.
   *
   * @returns what `check` returned
   * @throws IdxError 403 when no attempts are left, before or after this one
   */
  async attempt(subject: Subject, check: () => boolean | Promise<boolean>): Promise<boolean> {
    const before = this.#count(subject);
    if (before >= this.#limit) throw new IdxError(403, messages.locked);
    this.#set(subject, before + 1);
    let passed = false;
    try {
      passed = await check();
    } finally {
      // Others may have counted meanwhile: take back this one attempt, not theirs.
      if (passed) this.#set(subject, this.#count(subject) - 1);
    }
    if (!passed && this.#count(subject) >= this.#limit) {
      this.#lock(subject);
      throw new IdxError(403, messages.locked);
    }
    return passed;
  }

  /** After a completed sign-in, reset or unlock: counting starts again. */
  reset(subject: Subject): void {
    this.#set(subject, 0);
  }

  #lock({ userId }: Subject): void {
    const user = userId === undefined ? undefined : this.#directory.get(userId);
    if (user?.status !== 'ACTIVE') return;
    this.#directory.setStatus(user.id, 'LOCKED_OUT');
    this.#onLock(user.id);
  }

  #count({ userId, key }: Subject): number {
    return userId === undefined ? this.#unknown.count(key) : this.#directory.failedAttempts(userId);
  }

  #set({ userId, key }: Subject, count: number): void {
    if (userId === undefined) this.#unknown.set(key, count);
    else this.#directory.setFailedAttempts(userId, count);
  }
}
