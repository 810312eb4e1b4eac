import { OktaElementsError } from '../errors.js';
import type { Session } from './session.js';

const OBJECT_STORE = 'key';
const RECORD = 'pair';

/**
 * How long a key may be there that the tokens of this tab do not name, milliseconds: another tab may be about to store
 * tokens for it, or have stored them where only that tab sees them.
 */
const ABOUT_TO_BE_USED = 60_000;
const IN_USE_ELSEWHERE = 30 * 24 * 3600_000;

/** Makes a key that cannot leave this browser, and keeps it for as long as the tokens. @returns its id */
export async function createKeyPair(session: Session, algorithm: EcKeyGenParams | RsaHashedKeyGenParams) {
  const { store, environment } = session;
  // When it was made, for `removeLeftOvers`.
  const id = `${environment.now()}.${crypto.randomUUID()}`;
  const pair = await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify']);
  if (store.isLasting) {
    await inDatabase(session, id, 'readwrite', (records) => records.put(pair, RECORD));
    removeLeftOvers(session).catch(() => {});
  }
  store.keys.set(id, pair);
  return id;
}

/** The key of that id, if it is still there. @throws OktaElementsError `storage_unavailable` */
export async function findKeyPair(session: Session, id: string): Promise<CryptoKeyPair | undefined> {
  const { store } = session;
  const known = store.keys.get(id);
  if (known || !store.isLasting) return known;
  const pair = (await inDatabase(session, id, 'readonly', (records) => records.get(RECORD))) as
    CryptoKeyPair | undefined;
  if (pair) store.keys.set(id, pair);
  return pair;
}

/** Removes keys that no token names: of a tab that was closed, of tokens that something else than we removed. */
async function removeLeftOvers({ store, environment }: Session): Promise<void> {
  const prefix = store.nameKey('');
  const oldest = environment.now() - (store.isShared ? ABOUT_TO_BE_USED : IN_USE_ELSEWHERE);
  // Firefox has it since 126.
  for (const { name = '' } of (await environment.indexedDB?.databases?.()) ?? []) {
    const id = name.slice(prefix.length);
    const isOld = name.startsWith(prefix) && Number(id.split('.')[0]) < oldest;
    if (isOld && id !== store.read()?.keyId) store.dropKey(id);
  }
}

async function inDatabase<T>(
  session: Session,
  id: string,
  mode: 'readonly' | 'readwrite',
  work: (records: IDBObjectStore) => IDBRequest<T>,
): Promise<T | undefined> {
  const { store, environment, config } = session;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('IndexedDB does not answer.')), config.requestTimeout);
  });
  try {
    return await Promise.race([limit, perform(environment.indexedDB!, store.nameKey(id), mode, work)]);
  } catch (cause) {
    throw new OktaElementsError(
      'storage_unavailable',
      'dpop: the browser does not store the key. Allow storage for this site, or set storage="memory".',
      { cause },
    );
  } finally {
    clearTimeout(timer);
  }
}

/** Reading does not make a database that is not there. */
function perform<T>(
  factory: IDBFactory,
  name: string,
  mode: 'readonly' | 'readwrite',
  work: (records: IDBObjectStore) => IDBRequest<T>,
): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const opening = factory.open(name, 1);
    let isMissing = false;
    opening.onupgradeneeded = () => {
      isMissing = mode === 'readonly';
      if (isMissing) opening.transaction!.abort();
      else opening.result.createObjectStore(OBJECT_STORE);
    };
    opening.onerror = () => (isMissing ? resolve(undefined) : reject(opening.error!));
    opening.onsuccess = () => {
      const database = opening.result;
      // Whoever removes the key need not wait for this.
      database.onversionchange = () => database.close();
      const transaction = database.transaction(OBJECT_STORE, mode);
      const request = work(transaction.objectStore(OBJECT_STORE));
      transaction.oncomplete = () => {
        database.close();
        resolve(request.result);
      };
      transaction.onabort = () => {
        database.close();
        reject(transaction.error!);
      };
    };
  });
}
