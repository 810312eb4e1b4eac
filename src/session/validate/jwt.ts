import type { User } from '../state.js';
import { check, findPollution, ownMembers, refuse, type Checks, type Members } from './check.js';

/** How every refusal of an ID token begins. */
export const ID_TOKEN = 'The ID token';

/** A JWT taken apart. Nothing in it is to be believed yet. */
export interface Jwt {
  readonly header: Members;
  readonly claims: User;
  /** What is signed: header and claims as they came, in ASCII. */
  readonly signed: Uint8Array<ArrayBuffer>;
  readonly signature: Uint8Array<ArrayBuffer>;
}

/** RFC 7515 section 4.1. Keys and addresses of keys in a header (`jwk`, `jku`, `x5c`, `x5u`) are never looked at. */
const headerChecks: Checks<Members> = {
  // OpenID Connect Core 3.1.3.7 step 7, RFC 8725 section 3.1: the default, and the only one Okta signs with.
  otherAlgorithm: ({ alg }) =>
    alg !== 'RS256' && 'it is not signed with RS256; set that for the application in Okta, and check issuer',

  // RFC 7515 section 4.1.11: what must be understood, and is not.
  criticalExtension: ({ crit }) => crit !== undefined && 'it needs an extension nobody here knows (crit); check issuer',

  // RFC 8725 section 3.11: an access token or a logout token is no ID token.
  otherKindOfToken: ({ typ }) =>
    typ !== undefined &&
    (typeof typ !== 'string' || /\+jwt$/i.test(typ)) &&
    'it says that it is another kind of token (typ); check issuer',

  // RFC 7515 section 4.1.4.
  malformedKeyId: ({ kid }) => kid !== undefined && typeof kid !== 'string' && 'its kid is no text; check issuer',
};

const claimsCheck: Checks<User> = {
  pollutingClaim: (claims) => {
    const name = findPollution(claims);
    return name && `it has a claim called ${name}; remove that in Okta`;
  },
};

/**
 * Takes an ID token apart (RFC 7515 section 3.1, RFC 7519 section 7.2) and checks its header.
 * @throws OktaElementsError `id_token_invalid`
 */
export function parseJwt(jwt: string): Jwt {
  const { header, claims, ...rest } =
    takeApart(jwt) ?? refuse('id_token_invalid', ID_TOKEN, 'notAJwt', 'it is not a signed JWT; check issuer');
  check('id_token_invalid', ID_TOKEN, headerChecks, header, undefined);
  check('id_token_invalid', ID_TOKEN, claimsCheck, claims, undefined);
  return { header, claims, ...rest };
}

function takeApart(jwt: string): Jwt | undefined {
  if (!/^[\w-]+\.[\w-]+\.[\w-]*$/.test(jwt)) return undefined;
  const [header, claims, signature] = jwt.split('.') as [string, string, string];
  try {
    return {
      header: parseObject(header),
      claims: parseObject(claims) as User,
      signed: Uint8Array.from(`${header}.${claims}`, (character) => character.charCodeAt(0)),
      signature: decode(signature),
    };
  } catch {
    return undefined;
  }
}

function decode(base64url: string): Uint8Array<ArrayBuffer> {
  const binary = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

/** @throws when it is no JSON object in UTF-8 (RFC 7519 section 7.2, RFC 8725 section 3.7) */
function parseObject(base64url: string): Members {
  const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(decode(base64url)));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError();
  return ownMembers(value);
}
