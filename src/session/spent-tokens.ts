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
  await ask(environment.indexedDB, async (table) => {
    const spent = await read(table, store.key);
    await settled(table.put([print, ...spent].slice(0, MEMORY), store.key));
  });
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
