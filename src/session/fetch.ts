import { OktaElementsError } from '../errors.js';
import type { OktaClient } from './client.js';
import type { Environment } from './environment.js';
import type { StoredTokens } from './token-store.js';

/**
 * Sends a request with the access token, to the page's own origin and the configured ones only (RFC 6750 5.3: a
 * bearer token sent to the wrong place is a token given away).
 * @throws OktaElementsError `origin_not_allowed`; nothing is sent
 */
export async function fetchWithToken(
  client: OktaClient,
  environment: Environment,
  renew: (refused: string) => Promise<StoredTokens | undefined>,
  input: RequestInfo | URL,
  init?: RequestInit,
): Promise<Response> {
  const request = new Request(input, init);
  const { origin } = new URL(request.url);
  if (origin !== environment.location.origin && !client.config.allowedOrigins.includes(origin)) {
    throw new OktaElementsError(
      'origin_not_allowed',
      `The access token is not sent to ${origin}; add it to allowed-origins if that is your API.`,
    );
  }
  const send = (token: string | undefined) => {
    const attempt = request.clone();
    if (token) attempt.headers.set('authorization', `Bearer ${token}`);
    // A redirect would carry the token to wherever it points.
    return environment.fetch(attempt, { redirect: 'error' });
  };
  const token = await client.getAccessToken();
  const response = await send(token);
  if (response.status !== 401 || !token) return response;
  // What keeps the renewal from working is not what the caller asked; the API's answer is.
  const renewed = (await renew(token).catch(() => undefined))?.accessToken;
  return renewed && renewed !== token ? send(renewed) : response;
}
