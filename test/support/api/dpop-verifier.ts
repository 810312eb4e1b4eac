import { createHash, createPublicKey, timingSafeEqual, verify, type JsonWebKey } from 'node:crypto';

interface Jwt {
  readonly header: { typ?: string; alg?: string; kid?: string; jwk?: JsonWebKey };
  readonly payload: Record<string, unknown>;
  readonly input: string;
  readonly signature: Buffer;
}

type OrgKey = JsonWebKey & { readonly kid: string };

/** What an access token says that has passed. */
export interface AccessToken {
  readonly sub: string;
  readonly scp: readonly string[];
}

/** Why a request was refused: the `error` of the challenge (RFC 6750 section 3.1, RFC 9449 section 7.1). */
export class Refusal extends Error {
  constructor(
    readonly error: 'invalid_token' | 'invalid_dpop_proof' | 'use_dpop_nonce',
    message: string,
  ) {
    super(message);
  }
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('base64url');

function parse(jwt: string, error: Refusal['error']): Jwt {
  try {
    const [header, payload, signature] = jwt.split('.') as [string, string, string];
    const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, never>;
    const input = `${header}.${payload}`;
    return { header: read(header), payload: read(payload), input, signature: Buffer.from(signature, 'base64url') };
  } catch {
    throw new Refusal(error, 'it is no JWT');
  }
}

function isSignedBy({ header: { alg }, input, signature }: Jwt, jwk: JsonWebKey): boolean {
  if (alg !== 'RS256' && alg !== 'ES256') return false;
  if (jwk.kty !== (alg === 'ES256' ? 'EC' : 'RSA') || 'd' in jwk) return false;
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  return verify('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }, signature);
}

/** RFC 7638. */
function thumbprint({ kty, crv, x, y, n, e }: JsonWebKey): string {
  return sha256(JSON.stringify(kty === 'EC' ? { crv, kty, x, y } : { e, kty, n }));
}

/** Checks access tokens and proofs as an API does (RFC 9449 sections 4.3 and 7), with an org's keys. */
export class DpopVerifier {
  /** Nonce that proofs must carry. Undefined: none. */
  nonce: string | undefined;
  readonly #issuer: string;
  readonly #seen = new Set<string>();
  #keys: OrgKey[] = [];

  constructor(issuer: string) {
    this.#issuer = issuer;
  }

  /**
   * @param request its method and its address without query and fragment
   * @throws Refusal
   */
  async verify(
    request: { method: string; url: string },
    authorization: string | undefined,
    proof: string | undefined,
  ): Promise<AccessToken> {
    const [scheme, token = ''] = authorization?.split(' ') ?? [];
    const { payload } = await this.#verifyToken(token);
    const bound = (payload.cnf as { jkt?: string } | undefined)?.jkt;
    if (scheme !== (bound ? 'DPoP' : 'Bearer')) throw new Refusal('invalid_token', 'it is of another type');
    if (bound) this.#verifyProof(parse(proof ?? '', 'invalid_dpop_proof'), request, token, bound);
    return payload as unknown as AccessToken;
  }

  async #verifyToken(token: string): Promise<Jwt> {
    const jwt = parse(token, 'invalid_token');
    const find = () => this.#keys.find(({ kid }) => kid === jwt.header.kid);
    if (!find()) {
      const answer = await fetch(`${this.#issuer}/v1/keys`);
      this.#keys = ((await answer.json()) as { keys: OrgKey[] }).keys;
    }
    const key = find();
    if (!key || !isSignedBy(jwt, key)) throw new Refusal('invalid_token', 'the org has not signed it');
    if (jwt.payload.iss !== this.#issuer) throw new Refusal('invalid_token', 'it is of another issuer');
    if (!((jwt.payload.exp as number) > Date.now() / 1000)) throw new Refusal('invalid_token', 'it has expired');
    return jwt;
  }

  #verifyProof(proof: Jwt, request: { method: string; url: string }, token: string, bound: string): void {
    const { header, payload } = proof;
    const checks: [boolean, string][] = [
      [header.typ === 'dpop+jwt', 'typ'],
      [Boolean(header.jwk) && isSignedBy(proof, header.jwk!), 'signature'],
      [payload.htm === request.method, 'htm'],
      [payload.htu === request.url, 'htu'],
      [Math.abs((payload.iat as number) - Date.now() / 1000) < 60, 'iat'],
      [typeof payload.jti === 'string' && !this.#seen.has(payload.jti), 'jti'],
      [payload.ath === sha256(token), 'ath'],
    ];
    const wrong = checks.find(([holds]) => !holds);
    if (wrong) throw new Refusal('invalid_dpop_proof', wrong[1]);
    if (!timingSafeEqual(Buffer.from(thumbprint(header.jwk!)), Buffer.from(bound))) {
      throw new Refusal('invalid_token', 'it is bound to another key');
    }
    this.#seen.add(payload.jti as string);
    if (this.nonce && payload.nonce !== this.nonce) throw new Refusal('use_dpop_nonce', 'nonce');
  }
}
