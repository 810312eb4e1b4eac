import type { OktaConfig } from './config.js';
import type { Environment } from './environment.js';
import { own } from './own.js';
import type { User } from './state.js';

/** Tokens of one sign-in. Only what has passed every check of `validate.ts` is made into one. */
export interface TokenSet {
  readonly accessToken: string;
  /** How the access token is presented: as it is, or with a proof that a key is at hand (RFC 9449). */
  readonly tokenType: 'Bearer' | 'DPoP';
  readonly idToken: string;
  readonly refreshToken?: string;
  /** Granted scopes, which may be fewer than asked for. */
  readonly scopes: readonly string[];
  /** When the access token expires, epoch seconds by this browser's clock. */
  readonly expiresAt: number;
  /** Seconds by which the provider's clock is ahead of this browser's; negative when it is behind. */
  readonly clockSkew?: number;
  /** Which key of this browser the tokens are bound to. Present only with `DPoP`. */
  readonly keyId?: string;
}

/** The part of a stored session that is readable without a key: everything but the tokens. */
export interface StoredSession extends Omit<TokenSet, 'accessToken' | 'idToken' | 'refreshToken'> {
  /** Random, a new one for each token set: the same in all tabs. */
  readonly id: string;
  /** Claims of the ID token. */
  readonly user: User;
  /** The stored text: the readable part as JSON, a line break, the encrypted tokens. Undefined in memory. */
  readonly item?: string;
}

/** A stored session together with its tokens. */
export type StoredTokens = StoredSession & TokenSet;

/** Reads a stored item. Undefined for any other value: storage is shared with every script of the origin. */
function parse(item: string): StoredSession | undefined {
  try {
    const [readable, sealed] = item.split('\n');
    const stored = own({ ...(JSON.parse(readable!) as StoredSession), item });
    const { id, scopes, expiresAt, user } = stored;
    const isWhole = sealed && typeof id === 'string' && Array.isArray(scopes) && Number.isFinite(expiresAt);
    return isWhole && typeof user.sub === 'string' ? stored : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Keeps the tokens of one client. The signed-in user is read synchronously, so that a guard can decide before its first
 * paint; the tokens themselves are encrypted (sealing.ts).
 */
export class TokenStore {
  /** Name of the storage item, by which other tabs are heard. */
  readonly key: string;
  /** Keys that tokens are bound to, as far as this page has made or read them. */
  readonly keys = new Map<string, CryptoKeyPair>();
  /** Tokens that this page has decrypted or got. */
  readonly opened = new WeakMap<StoredSession, StoredTokens>();
  /** Whether what it keeps outlives the page. */
  readonly isLasting: boolean;
  /** Whether all tabs keep it together. */
  readonly isShared: boolean;
  readonly #tokenType: TokenSet['tokenType'];
  readonly #indexedDB: IDBFactory | undefined;
  #storage: Storage | undefined;
  #item = '';
  #stored: StoredSession | undefined;

  /** Where the browser blocks the storage asked for, the next shorter-lived one serves. */
  constructor(config: OktaConfig, environment: Environment) {
    // Encoded, so that no other issuer and client id have the same name, or one that begins with it.
    this.key = `okta-elements:${encodeURIComponent(config.issuer)}:${encodeURIComponent(config.clientId)}`;
    this.#tokenType = config.dpop ? 'DPoP' : 'Bearer';
    this.#indexedDB = environment.indexedDB;
    const { storage } = config;
    const local = storage === 'local' ? environment.localStorage : undefined;
    this.#storage = storage === 'memory' ? undefined : (local ?? environment.sessionStorage);
    this.isLasting = Boolean(this.#storage);
    this.isShared = Boolean(local);
  }

  /** Whether the tokens go with the page. */
  get isInMemory(): boolean {
    return !this.#storage;
  }

  /** The stored session, expired or not. A value that cannot be read, or is of the other token type, is removed. */
  read(): StoredSession | undefined {
    const stored = this.#look();
    if (!this.#item || stored?.tokenType === this.#tokenType) return stored;
    this.clear();
    return undefined;
  }

  /** The same object for as long as the item is the same. */
  #look(): StoredSession | undefined {
    if (this.#storage) {
      const item = this.#storage.getItem(this.key) ?? '';
      if (item !== this.#item) {
        this.#item = item;
        this.#stored = parse(item);
      }
    }
    return this.#stored;
  }

  /**
   * Stores a session; one without an item stays in memory, and so does every later one of this page. Called by
   * `storeTokens()` only.
   * @throws DOMException when the storage is full or refuses
   */
  put(stored: StoredSession, tokens: StoredTokens): void {
    const { item = '' } = stored;
    if (item) this.#storage?.setItem(this.key, item);
    else {
      this.#storage?.removeItem(this.key);
      this.#storage = undefined;
    }
    this.#item = item;
    this.#stored = stored;
    this.opened.set(stored, tokens);
  }

  clear(): void {
    const { keyId } = this;
    this.#item = '';
    this.#stored = undefined;
    this.#storage?.removeItem(this.key);
    this.dropKey(keyId);
  }

  /** Removes a key that no tokens are bound to any more. Each has a database of its own, so that nothing is left. */
  dropKey(id: string | undefined): void {
    if (!id) return;
    this.keys.delete(id);
    try {
      this.#indexedDB?.deleteDatabase(this.nameKey(id));
    } catch {
      // Blocked since the key was stored; it is of no use without the tokens.
    }
  }

  /** Name of the database that holds a key. */
  nameKey(id: string): string {
    return `${this.key}:dpop:${id}`;
  }

  /** Which key the stored tokens are bound to. */
  get keyId(): string | undefined {
    return this.#look()?.keyId;
  }
}
