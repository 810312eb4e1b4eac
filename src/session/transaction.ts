import type { Environment } from './environment.js';

/** One sign-in under way, kept by its `state` until the answer comes back. */
export interface Transaction {
  /** Ties the answer to this browser tab (RFC 6749 section 10.12). */
  readonly state: string;
  /** Ties the ID token to this sign-in (OpenID Connect Core 3.1.2.1). */
  readonly nonce: string;
  /** Proves that who exchanges the code is who asked for it (RFC 7636). */
  readonly codeVerifier: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  /** Path, query and hash to come back to. */
  readonly returnTo: string;
  /** Requested authentication context classes; the ID token must name one of them. */
  readonly acrValues?: readonly string[];
  /** Requested maximum age of the authentication, seconds. */
  readonly maxAge?: number;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

const PREFIX = 'okta-elements:transaction:';
/** An answer that takes longer than this is not taken: Okta's own sign-in pages give up sooner. Milliseconds. */
const LIFETIME = 60 * 60 * 1000;
/** Where the browser blocks storage an embedded sign-in still works, a redirect does not. */
const memory = new Map<string, Transaction>();

/** Keeps a transaction, and drops those that were never answered. */
export function saveTransaction(transaction: Transaction, { sessionStorage, now }: Environment): void {
  memory.set(transaction.state, transaction);
  if (!sessionStorage) return;
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(PREFIX) && !isFresh(parse(sessionStorage.getItem(key)), now())) sessionStorage.removeItem(key);
  }
  try {
    sessionStorage.setItem(PREFIX + transaction.state, JSON.stringify(transaction));
  } catch {
    // A full storage: the copy in memory still serves whatever does not leave the page.
  }
}

/** The transaction we began with this state, if it is still open. */
export function findTransaction(state: string, { sessionStorage, now }: Environment): Transaction | undefined {
  const transaction = memory.get(state) ?? parse(sessionStorage?.getItem(PREFIX + state));
  return isFresh(transaction, now()) && transaction.state === state ? transaction : undefined;
}

/** Closes a transaction: its state is good for one answer only. */
export function dropTransaction(state: string, { sessionStorage }: Environment): void {
  memory.delete(state);
  sessionStorage?.removeItem(PREFIX + state);
}

function isFresh(transaction: Transaction | undefined, now: number): transaction is Transaction {
  const age = now - (transaction?.createdAt ?? NaN);
  return age >= -LIFETIME && age < LIFETIME;
}

function parse(value: string | null | undefined): Transaction | undefined {
  try {
    const transaction = JSON.parse(value ?? '') as Transaction;
    return typeof transaction.codeVerifier === 'string' ? transaction : undefined;
  } catch {
    return undefined;
  }
}
