import { Provider } from './provider.js';
import type { OktaConfig } from './config.js';
import type { Environment } from './environment.js';
import type { TokenStore } from './token-store.js';

/** What the verbs work with. */
export interface Session {
  readonly config: OktaConfig;
  readonly environment: Environment;
  readonly store: TokenStore;
}

/** One per configuration: it remembers the discovery document and the keys, in memory. */
const providers = new WeakMap<OktaConfig, Provider>();
export function providerOf({ config, environment }: Session): Provider {
  let provider = providers.get(config);
  if (!provider) providers.set(config, (provider = new Provider(config, environment)));
  return provider;
}
