import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { PLAIN_PAGE_CSP, sendJson } from '../http.js';
import { errorPage } from '../pages/error.js';

/** Answers with an error of Okta's own APIs (`/api`, `/idp`). https://developer.okta.com/docs/reference/error-codes/ */
export function sendOktaError(res: ServerResponse, status: number, errorCode: string, errorSummary: string): void {
  sendJson(res, status, {
    errorCode,
    errorSummary,
    errorLink: errorCode,
    errorId: `oae${randomBytes(16).toString('base64url')}`,
    errorCauses: [],
  });
}

/** The page for an authorization or sign-out request that cannot be answered at the application. */
export function renderOAuthError(ctx: KoaContextWithOIDC, out: { error?: string; error_description?: string }): void {
  const error = String(out.error ?? 'server_error');
  ctx.status = error === 'server_error' ? 500 : 400;
  ctx.type = 'html';
  ctx.set({ 'Cache-Control': 'no-store', 'Content-Security-Policy': PLAIN_PAGE_CSP });
  ctx.body = errorPage(ctx.status, error, describe(error, out.error_description, ctx.oidc?.route));
}

/** Okta's words for the errors that developers meet most, by error and endpoint. Others keep oidc-provider's. */
const DESCRIPTIONS: Record<string, string> = {
  invalid_redirect_uri: "The 'redirect_uri' parameter must be a Login redirect URI in the client app settings.",
  'invalid_client authorization': "Invalid value for 'client_id' parameter.",
  'invalid_client token': "Invalid value for 'client_id' parameter.",
  'invalid_token userinfo': 'The access token is invalid.',
  'use_dpop_nonce token': 'Authorization server requires nonce in DPoP proof.',
};

export function describe(
  error: string,
  description: string | undefined,
  route: string | undefined,
): string | undefined {
  return DESCRIPTIONS[`${error} ${route ?? ''}`] ?? DESCRIPTIONS[error] ?? description;
}

/** The words for `invalid_grant`, which depend on what was presented, and on what oidc-provider found wrong with it. */
export function describeInvalidGrant(grantType: unknown, detail = ''): string {
  if (detail.startsWith('code_verifier')) return 'PKCE verification failed.';
  switch (grantType) {
    case 'refresh_token':
      return 'The refresh token is invalid or expired.';
    case 'interaction_code':
      return 'The interaction code is invalid or has expired.';
    default:
      return 'The authorization code is invalid or has expired.';
  }
}
