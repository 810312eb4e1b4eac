import type { Session } from './session.js';

const DATABASE = 'okta-elements';
const TABLE = 'spent-refresh-tokens';
/** How many are remembered of each client. */
const MEMORY = 8;
/** Milliseconds until a database that does not answer is given up: it must not keep anybody from renewing. */
const PATIENCE = 1000;

/*
 * Which refresh tokens were exchanged of late, by whatever tab. The lock for renewals does not tell: every process of a
 * browser has its own copy of localStorage, and a tab that is given the lock may still read there what was true before
 * the tab ahead of it renewed. A refresh token that comes twice looks stolen to the provider, which then ends the
 * session (RFC 9700 section 4.14.2). IndexedDB is the same for all processes. What is kept there are hashes.
 */

/** Notes that the session with this id was signed out, for renewals whose response is on its way. */
export const markSignedOut = (id: string, session: Session) => markSpent(`signed out ${id}`, session);

/** Whether any tab signed out the session with this id, though what is stored may not say so here yet. */
export const isSignedOut = (id: string, session: Session) => isSpent(`signed out ${id}`, session);

/** Whether this refresh token was exchanged for another. Not known where the browser has no database for us. */
export async function isSpent(refreshToken: string, { environment, store }: Session): Promise<boolean> {
  const print = await fingerprint(refreshToken);
  const spent = await ask(environment.indexedDB, (table) => read(table, store.key));
  return spent?.includes(print) ?? false;
}

/** Remembers that this refresh token was exchanged for another, before the lock goes to another tab. */
export async function markSpent(refreshToken: string, { environment, store }: Session): Promise<void> {
  const print = await fingerprint(refreshToken);
  await ask(environment.indexedDB, (table) => remember(table, store.key, print));
}

/** The time for which one tab may renew. A tab that is frozen while it holds the lock can lose its turn to another. */
export interface Turn {
  readonly id: string;
  /** Whether the lock was stolen from this tab. */
  isLost: boolean;
}

interface TurnRecord {
  readonly id: string;
  /** Fingerprint of the refresh token that the tab may have sent. */
  readonly begun?: string;
}

export function newTurn(): Turn {
  return { id: crypto.randomUUID(), isLost: false };
}

/** Id of the turn that began last; empty when there was none. Undefined without a database. */
export function currentTurn({ environment, store }: Session): Promise<string | undefined> {
  return ask(environment.indexedDB, async (table) => (await readTurn(table, store.key))?.id ?? '');
}

/** Begins a turn, under the lock. */
export async function takeTurn({ id, isLost }: Turn, { environment, store }: Session): Promise<void> {
  if (isLost) return;
  await ask(environment.indexedDB, (table) => settled(table.put({ id }, turnKey(store.key))));
}

/**
 * Begins a turn in place of a tab that does not release the lock. A refresh token that the tab may have sent counts as
 * spent from now on.
 * @param seen the turn that is to end
 * @returns false when that turn has ended already, or without a database
 */
export async function claimTurn({ id }: Turn, seen: string | undefined, session: Session): Promise<boolean> {
  const { environment, store } = session;
  const claimed = await ask(environment.indexedDB, async (table) => {
    const turn = await readTurn(table, store.key);
    if ((turn?.id ?? '') !== seen) return false;
    if (turn?.begun) await remember(table, store.key, turn.begun);
    await settled(table.put({ id }, turnKey(store.key)));
    return true;
  });
  return claimed ?? false;
}

/**
 * Notes that this refresh token is about to be sent.
 * @returns whether it may be: not when another tab has claimed the turn
 */
export async function beginExchange(refreshToken: string, turn: Turn, session: Session): Promise<boolean> {
  const { environment, store } = session;
  const begun = await fingerprint(refreshToken);
  const allowed = await ask(environment.indexedDB, async (table) => {
    if ((await readTurn(table, store.key))?.id !== turn.id) return false;
    await settled(table.put({ id: turn.id, begun }, turnKey(store.key)));
    return true;
  });
  return !turn.isLost && (allowed ?? true);
}

const turnKey = (key: string) => `${key}:turn`;

async function readTurn(table: IDBObjectStore, key: string): Promise<TurnRecord | undefined> {
  return (await settled(table.get(turnKey(key)))) as TurnRecord | undefined;
}

async function remember(table: IDBObjectStore, key: string, print: string): Promise<void> {
  const spent = await read(table, key);
  await settled(table.put([print, ...spent].slice(0, MEMORY), key));
}

async function ask<T>(factory: IDBFactory | undefined, what: (table: IDBObjectStore) => Promise<T>) {
  if (!factory) return undefined;
  const work = async () => {
    const opening = factory.open(DATABASE);
    opening.onupgradeneeded = () => opening.result.createObjectStore(TABLE);
    const database = await settled(opening);
    try {
      return await what(database.transaction(TABLE, 'readwrite').objectStore(TABLE));
    } finally {
      database.close();
    }
  };
  const patience = new Promise<undefined>((resolve) => setTimeout(resolve, PATIENCE));
  // Private windows and blocked storage: renewals go on as well as they can without it.
  return Promise.race([work(), patience]).catch(() => undefined);
}

async function read(table: IDBObjectStore, key: string): Promise<string[]> {
  const value: unknown = await settled(table.get(key));
  return Array.isArray(value) ? (value as string[]) : [];
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error!);
  });
}

async function fingerprint(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
