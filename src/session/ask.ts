import type { OktaConfig } from './config.js';
import type { Environment } from './environment.js';

/** Who asks. */
export interface Asking {
  readonly config: OktaConfig;
  readonly environment: Environment;
}

/** Sends one request to the provider. Given up when it takes too long, and then rejects with the reason of its signal. */
export function ask({ config, environment }: Asking, url: string, init?: RequestInit): Promise<Response> {
  return environment.fetch(url, {
    ...init,
    credentials: 'omit',
    // A code, a token or a proof goes to the endpoint that was discovered, and to no other (RFC 9700 section 4.12).
    redirect: 'error',
    referrerPolicy: 'no-referrer',
    signal: AbortSignal.timeout(config.requestTimeout),
  });
}

/** Asks for the discovery document (OpenID Connect Discovery 4). */
export function askForDiscovery(asking: Asking): Promise<Response> {
  const response = ask(asking, `${asking.config.issuer}/.well-known/openid-configuration`);
  // Whoever reads it hears of a failure; nobody may come to read it.
  response.catch(() => {});
  return response;
}
