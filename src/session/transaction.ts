import type { Discovery } from './discovery.js';
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
  /** What the provider said of itself when this began, so that its end need not ask. Checked again before it is used. */
  readonly provider?: Discovery;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** It has come to an end that a page loaded again should not show again. */
  readonly ended?: boolean;
  /** Embedded: path, query and hash of the page that shows its form. */
  readonly page?: string;
  /** Embedded: the form that page begins with. Default `login`. */
  readonly flow?: string;
}

const PREFIX = 'okta-elements:transaction:';
/** Where other tabs find those that wait for a mailed link, which opens one. */
const SHARED = 'okta-elements:shared-transaction:';
/** An answer that takes longer than this is not taken: Okta's own sign-in pages give up sooner. Milliseconds. */
const LIFETIME = 60 * 60 * 1000;
/** Where the browser blocks storage, or it is full, an embedded sign-in still works; a redirect does not. */
const memory = new Map<string, Transaction>();

/** Keeps a transaction, and drops those that were never answered. @returns whether it outlives this page */
export function saveTransaction(transaction: Transaction, { sessionStorage, now }: Environment): boolean {
  try {
    // A storage that is blocked ends like one that is full.
    keep(sessionStorage!, PREFIX, transaction, now());
    return true;
  } catch {
    memory.set(transaction.state, transaction);
    return false;
  }
}

/** The transaction we began with this state, if it is still open. */
export function findTransaction(state: string, { sessionStorage, now }: Environment): Transaction | undefined {
  const transaction = memory.get(state) ?? parse(sessionStorage?.getItem(PREFIX + state));
  return isFresh(transaction, now()) && transaction.state === state ? transaction : undefined;
}

/** Lets the other tabs of this browser go on with it. */
export function shareTransaction(transaction: Transaction, { localStorage, now }: Environment): void {
  try {
    keep(localStorage!, SHARED, transaction, now());
  } catch {
    // Blocked or full: the code in the mail can still be typed.
  }
}

/** The transaction with this state that this browser began. One that another tab shares becomes this tab's as well. */
export function takeOverTransaction(state: string, environment: Environment): Transaction | undefined {
  const shared = parse(environment.localStorage?.getItem(SHARED + state));
  if (shared?.state === state && !findTransaction(state, environment)) saveTransaction(shared, environment);
  return findTransaction(state, environment);
}

/** The sign-ins that this tab has begun and not closed, latest first. */
export function openTransactions({ sessionStorage, now }: Environment): Transaction[] {
  const keys = Object.keys(sessionStorage ?? {}).filter((key) => key.startsWith(PREFIX));
  const open = keys.map((key) => parse(sessionStorage?.getItem(key)));
  return open
    .filter((transaction) => isFresh(transaction, now()))
    .sort((one, other) => other.createdAt - one.createdAt);
}

/** Whether this tab waits for an answer to any sign-in. */
export function awaitsAnswer({ sessionStorage }: Environment): boolean {
  return memory.size > 0 || Object.keys(sessionStorage ?? {}).some((key) => key.startsWith(PREFIX));
}

/** Closes a transaction: its state is good for one answer only. */
export function dropTransaction(state: string, { sessionStorage, localStorage }: Environment): void {
  memory.delete(state);
  sessionStorage?.removeItem(PREFIX + state);
  localStorage?.removeItem(SHARED + state);
}

/** @throws when the storage is full */
function keep(storage: Storage, prefix: string, transaction: Transaction, now: number): void {
  for (const key of Object.keys(storage)) {
    if (key.startsWith(prefix) && !isFresh(parse(storage.getItem(key)), now)) storage.removeItem(key);
  }
  storage.setItem(prefix + transaction.state, JSON.stringify(transaction));
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
