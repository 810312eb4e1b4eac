/**
 * How tokens lie in storage: encrypted (AES-GCM) with a key of this browser that no script can export. WebCrypto keeps
 * the key, IndexedDB its handle. Decision 21 says what this protects against, and what not.
 */
import { OktaElementsError } from '../errors.js';
import { explainError } from '../report.js';
import type { LiveSession } from './live-session.js';
import { own } from './own.js';
import type { Session } from './session.js';
import type { User } from './state.js';
import { noteUser } from './store-tokens.js';
import type { StoredSession, StoredTokens, TokenSet } from './token-store.js';

const AES = 'AES-GCM';
/** NIST SP 800-38D section 8.2.2: 96 random bits, new for each encryption. */
const IV_BYTES = 12;
const DATABASE = 'okta-elements:keys';
const TABLE = 'sealing-keys';

/** A session that is ready to be stored, and its tokens. */
export interface Sealed {
  readonly stored: StoredSession;
  readonly tokens: StoredTokens;
}

/** The keys that this page has read or made: they serve when the database fails later. */
const known = new WeakMap<Session['store'], CryptoKey>();

/**
 * Encrypts tokens for the storage. The readable part is authenticated with them (additional data), so that a change of
 * it makes them unreadable. Where the browser keeps no key, the result stays in memory: nothing is stored in clear.
 */
export async function seal(session: Session, tokens: TokenSet): Promise<Sealed> {
  const { store } = session;
  const { accessToken, idToken, refreshToken, tokenType, scopes, expiresAt, clockSkew, keyId } = tokens;
  const user = decodeClaims(idToken);
  const readable = { id: crypto.randomUUID(), tokenType, scopes, expiresAt, clockSkew, keyId, user };
  const key = store.isInMemory ? undefined : await keyToSeal(session);
  let item: string | undefined;
  if (key) {
    const text = JSON.stringify(readable);
    const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
    const secrets = encode(JSON.stringify({ accessToken, idToken, refreshToken }));
    const sealed = await crypto.subtle.encrypt(parameters(session, text, iv), key, secrets);
    item = `${text}\n${toBase64(iv)}${toBase64(new Uint8Array(sealed))}`;
  }
  const stored = own({ ...readable, item });
  return { stored, tokens: own({ ...stored, accessToken, idToken, refreshToken }) };
}

/**
 * The tokens of a stored session, decrypted once per page. A session that cannot be decrypted is removed: when the key
 * is gone, it may be restored as with `storage="memory"`; when the item was altered, it has ended.
 * @returns undefined when it cannot be decrypted
 */
export async function unseal(session: LiveSession, stored: StoredSession): Promise<StoredTokens | undefined> {
  const { store } = session;
  const opened = store.opened.get(stored);
  if (opened) return opened;
  // The database comes first: another tab may have had to make a new key.
  const found = await find(session).catch(() => undefined);
  const key = found ?? known.get(store);
  const tokens = key && (await decrypt(session, stored, key));
  if (tokens) {
    known.set(store, key);
    store.opened.set(stored, tokens);
    return tokens;
  }
  if (store.read() === stored) {
    store.clear();
    if (!key) noteUser(session);
  }
  return undefined;
}

async function decrypt(session: Session, stored: StoredSession, key: CryptoKey): Promise<StoredTokens | undefined> {
  try {
    const [text, sealed] = stored.item!.split('\n') as [string, string];
    const bytes = fromBase64(sealed);
    const plain = await crypto.subtle.decrypt(
      parameters(session, text, bytes.slice(0, IV_BYTES)),
      key,
      bytes.slice(IV_BYTES),
    );
    return own({ ...stored, ...(JSON.parse(new TextDecoder().decode(plain)) as TokenSet) });
  } catch {
    return undefined;
  }
}

function parameters({ store }: Session, text: string, iv: Uint8Array<ArrayBuffer>): AesGcmParams {
  return { name: AES, iv, additionalData: encode(`${store.key}\n${text}`) };
}

/** The key of this client, made with its first session. Undefined where the browser keeps none. */
async function keyToSeal(session: Session): Promise<CryptoKey | undefined> {
  const { store } = session;
  let key = known.get(store);
  try {
    key = await find(
      session,
      key ?? (await crypto.subtle.generateKey({ name: AES, length: 256 }, false, ['encrypt', 'decrypt'])),
    );
    known.set(store, key!);
  } catch (cause) {
    if (!key) void explainError(unkept(session, cause));
  }
  return key;
}

function unkept({ config, environment }: Session, cause: unknown): OktaElementsError {
  return new OktaElementsError(
    'storage_unavailable',
    `storage="${config.storage}" of <okta-config> serves as storage="memory" on ${environment.location.origin}: the browser keeps no key in IndexedDB to encrypt the tokens with. Allow storage for this site.`,
    { cause },
  );
}

/**
 * Reads the key from the database. Transactions of all tabs run one after the other, so that two tabs end with one key.
 * @param candidate becomes the key when there is none
 */
async function find(session: Session, candidate?: CryptoKey): Promise<CryptoKey | undefined> {
  const { store, environment, config } = session;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('IndexedDB does not answer.')), config.requestTimeout);
  });
  const work = async () => {
    const opening = environment.indexedDB!.open(DATABASE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(TABLE);
    const database = await settled(opening);
    // Clearing the site's data need not wait for this.
    database.onversionchange = () => database.close();
    try {
      const table = database.transaction(TABLE, candidate ? 'readwrite' : 'readonly').objectStore(TABLE);
      const key = (await settled(table.get(store.key))) as CryptoKey | undefined;
      if (!key && candidate) await settled(table.put(candidate, store.key));
      return key ?? candidate;
    } finally {
      database.close();
    }
  };
  try {
    return await Promise.race([limit, work()]);
  } finally {
    clearTimeout(timer);
  }
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error!);
  });
}

/** Reads the claims of a JWT without checking anything: only for one that was checked before. */
export function decodeClaims(jwt: string): User {
  const base64 = jwt.split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/');
  return { ...(JSON.parse(new TextDecoder().decode(fromBase64(base64))) as User) };
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
