import { Provider } from './provider.js';
import type { OktaConfig } from './config.js';
import type { Environment } from './environment.js';
import type { TokenStore } from './token-store.js';

/** What the verbs work with. */
export interface Session {
  readonly config: OktaConfig;
  readonly environment: Environment;
  readonly store: TokenStore;
  /** It remembers the discovery document and the keys, in memory. */
  provider?: Provider;
}

export function providerOf(session: Session): Provider {
  return (session.provider ??= new Provider(session.config, session.environment));
}
