import { endpoints, faultKinds, type Endpoint, type FaultKind } from './faults.js';

/** What a top-level navigation shows is no longer our page. */
export const OKTAS_PAGE = 'Okta’s page';
export const SIGNED_IN = 'signed in';
export const SIGNED_OUT = 'signed out';
export const STAYS_SIGNED_IN = 'stays signed in';

/** How each fault of a row ends: an error code, or what the user has instead. A missing fault cannot occur there. */
export type Endings = Partial<Record<FaultKind, string>>;

/** The server does not answer, fails, or does not let the page read its answer. */
const unanswered = {
  refused: 'network',
  hang: 'timeout',
  'status 500': 'server_error',
  'status 429': 'server_error',
  'wrong CORS': 'network',
};

/** The server answers with status 200 and an unusable body. */
const unusable = (ending: string) => ({ HTML: ending, truncated: ending, empty: ending });

const always = (ending: string): Endings => Object.fromEntries(faultKinds.map((kind) => [kind, ending]));

/** The browser navigates to the endpoint, so the page sees only a navigation that does not happen. */
const navigation = (withoutCors: string): Endings => ({
  ...always(OKTAS_PAGE),
  hang: 'timeout',
  'wrong CORS': withoutCors,
});

const stopped: Endings = { refused: 'network' };

/**
 * How every fault ends, by endpoint and moment. Real browsers (`test/faults/rows/`) and the session alone
 * (`test/session/faults.test.ts`) are held to the same table.
 */
export const endings = {
  'discovery, sign-in': { ...unanswered, ...unusable('discovery_failed') },
  // The discovery document was stored before the redirect.
  'discovery, return from Okta': always(SIGNED_IN),
  'discovery, sign-out': { ...unanswered, ...unusable('discovery_failed') },
  'keys, return from Okta': { ...unanswered, ...unusable('server_error') },
  'keys, renewal after a change of keys': { ...unanswered, ...unusable('server_error') },
  'authorize, sign-in': navigation(SIGNED_IN),
  'token, return from Okta': { ...unanswered, ...unusable('token_exchange_failed') },
  'token, return to a page that signs in by itself': { ...unanswered, ...unusable('token_exchange_failed') },
  'token, renewal, the tokens have expired': { ...unanswered, ...unusable('server_error') },
  'token, renewal, the tokens are still good': always(STAYS_SIGNED_IN),
  'userinfo, client.getUserInfo()': { ...unanswered, ...unusable('userinfo_failed') },
  // A server may answer a revocation with anything, as long as the status is 200 (RFC 7009 section 2.2).
  'revoke, sign-out, scope="app"': { ...unanswered, ...unusable(SIGNED_OUT) },
  'revoke, sign-out, scope="global"': { ...unanswered, ...unusable(SIGNED_OUT) },
  'logout, sign-out, scope="global"': navigation(SIGNED_OUT),
  'org, sign-in': stopped,
  'org, return from Okta': stopped,
  'org, renewal, the tokens have expired': stopped,
  'org, sign-out, scope="global"': stopped,
} satisfies Record<`${Endpoint}, ${string}`, Endings>;

/** Endpoint and moment, as in `token, return from Okta`. */
export type RowName = keyof typeof endings;

export const rowNames = (Object.keys(endings) as RowName[]).sort(
  (a, b) => endpoints.indexOf(endpointOf(a)) - endpoints.indexOf(endpointOf(b)),
);

export function endpointOf(name: RowName): Endpoint {
  return name.replace(/,.*/s, '') as Endpoint;
}

export function momentOf(name: RowName): string {
  return name.replace(/^\w+, /, '');
}
