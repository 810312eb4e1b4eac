import { AuthJs } from './auth-js.js';
import type { OktaConfig } from './config.js';
import type { Environment } from './environment.js';
import type { TokenStore } from './token-store.js';

/** What the verbs work with. */
export interface Session {
  readonly config: OktaConfig;
  readonly environment: Environment;
  readonly store: TokenStore;
}

/** One SDK per configuration: it remembers the discovery document and the keys, in memory. */
const sdks = new WeakMap<OktaConfig, AuthJs>();
export function authJs({ config, environment }: Session): AuthJs {
  let sdk = sdks.get(config);
  if (!sdk) sdks.set(config, (sdk = new AuthJs(config, environment)));
  return sdk;
}
