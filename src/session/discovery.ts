import { OktaElementsError } from '../errors.js';

/** What the provider says of itself (OpenID Connect Discovery 3). */
export interface Discovery {
  readonly issuer: string;
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
  readonly end_session_endpoint?: string;
  readonly revocation_endpoint?: string;
  /** How an answer can come back (OAuth 2.0 Multiple Response Type Encoding Practices 2.1). */
  readonly response_modes_supported?: readonly string[];
}

/** The browser is sent to an endpoint, or an endpoint is sent secrets: `javascript:` and the like are none. */
function isEndpoint(value: unknown): boolean {
  return typeof value === 'string' && /^https?:/i.test(value) && URL.canParse(value);
}

/**
 * Checks a discovery document (OpenID Connect Discovery 4.3).
 * @throws OktaElementsError `discovery_failed` when it is none, `issuer_mismatch` when it is somebody else's
 */
export function parseDiscovery(answer: unknown, issuer: string): Discovery {
  const found = Object(answer) as Record<keyof Discovery, unknown>;
  const { authorization_endpoint, token_endpoint, end_session_endpoint, revocation_endpoint } = found;
  const endpoints = [
    authorization_endpoint,
    token_endpoint,
    end_session_endpoint ?? issuer,
    revocation_endpoint ?? issuer,
  ];
  if (!endpoints.every(isEndpoint)) {
    throw new OktaElementsError(
      'discovery_failed',
      `${issuer}/.well-known/openid-configuration is not a discovery document; check issuer.`,
    );
  }
  if (found.issuer !== issuer) {
    throw new OktaElementsError(
      'issuer_mismatch',
      `The provider calls itself ${String(found.issuer)}; set issuer to exactly that.`,
    );
  }
  return found as Discovery;
}
