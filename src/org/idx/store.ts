import type { Clock } from '../clock.js';
import type { Transaction } from './transaction.js';

/** Transactions kept at most. The oldest go first. */
const CAPACITY = 10_000;

/** Finds transactions by the handles that lead to them. */
export class TransactionStore {
  #clock: Clock;
  /** Oldest first, with the handles each is filed under. */
  #filed = new Map<Transaction, string[]>();
  #byHandle = new Map<string, Transaction>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes a transaction in, or follows one whose handles have changed. */
  file(transaction: Transaction): void {
    this.#unfile(transaction);
    const { interactionHandle, stateToken, stateHandle, redirectToken } = transaction;
    const handles = [interactionHandle, stateToken, stateHandle, redirectToken].filter(
      (handle) => handle !== undefined,
    );
    for (const handle of handles) this.#byHandle.set(handle, transaction);
    this.#filed.set(transaction, handles);
    if (this.#filed.size > CAPACITY) this.remove(this.#filed.keys().next().value!);
  }

  byInteractionHandle(handle: unknown): Transaction | undefined {
    return this.#find(handle, 'interactionHandle');
  }

  /** By the hosted page's token, or by a state handle in its place, as the widget sends after a reload. */
  byStateToken(token: unknown): Transaction | undefined {
    return this.#find(token, 'stateToken') ?? this.byStateHandle(token);
  }

  byStateHandle(handle: unknown): Transaction | undefined {
    return this.#find(handle, 'stateHandle');
  }

  byRedirectToken(token: unknown): Transaction | undefined {
    return this.#find(token, 'redirectToken');
  }

  remove(transaction: Transaction): void {
    this.#unfile(transaction);
    this.#filed.delete(transaction);
  }

  clear(): void {
    this.#filed.clear();
    this.#byHandle.clear();
  }

  sweep(): void {
    const now = this.#clock.now();
    for (const transaction of this.#filed.keys()) {
      if (transaction.expiresAt <= now) this.remove(transaction);
    }
  }

  #unfile(transaction: Transaction): void {
    for (const handle of this.#filed.get(transaction) ?? []) this.#byHandle.delete(handle);
  }

  /** A handle opens only what it is for: a state handle that was replaced is no longer one, and never a redirect token. */
  #find(
    handle: unknown,
    kind: 'interactionHandle' | 'stateToken' | 'stateHandle' | 'redirectToken',
  ): Transaction | undefined {
    if (typeof handle !== 'string') return undefined;
    const transaction = this.#byHandle.get(handle);
    if (!transaction || transaction[kind] !== handle || transaction.expiresAt <= this.#clock.now()) return undefined;
    return transaction;
  }
}
