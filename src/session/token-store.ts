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
  /** Which key of this browser the tokens are bound to. Present only with `DPoP`. */
  readonly keyId?: string;
}

/** A token set with the ID token's claims read out of it. */
export interface StoredTokens extends TokenSet {
  readonly user: User;
}

/** Reads the claims of a JWT without checking anything: only for one that was checked before it was stored. */
export function decodeClaims(jwt: string): User {
  const base64 = jwt.split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/');
  const bytes = atob(base64);
  // Every page waits for this, and few claims need it.
  const text = /[^\0-\x7f]/.test(bytes)
    ? new TextDecoder().decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)))
    : bytes;
  return { ...(JSON.parse(text) as User) };
}

/** A value of ours, or undefined when it is not: storage is shared with every script of the origin. */
function parse(value: string | null): StoredTokens | undefined {
  try {
    const tokens = JSON.parse(value ?? '') as TokenSet;
    const whole =
      typeof tokens.accessToken === 'string' && Array.isArray(tokens.scopes) && Number.isFinite(tokens.expiresAt);
    const user = decodeClaims(tokens.idToken);
    return whole && typeof user.sub === 'string' ? own({ ...tokens, user }) : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps the tokens of one client. Reading is synchronous, so that a guard can decide before its first paint. */
export class TokenStore {
  /** Name of the storage item, by which other tabs are heard. */
  readonly key: string;
  /** Keys that tokens are bound to, as far as this page has made or read them. */
  readonly keys = new Map<string, CryptoKeyPair>();
  /** Whether what it keeps outlives the page. */
  readonly isLasting: boolean;
  /** Whether all tabs keep it together. */
  readonly isShared: boolean;
  readonly #tokenType: TokenSet['tokenType'];
  readonly #indexedDB: IDBFactory | undefined;
  readonly #storage: Storage | undefined;
  #memory: StoredTokens | undefined;

  /** Where the browser blocks the storage asked for, the next shorter-lived one serves. */
  constructor(config: OktaConfig, environment: Environment) {
    this.key = `okta-elements:${config.issuer}:${config.clientId}`;
    this.#tokenType = config.dpop ? 'DPoP' : 'Bearer';
    this.#indexedDB = environment.indexedDB;
    const { storage } = config;
    const local = storage === 'local' ? environment.localStorage : undefined;
    this.#storage = storage === 'memory' ? undefined : (local ?? environment.sessionStorage);
    this.isLasting = Boolean(this.#storage);
    this.isShared = Boolean(local);
  }

  /** The stored tokens, expired or not. A value that cannot be read, or is of the other token type, is removed. */
  read(): StoredTokens | undefined {
    if (!this.#storage) return this.#memory;
    const value = this.#storage.getItem(this.key);
    if (!value) return undefined;
    const tokens = parse(value);
    if (tokens?.tokenType === this.#tokenType) return tokens;
    this.clear();
    return undefined;
  }

  /** Called by `storeTokens()` alone. @throws DOMException when the storage is full or refuses */
  put(tokens: StoredTokens, item: string): void {
    this.#memory = this.#storage ? undefined : tokens;
    this.#storage?.setItem(this.key, item);
  }

  clear(): void {
    const { keyId } = this;
    this.#memory = undefined;
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
    return (this.#storage ? parse(this.#storage.getItem(this.key)) : this.#memory)?.keyId;
  }
}
