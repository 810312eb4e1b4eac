import type { IncomingMessage } from 'node:http';
import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload } from 'jose';

/** Of an access token of Okta, what the shop goes by. */
export interface Claims extends JWTPayload {
  /** Id of the user. */
  uid?: string;
  groups?: string[];
  acr?: string;
  /** Epoch seconds. */
  auth_time?: number;
}

/** A request that is not answered, and what the caller is told (RFC 6750 section 3.1, RFC 9470 section 3). */
export class Refusal extends Error {
  constructor(
    readonly status: 401 | 403,
    readonly challenge: Record<string, string>,
    message: string,
  ) {
    super(message);
  }

  /** For `WWW-Authenticate`. */
  get header(): string {
    const parameters = Object.entries({
      ...this.challenge,
      ...(this.challenge.error && { error_description: this.message }),
    });
    return ['Bearer', parameters.map(([name, value]) => `${name}="${value}"`).join(', ')].filter(Boolean).join(' ');
  }
}

export interface AccessTokensOptions {
  /** One for each host name of the org. */
  issuers: string[];
  audience: string;
  /** Where the signing keys are. They are the same whatever the host name. */
  keys: URL;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** Codes of jose's errors that are about the token. */
const TOKEN_ERROR = /^ERR_(JWT|JWS|JOSE_ALG|JOSE_NOT|JWKS_NO_MATCHING)/;

/** Checks access tokens as every API has to: signature, issuer, audience, expiry. */
export class AccessTokens {
  readonly #options: AccessTokensOptions;
  readonly #keys: ReturnType<typeof createRemoteJWKSet>;

  constructor(options: AccessTokensOptions) {
    this.#options = options;
    // Asks for the keys when it meets one it does not know, and keeps them.
    this.#keys = createRemoteJWKSet(options.keys);
  }

  /**
   * Claims of the token that a request carries.
   *
   * @throws Refusal 401 when there is none, or it is not good
   */
  async verify({ headers }: IncomingMessage): Promise<Claims> {
    const token = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(headers.authorization ?? '')?.[1];
    if (token === undefined) throw new Refusal(401, {}, 'An access token is needed.');
    const { issuers, audience, now } = this.#options;
    const claims = await jwtVerify<Claims>(token, this.#keys, {
      issuer: issuers,
      audience,
      algorithms: ['RS256'],
      requiredClaims: ['exp', 'iat', 'sub', 'uid'],
      currentDate: new Date(now()),
    }).then(
      ({ payload }) => payload,
      (error: unknown) => {
        // No keys to be had is not the caller's fault.
        if (!(error instanceof errors.JOSEError) || !TOKEN_ERROR.test(error.code)) throw error;
        throw new Refusal(401, { error: 'invalid_token' }, 'The access token is not good, or not good any more.');
      },
    );
    // Bound to a key (RFC 9449), it is no bearer token; nothing here checks proofs.
    if ('cnf' in claims) throw new Refusal(401, { error: 'invalid_token' }, 'The access token needs a proof.');
    return claims;
  }
}

/** @throws Refusal 403 when the user is not in the group */
export function requireGroup({ groups = [] }: Claims, name: string): void {
  if (!groups.includes(name)) throw new Refusal(403, { error: 'insufficient_scope' }, `This is for the group ${name}.`);
}

/**
 * @param maxAge seconds since the user last proved who they are, at most
 * @throws Refusal 401 when the user must first prove more, or again
 */
export function requireProof({ acr, auth_time: time = 0 }: Claims, wanted: string, maxAge: number, now: number): void {
  if (acr === wanted && now / 1000 - time <= maxAge) return;
  const challenge = { error: 'insufficient_user_authentication', acr_values: wanted, max_age: String(maxAge) };
  throw new Refusal(401, challenge, 'Confirm that it is you.');
}
