import type { OktaConfig } from './config.js';
import type { Environment } from './environment.js';

/** Words by which a request that was never answered keeps its kind. */
export const TIMEOUT = 'okta:timeout';
export const UNREACHABLE = 'okta:unreachable';

/** Who asks. */
export interface Asking {
  readonly config: OktaConfig;
  readonly environment: Environment;
}

/** A response, whatever its status. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly responseText: string;
}

/**
 * Sends one request to the provider, and reads the answer whole, within the time limit of requests.
 * @throws Error with the message {@link TIMEOUT} or {@link UNREACHABLE}
 */
export async function ask({ config, environment }: Asking, url: string, init?: RequestInit): Promise<Answer> {
  const signal = AbortSignal.timeout(config.requestTimeout);
  try {
    const response = await environment.fetch(url, {
      ...init,
      credentials: 'omit',
      // A code, a token or a proof goes to the endpoint that was discovered, and to no other (RFC 9700 section 4.12).
      redirect: 'error',
      referrerPolicy: 'no-referrer',
      signal,
    });
    const { status, headers } = response;
    return { status, headers, responseText: await response.text() };
  } catch (cause) {
    throw new Error(signal.aborted ? TIMEOUT : UNREACHABLE, { cause });
  }
}

/** Asks for the discovery document (OpenID Connect Discovery 4). */
export function askForDiscovery(asking: Asking, init?: RequestInit): Promise<Answer> {
  return ask(asking, `${asking.config.issuer}/.well-known/openid-configuration`, init);
}
