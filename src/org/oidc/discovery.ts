import { ISSUER_PATH, supportedScopes } from './provider.js';
import type { OidcDeps } from './deps.js';

/** What `/.well-known/openid-configuration` says, in Okta's order. It lists what this org can do and nothing else. */
export function discoveryDocument(origin: string, deps: OidcDeps): Record<string, unknown> {
  const issuer = `${origin}${ISSUER_PATH}`;
  const endpoint = (name: string): string => `${issuer}/v1/${name}`;
  const authMethods = ['client_secret_basic', 'client_secret_post', 'none'];
  const { claims, issInResponse } = deps.config.authorizationServer;
  return {
    issuer,
    authorization_endpoint: endpoint('authorize'),
    token_endpoint: endpoint('token'),
    userinfo_endpoint: endpoint('userinfo'),
    jwks_uri: endpoint('keys'),
    response_types_supported: ['code'],
    response_modes_supported: ['query', 'fragment', 'form_post', 'okta_post_message'],
    grant_types_supported: ['authorization_code', 'refresh_token', 'interaction_code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: supportedScopes(deps),
    token_endpoint_auth_methods_supported: authMethods,
    claims_supported: [
      ...['iss', 'ver', 'sub', 'aud', 'iat', 'exp', 'jti', 'auth_time', 'amr', 'acr', 'idp', 'nonce', 'at_hash'],
      ...['name', 'preferred_username', 'given_name', 'family_name', 'email', 'email_verified'],
      ...['zoneinfo', 'locale', 'updated_at'],
      ...claims.map(({ name }) => name),
    ],
    code_challenge_methods_supported: ['S256'],
    introspection_endpoint: endpoint('introspect'),
    introspection_endpoint_auth_methods_supported: authMethods,
    revocation_endpoint: endpoint('revoke'),
    revocation_endpoint_auth_methods_supported: authMethods,
    end_session_endpoint: endpoint('logout'),
    request_parameter_supported: false,
    dpop_signing_alg_values_supported: ['RS256', 'ES256'],
    ...(issInResponse ? { authorization_response_iss_parameter_supported: true } : undefined),
  };
}
