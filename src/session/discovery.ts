import { isSecure } from './config.js';
import { check, ownMembers, quote, type Checks, type Members } from './validate/check.js';

/** What the provider says of itself (OpenID Connect Discovery 3), as far as it matters here. */
export interface Discovery {
  readonly issuer: string;
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
  readonly jwks_uri: string;
  readonly userinfo_endpoint?: string;
  readonly end_session_endpoint?: string;
  readonly revocation_endpoint?: string;
  /** How an answer can come back (OAuth 2.0 Multiple Response Type Encoding Practices 2.1). */
  readonly response_modes_supported?: readonly string[];
  /** Every authorization response names the issuer (RFC 9207 section 3). */
  readonly authorization_response_iss_parameter_supported?: boolean;
  /** Algorithms of DPoP proofs (RFC 9449 section 5.1). */
  readonly dpop_signing_alg_values_supported?: readonly string[];
}

const REQUIRED = ['authorization_endpoint', 'token_endpoint', 'jwks_uri'];
const ENDPOINTS = [...REQUIRED, 'userinfo_endpoint', 'end_session_endpoint', 'revocation_endpoint'];

/** Name and address of every endpoint that is there. */
function endpoints(document: Members): (readonly [name: string, address: unknown])[] {
  return ENDPOINTS.filter((name) => document[name] !== undefined).map((name) => [name, document[name]]);
}

/** The browser is sent to an endpoint, or an endpoint is sent secrets: `javascript:` and the like are none. */
function isEndpoint(value: unknown): boolean {
  if (typeof value !== 'string' || !/^https?:\/\//i.test(value) || !URL.canParse(value)) return false;
  const { username, password } = new URL(value);
  return !username && !password && !value.includes('#');
}

const formChecks: Checks<Members> = {
  // OpenID Connect Discovery 3.
  missingEndpoint: (document) => {
    const name = REQUIRED.find((required) => document[required] === undefined);
    return name && `it has no ${name}; check issuer`;
  },

  // RFC 6749 section 3.1: an absolute address without a fragment.
  malformedEndpoint: (document) => {
    const wrong = endpoints(document).find(([, address]) => !isEndpoint(address));
    return wrong && `its ${wrong[0]} is not an address to be used; check issuer`;
  },

  // RFC 6749 sections 3.1 and 3.2, RFC 9700 section 2.6: TLS, but for a server on this machine.
  insecureEndpoint: (document) => {
    const wrong = endpoints(document).find(([, address]) => !isSecure(new URL(address as string)));
    return wrong && `its ${wrong[0]} is without https; check issuer`;
  },

  // RFC 9700 sections 2.1.1 and 4.8.2, RFC 7636 section 4.2. Older providers do not say which methods they take.
  withoutPkce: ({ code_challenge_methods_supported: methods }) =>
    methods !== undefined &&
    !(Array.isArray(methods) && methods.includes('S256')) &&
    'it does not take PKCE with S256; check issuer',
};

const issuerChecks: Checks<Members, string> = {
  // OpenID Connect Discovery 4.3, RFC 8414 section 3.3: to the letter.
  foreignIssuer: ({ issuer }, configured) =>
    issuer !== configured && `it is of ${quote(issuer)}; set issuer to exactly that, if it is where your users sign in`,
};

/**
 * Checks a discovery document.
 * @returns the members that matter here, and no other
 * @throws OktaElementsError `discovery_failed` when it is none, `issuer_mismatch` when it is somebody else's
 */
export function parseDiscovery(answer: unknown, issuer: string): Discovery {
  const document = ownMembers(answer);
  const what = `The discovery document of ${issuer}`;
  check('discovery_failed', what, formChecks, document, undefined);
  check('issuer_mismatch', what, issuerChecks, document, issuer);
  return {
    ...(Object.fromEntries(endpoints(document)) as unknown as Discovery),
    issuer,
    response_modes_supported: texts(document.response_modes_supported),
    dpop_signing_alg_values_supported: texts(document.dpop_signing_alg_values_supported),
    authorization_response_iss_parameter_supported: document.authorization_response_iss_parameter_supported === true,
  };
}

/**
 * Whether every endpoint is below the address of the issuer, as Okta's are. A document that was kept in this browser
 * counts only then: what another script has put there must not receive a code.
 */
export function belongsToIssuer(discovery: Discovery): boolean {
  return endpoints(discovery as unknown as Members).every(([, address]) =>
    new URL(address as string).href.startsWith(`${new URL(discovery.issuer).href.replace(/\/$/, '')}/`),
  );
}

function texts(value: unknown): string[] | undefined {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : undefined;
}
