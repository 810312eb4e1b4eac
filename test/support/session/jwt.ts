import { createHash, createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A JWT nobody has signed: for what reads one without checking it. */
export function unsignedJwt(claims: unknown): string {
  return `${encode({ alg: 'none' })}.${encode(claims)}.`;
}

/** An RS256 key of a provider. */
export class SigningKey {
  readonly kid: string;
  readonly #private: KeyObject;
  readonly #public: KeyObject;

  constructor(kid: string, modulusLength = 2048) {
    this.kid = kid;
    ({ privateKey: this.#private, publicKey: this.#public } = generateKeyPairSync('rsa', { modulusLength }));
  }

  /** The public half, as a JWK (RFC 7517). */
  get jwk(): Record<string, unknown> {
    return { ...this.#public.export({ format: 'jwk' }), kid: this.kid, use: 'sig', alg: 'RS256' };
  }

  sign(claims: unknown, header: Record<string, unknown> = {}): string {
    const input = `${encode({ alg: 'RS256', kid: this.kid, ...header })}.${encode(claims)}`;
    return `${input}.${createSign('RSA-SHA256').update(input).sign(this.#private, 'base64url')}`;
  }
}

/** `at_hash` of an access token for RS256 (OpenID Connect Core 3.1.3.6). */
export function accessTokenHash(accessToken: string): string {
  return createHash('sha256').update(accessToken).digest().subarray(0, 16).toString('base64url');
}
