import type { OktaConfig } from './config.js';
import type { Environment } from './environment.js';

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

/** A request that was sent, and its time limit, which is also that of reading the response. */
export interface Sent {
  readonly response: Promise<Response>;
  readonly signal: AbortSignal;
}

/** Sends one request to the provider. What reads the response is loaded lazily. */
export function send({ config, environment }: Asking, url: string, init?: RequestInit): Sent {
  const signal = AbortSignal.timeout(config.requestTimeout);
  const response = environment.fetch(url, {
    ...init,
    credentials: 'omit',
    // A code, a token or a proof goes to the endpoint that was discovered, and to no other (RFC 9700 section 4.12).
    redirect: 'error',
    referrerPolicy: 'no-referrer',
    signal,
  });
  return { response, signal };
}

/** Sends the request for the discovery document (OpenID Connect Discovery 4). */
export function sendForDiscovery(asking: Asking, init?: RequestInit): Sent {
  return send(asking, `${asking.config.issuer}/.well-known/openid-configuration`, init);
}
