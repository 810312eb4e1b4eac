import { own } from '../own.js';
import { refuse, type Members } from './check.js';
import { ID_TOKEN, type Jwt } from './jwt.js';

/** The provider's keys (RFC 7517 section 5). `anew`: from the provider itself, not from any memory of them. */
export type KeySource = (anew: boolean) => Promise<readonly Members[]>;

const RS256 = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
/** Bits (RFC 7518 section 3.3). */
const SHORTEST_KEY = 2048;

/** Why a signature is refused: the name of the check, and what it says. */
type Refusal = readonly [name: string, wrong: string];

/**
 * Checks the signature of an ID token (OpenID Connect Core 3.1.3.7 step 6, 10.1). Whatever is wrong, the keys are
 * fetched anew once before it counts: the provider may have changed them since, or just before it signed (10.1.1).
 * @throws OktaElementsError `id_token_invalid`, or what kept the keys from being fetched
 */
export async function verifySignature(jwt: Jwt, keys: KeySource): Promise<void> {
  let refusal = await findFault(jwt, await keys(false));
  if (refusal) refusal = await findFault(jwt, await keys(true));
  if (refusal) refuse('id_token_invalid', ID_TOKEN, ...refusal);
}

async function findFault(
  { header: { kid }, signed, signature }: Jwt,
  keys: readonly Members[],
): Promise<Refusal | undefined> {
  const candidates = keys.filter((key) => canVerify(key) && (kid === undefined || key.kid === kid));
  if (candidates.length === 0)
    return ['unknownKey', 'it is signed with a key that is not the provider’s; check issuer'];
  // OpenID Connect Core 10.1: with several keys the header must say which.
  if (kid === undefined && candidates.length > 1) {
    return ['ambiguousKey', 'it does not say which of the provider’s keys signed it (kid); check issuer'];
  }
  for (const { kty, n, e } of candidates) {
    const key = await importKey(own({ kty, n, e }) as JsonWebKey);
    if (!key) continue;
    if ((key.algorithm as RsaKeyAlgorithm).modulusLength < SHORTEST_KEY) {
      return ['weakKey', `the key that signed it has less than ${SHORTEST_KEY} bits; check issuer`];
    }
    if (await crypto.subtle.verify(RS256, key, signature, signed)) return undefined;
  }
  return ['wrongSignature', 'its signature is not the provider’s; check issuer'];
}

/** Whether a key is for this (RFC 7517 sections 4.1 to 4.4). The rest of the set is for others, and is left alone (section 5). */
function canVerify({ kty, use = 'sig', alg = 'RS256', key_ops: operations = ['verify'] }: Members): boolean {
  return (
    kty === 'RSA' && use === 'sig' && alg === 'RS256' && Array.isArray(operations) && operations.includes('verify')
  );
}

function importKey(key: JsonWebKey): Promise<CryptoKey | undefined> {
  return crypto.subtle.importKey('jwk', key, RS256, false, ['verify']).catch(() => undefined);
}

/**
 * Checks that an ID token and an access token were issued together (OpenID Connect Core 3.1.3.6, 3.1.3.8), where the
 * ID token says so.
 * @throws OktaElementsError `id_token_invalid`
 */
export async function verifyAccessTokenHash({ at_hash: expected }: Members, accessToken: string): Promise<void> {
  if (expected === undefined) return;
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(accessToken));
  const half = String.fromCharCode(...new Uint8Array(hash, 0, 16));
  const actual = btoa(half).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  if (actual !== expected) {
    refuse(
      'id_token_invalid',
      ID_TOKEN,
      'foreignAccessToken',
      'it belongs to another access token (at_hash); sign in again',
    );
  }
}
