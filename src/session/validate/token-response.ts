import { parseList } from '../config.js';
import type { TokenSet } from '../token-store.js';
import { check, findPollution, isSeconds, ownMembers, type Checks, type Members } from './check.js';
import type { Expectation } from './claims.js';

/** A token response as it came: nothing about it is known yet. */
export type TokenResponse = Members;

/**
 * Seconds for which an access token counts at most; Okta's own longest. Longer is not refused, since it is no attack and
 * providers do say "ten years" where they mean "no limit": it is cut, so that a session is renewed, or ends, within a day
 * and no browser timer is asked for more than it can wait.
 */
export const LONGEST_LIFETIME = 86_400;

/** Characters of a token at most: a longer one fits no header, and crowds out the rest of the storage. */
const LONGEST_TOKEN = 65_536;

const TOKENS = ['access_token', 'id_token', 'refresh_token'];
const isThere = (value: unknown) => (value ?? '') !== '';
const ADVICE = 'check that the application in Okta is a single-page app and that issuer is its authorization server';

/** Some providers write the number as text. */
function readLifetime({ expires_in: value }: Members): number {
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : (value as number);
}

const checks: Checks<Members, { asked: Expectation; previous?: TokenSet }> = {
  pollutingMember: (response) => findPollution(response) && `it has a member of an impossible name; ${ADVICE}`,

  // RFC 6749 section 5.1.
  missingAccessToken: ({ access_token: token }) => !isThere(token) && `it lacks access_token; ${ADVICE}`,

  // OpenID Connect Core 3.1.3.3; a renewal may leave it out (12.2).
  missingIdToken: ({ id_token: token }, { previous }) =>
    !previous && !isThere(token) && `it lacks id_token; ask for the scope openid, and ${ADVICE}`,

  // RFC 6749 appendix A.12 and A.17, RFC 7515 section 3.1: visible ASCII. Anything else would break a header.
  malformedToken: (response) => {
    const name = TOKENS.find(
      (token) =>
        isThere(response[token]) && !/^[\x21-\x7e]+$/.test(typeof response[token] === 'string' ? response[token] : ''),
    );
    return name && `its ${name} is no token; ${ADVICE}`;
  },

  oversizedToken: (response) => {
    const name = TOKENS.find((token) => ((response[token] ?? '') as string).length > LONGEST_TOKEN);
    return name && `its ${name} is too long to be used; leave claims out of it in Okta, groups first`;
  },

  // OpenID Connect Core 3.1.3.3, RFC 9449 section 5. A bearer token in place of a bound one is a downgrade.
  otherTokenType: ({ token_type: type }, { asked: { tokenType = 'Bearer' } }) =>
    (typeof type !== 'string' || type.toLowerCase() !== tokenType.toLowerCase()) &&
    `its token_type is not ${tokenType}; check the attribute dpop, and that the application in Okta agrees with it`,

  // RFC 6749 section 5.1 only recommends it, but a session without an end is none.
  endlessToken: (response) =>
    !isSeconds(readLifetime(response)) && `it does not say when the token expires (expires_in); ${ADVICE}`,

  // RFC 6749 section 5.1, appendix A.16.
  malformedScope: ({ scope }) => isThere(scope) && typeof scope !== 'string' && `its scope is no text; ${ADVICE}`,
};

/**
 * Checks a token response (RFC 6749 section 5.1, OpenID Connect Core 3.1.3.3) and makes a token set of it.
 * @param previous for a renewal, what the response may leave out (RFC 6749 section 6, OpenID Connect Core 12.2)
 * @throws OktaElementsError `token_exchange_failed`, naming the check that refused
 */
export function parseTokenResponse(answer: TokenResponse, asked: Expectation, previous?: TokenSet): TokenSet {
  const response = ownMembers(answer);
  check('token_exchange_failed', 'The token response', checks, response, { asked, previous });
  const { access_token, id_token, refresh_token, scope } = response as Record<string, string | undefined>;
  return {
    accessToken: access_token!,
    tokenType: asked.tokenType ?? 'Bearer',
    idToken: id_token || previous!.idToken,
    refreshToken: refresh_token || previous?.refreshToken,
    // Left out, it is as asked (RFC 6749 section 5.1). Empty, it grants none: guards with `scopes` stay closed.
    scopes: scope == null ? [...(previous ?? asked).scopes] : parseList(scope),
    clockSkew: previous?.clockSkew,
    expiresAt: Math.floor(asked.now + Math.min(readLifetime(response), LONGEST_LIFETIME)),
  };
}
