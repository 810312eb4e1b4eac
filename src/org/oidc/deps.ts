import type { Clock } from '../clock.js';
import type { Directory, User } from '../directory.js';
import type { PolicyRequest } from '../policy.js';
import type { OrgConfig } from '../seed.js';
import type { PolicyDecision } from '../sign-in.js';
import type { SigningKey } from './keys.js';
import type { Store } from './store.js';

/** What the OpenID Connect half works with. One for the whole org, whatever the host name. */
export interface OidcDeps {
  readonly config: OrgConfig;
  readonly clock: Clock;
  readonly directory: Directory;
  readonly store: Store;
  /** The key that signs comes first; those before it still verify. */
  readonly keys: readonly SigningKey[];
  /** Keys that sign cookies. */
  readonly cookieKeys: string[];
  /** 32 bytes from which DPoP nonces are derived. */
  readonly nonceSecret: Buffer;
  /** A user who may sign in, or `undefined`. */
  activeUser(id: string | undefined): User | undefined;
  decide(user: User, request: Omit<PolicyRequest, 'login' | 'groups'>): PolicyDecision;
}

/** Seconds of the org's clock. */
export function epochSeconds(clock: Clock): number {
  return Math.floor(clock.now() / 1000);
}
