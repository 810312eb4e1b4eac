/**
 * Proofs that this browser holds the key its tokens are bound to (DPoP, RFC 9449). WebCrypto does it in these few
 * lines; auth-js would have to be loaded for every call of an API, knows RSA only, keeps no nonce from one request to
 * the next and leaves its database behind.
 */
import { OktaElementsError } from '../errors.js';
import { createKeyPair, findKeyPair } from './dpop-keys.js';
import type { Session } from './session.js';

const SHA256 = 'SHA-256';
const ES256 = { name: 'ECDSA', namedCurve: 'P-256', hash: SHA256 };
const RS256 = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: SHA256,
  modulusLength: 2048,
  publicExponent: Uint8Array.of(1, 0, 1),
};

/** What a proof is for. */
export interface ProvenRequest {
  readonly method: string;
  readonly url: string;
  /** Goes along to an API; the token endpoint is sent none. */
  readonly accessToken?: string;
}

/** The last nonce of each server (RFC 9449 sections 8 and 9), for this page only. */
const nonces = new WeakMap<Session['store'], Map<string, string>>();

/** A key of this browser that tokens are bound to. */
export class DpopKey {
  readonly id: string;
  readonly #session: Session;
  readonly #pair: CryptoKeyPair;
  readonly #nonces: Map<string, string>;

  constructor(id: string, pair: CryptoKeyPair, session: Session) {
    this.id = id;
    this.#pair = pair;
    this.#session = session;
    this.#nonces = nonces.get(session.store) ?? new Map<string, string>();
    nonces.set(session.store, this.#nonces);
  }

  /** A proof for one request: the value of its `DPoP` header (RFC 9449 section 4.2). */
  async prove(request: ProvenRequest): Promise<string> {
    const { origin, pathname } = new URL(request.url);
    const { privateKey, publicKey } = this.#pair;
    const { kty, crv, x, y, n, e } = await crypto.subtle.exportKey('jwk', publicKey);
    const header = { typ: 'dpop+jwt', alg: kty === 'EC' ? 'ES256' : 'RS256', jwk: { kty, crv, x, y, n, e } };
    const payload = {
      jti: crypto.randomUUID(),
      htm: request.method,
      htu: origin + pathname,
      iat: Math.floor(this.#session.environment.now() / 1000),
      ath: request.accessToken && base64Url(await crypto.subtle.digest(SHA256, encode(request.accessToken))),
      nonce: this.#nonces.get(server(request)),
    };
    const input = [header, payload].map((part) => base64Url(encode(JSON.stringify(part)))).join('.');
    const algorithm = kty === 'EC' ? ES256 : RS256;
    return `${input}.${base64Url(await crypto.subtle.sign(algorithm, privateKey, encode(input)))}`;
  }

  /** Takes over the nonce of an answer, if it has one: the next request to that server needs it (section 8.2). */
  learn(request: ProvenRequest, nonce: string | null | undefined): void {
    if (nonce) this.#nonces.set(server(request), nonce);
  }
}

/** The authorization server and the APIs each have their own nonces, even on one origin (RFC 9449 section 9). */
function server({ url, accessToken }: ProvenRequest): string {
  return accessToken ? new URL(url).origin : `token endpoint ${url}`;
}

/**
 * Does `work` with a key to bind new tokens to. When that fails, the key is gone again. Without `dpop` there is none.
 * @param algorithms what the provider takes (RFC 9449 section 5.1)
 * @throws OktaElementsError `storage_unavailable` where the browser does not keep keys
 */
export async function withNewKey<T>(
  session: Session,
  algorithms: readonly string[] | undefined,
  work: (key: DpopKey) => Promise<T>,
): Promise<T> {
  // A key of this kind is made at once, and its proofs are short.
  const takesES256 = algorithms?.includes('ES256') ?? true;
  const id = await createKeyPair(session, takesES256 ? ES256 : RS256);
  try {
    return await work(await openKey(session, id));
  } catch (error) {
    session.store.dropKey(id);
    throw error;
  }
}

/** Sees before a sign-in whether the browser keeps keys. @throws OktaElementsError `storage_unavailable` */
export async function assertKeysAreKept(session: Session): Promise<void> {
  session.store.dropKey(await createKeyPair(session, ES256));
}

/**
 * The key that tokens are bound to.
 * @throws OktaElementsError `login_required` when it is gone, and the tokens with it; `storage_unavailable`
 */
export async function openKey(session: Session, id: string): Promise<DpopKey> {
  const pair = await findKeyPair(session, id);
  if (pair) return new DpopKey(id, pair, session);
  if (session.store.read()?.keyId === id) session.store.clear();
  throw new OktaElementsError(
    'login_required',
    'dpop: the key that the tokens are bound to is gone from this browser. Sign in again.',
  );
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

function base64Url(bytes: ArrayBuffer | Uint8Array): string {
  const binary = Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
