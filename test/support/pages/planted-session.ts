import type { Page } from 'playwright-core';
import { parseConfig } from '../../../src/session/config.js';
import type { Environment } from '../../../src/session/environment.js';
import { LiveSession } from '../../../src/session/live-session.js';
import { seal } from '../../../src/session/sealing.js';
import type { TokenSet } from '../../../src/session/token-store.js';
import { memoryDatabase } from '../session/memory-database.js';
import { MemoryStorage } from '../session/memory-storage.js';

const DATABASE = 'okta-elements:keys';
const TABLE = 'sealing-keys';

/** A stored session that another browser profile can be given: a real one's key cannot be copied. */
export interface PlantedSession {
  /** Items of localStorage. */
  readonly items: Record<string, string>;
  /** Of the stored session. */
  readonly name: string;
  /** The bytes of its key. */
  readonly key: number[];
  readonly opened: OpenedSession;
}

/** What is stored of a session, decrypted. */
export interface OpenedSession extends TokenSet {
  /** Name of the storage item. */
  readonly name: string;
}

/**
 * Decrypts the session that a page has in localStorage, as an injected script could: the key serves every script of the
 * origin, though none can export it. Runs in the page.
 */
export async function decryptStored(): Promise<OpenedSession> {
  const name = Object.keys(localStorage).find((key) => (localStorage[key] as string).includes('\n'))!;
  const [text, sealed] = (localStorage[name] as string).split('\n') as [string, string];
  const key = await new Promise<CryptoKey>((resolve, reject) => {
    const opening = indexedDB.open('okta-elements:keys');
    opening.onerror = () => reject(opening.error!);
    opening.onsuccess = () => {
      const reading = opening.result.transaction('sealing-keys').objectStore('sealing-keys').get(name);
      reading.onsuccess = () => {
        opening.result.close();
        resolve(reading.result as CryptoKey);
      };
    };
  });
  if (key.extractable) throw new Error('the key can be exported');
  const bytes = Uint8Array.from(atob(sealed), (character) => character.charCodeAt(0));
  const algorithm = {
    name: 'AES-GCM',
    iv: bytes.slice(0, 12),
    additionalData: new TextEncoder().encode(`${name}\n${text}`),
  };
  const secrets = new TextDecoder().decode(await crypto.subtle.decrypt(algorithm, key, bytes.slice(12)));
  return { name, ...(JSON.parse(text) as TokenSet), ...(JSON.parse(secrets) as TokenSet) };
}

/**
 * Encrypts the tokens of a session with a key that the test knows, by the code of the package.
 * @param items localStorage of the page that has the session
 */
export async function plantable(items: Record<string, string>, opened: OpenedSession): Promise<PlantedSession> {
  const { name, ...tokens } = opened;
  const [, issuer, clientId] = name.split(':').map(decodeURIComponent);
  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['encrypt', 'decrypt']);
  const indexedDB = memoryDatabase();
  await put(indexedDB, name, key);
  const config = parseConfig({ issuer, clientId }, 'https://planted.example/');
  const environment = { indexedDB, localStorage: new MemoryStorage() } as Partial<Environment> as Environment;
  const { stored } = await seal(new LiveSession(config, environment, new EventTarget()), tokens);
  const raw = await crypto.subtle.exportKey('raw', key);
  return { items: { ...items, [name]: stored.item! }, name, key: [...new Uint8Array(raw)], opened };
}

function put(indexedDB: IDBFactory, name: string, key: CryptoKey): Promise<void> {
  return new Promise((resolve) => {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(TABLE);
    opening.onsuccess = () => {
      const { result } = opening;
      const putting = result.transaction(TABLE, 'readwrite').objectStore(TABLE).put(key, name);
      putting.onsuccess = () => resolve();
    };
  });
}

/** Has a page of the origin plant a session for its profile. */
export async function plantIn(page: Page, session: PlantedSession): Promise<void> {
  // tsx has functions call this to keep their names.
  await page.evaluate('globalThis.__name ??= (value) => value');
  await page.evaluate(plant, session);
}

/**
 * What a page runs before its scripts to begin with a planted session. The database is not open to others until the key
 * is in it.
 */
export function plant({ items, name, key: bytes }: PlantedSession): void {
  let key: CryptoKey | undefined;
  const opening = indexedDB.open('okta-elements:keys', 1);
  opening.onupgradeneeded = () => {
    const table = opening.result.createObjectStore('sealing-keys');
    const wait = () => {
      if (key) table.put(key, name);
      else table.get(name).onsuccess = wait;
    };
    wait();
  };
  opening.onsuccess = () => opening.result.close();
  void crypto.subtle
    .importKey('raw', Uint8Array.from(bytes), 'AES-GCM', false, ['encrypt', 'decrypt'])
    .then((imported) => (key = imported));
  Object.assign(localStorage, items);
}
