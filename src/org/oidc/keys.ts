import { generateKeyPair, randomBytes, sign, verify, type JsonWebKey, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

/** An RSA key pair the org signs ID tokens and access tokens with (RS256). */
export interface SigningKey {
  kid: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
  /** What `/v1/keys` says of it. */
  publicJwk: JsonWebKey & { kid: string; alg: 'RS256'; use: 'sig' };
  privateJwk: JsonWebKey & { kid: string; alg: 'RS256'; use: 'sig' };
}

export async function createSigningKey(): Promise<SigningKey> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const kid = randomBytes(32).toString('base64url');
  const labels = { kid, alg: 'RS256', use: 'sig' } as const;
  return {
    kid,
    privateKey,
    publicKey,
    publicJwk: { ...publicKey.export({ format: 'jwk' }), ...labels },
    privateJwk: { ...privateKey.export({ format: 'jwk' }), ...labels },
  };
}

/** Signs a JSON Web Token. The header is `kid` and `alg`, as on Okta. */
export function signJwt(payload: Record<string, unknown>, key: SigningKey): string {
  const input = `${encode({ kid: key.kid, alg: 'RS256' })}.${encode(payload)}`;
  return `${input}.${sign('sha256', Buffer.from(input), key.privateKey).toString('base64url')}`;
}

/** Payload of a JSON Web Token signed by one of these keys; `undefined` for anything else. Expiry is not looked at. */
export function verifyJwt(token: string, keys: readonly SigningKey[]): Record<string, unknown> | undefined {
  const [header, payload, signature, ...rest] = token.split('.');
  if (!header || !payload || !signature || rest.length > 0) return undefined;
  const { kid, alg } = decode(header) ?? {};
  const key = keys.find((candidate) => candidate.kid === kid);
  if (!key || alg !== 'RS256') return undefined;
  const genuine = verify(
    'sha256',
    Buffer.from(`${header}.${payload}`),
    key.publicKey,
    Buffer.from(signature, 'base64url'),
  );
  return genuine ? decode(payload) : undefined;
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function decode(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
