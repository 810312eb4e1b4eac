import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto';

/** Somebody who has tokens but not their key, and makes proofs with one of their own. */
export class Thief {
  readonly #pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });

  prove(method: string, url: string, claims: { accessToken?: string; nonce?: string | null } = {}): string {
    const { accessToken, nonce } = claims;
    const ath = accessToken && createHash('sha256').update(accessToken).digest('base64url');
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const header = encode({ typ: 'dpop+jwt', alg: 'ES256', jwk: this.#pair.publicKey.export({ format: 'jwk' }) });
    const iat = Math.floor(Date.now() / 1000);
    const payload = encode({ jti: randomUUID(), htm: method, htu: url, iat, ath, nonce: nonce ?? undefined });
    const input = `${header}.${payload}`;
    const key = { key: this.#pair.privateKey, dsaEncoding: 'ieee-p1363' } as const;
    return `${input}.${sign('sha256', Buffer.from(input), key).toString('base64url')}`;
  }
}
