import { OktaElementsError } from '../errors.js';
import { keyOf } from './bound-key.js';
import { providerOf, type Session } from './session.js';
import type { User } from './state.js';
import type { StoredTokens } from './token-store.js';
import { check, findPollution, ownMembers, type Checks, type Members } from './validate/check.js';

/** An answer of the userinfo endpoint. */
interface Answer {
  /** `undefined`: it is no JSON object. */
  readonly claims: Members | undefined;
  /** Media type without parameters, in lower case. */
  readonly mediaType: string;
}

/** OpenID Connect Core 5.3.2 and 5.3.4. */
const checks: Checks<Answer, User> = {
  // A signed answer would need the keys, the issuer and the audience checked; Okta sends one only when told to.
  signedAnswer: ({ mediaType }) =>
    mediaType === 'application/jwt' &&
    'it is a JWT; set the userinfo response of the application in Okta to plain JSON',

  otherMediaType: ({ mediaType }) =>
    mediaType !== 'application/json' && `it is "${mediaType.slice(0, 100)}", not application/json; check issuer`,

  notAnObject: ({ claims }) => !claims && 'it is not a JSON object; check issuer',

  pollutingClaim: ({ claims }) => findPollution(claims) && 'it has a claim of an impossible name; remove that in Okta',

  // Section 5.3.2: without this, the claims of one user could be put in another's place.
  otherSubject: ({ claims }, { sub }) => claims!.sub !== sub && 'it is about another user (sub); sign in again',
};

/**
 * Claims about the signed-in user from the userinfo endpoint (OpenID Connect Core 5.3): those that the ID token leaves
 * out, such as long lists of groups.
 * @throws OktaElementsError `userinfo_failed` when the provider refuses, or its answer is refused; `network`, `offline`,
 * `timeout` or `server_error` when there is none
 */
export async function fetchUserInfo(session: Session, tokens: StoredTokens): Promise<User> {
  const provider = providerOf(session);
  const { userinfo_endpoint: url } = await provider.discover();
  if (!url) {
    throw new OktaElementsError(
      'userinfo_failed',
      'issuer: the discovery document has no userinfo_endpoint. Check issuer.',
    );
  }
  const { headers, responseText } = await provider.userInfo(url, tokens.accessToken, await keyOf(session, tokens));
  const mediaType = (headers.get('content-type') ?? '').split(';')[0]!.trim().toLowerCase();
  const claims = parseObject(responseText);
  check('userinfo_failed', 'The answer of the userinfo endpoint', checks, { claims, mediaType }, tokens.user);
  return { ...claims } as unknown as User;
}

function parseObject(text: string): Members | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? ownMembers(value) : undefined;
  } catch {
    return undefined;
  }
}
