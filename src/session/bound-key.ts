import type * as Dpop from './dpop.js';
import { loaded } from './parts.js';
import type { Session } from './session.js';
import type { TokenSet } from './token-store.js';

/** What DPoP takes comes only to pages whose tokens are bound to a key. */
export function loadDpop(): Promise<typeof Dpop> {
  return loaded(import('./dpop.js'));
}

/**
 * The key that tokens are bound to; undefined for bearer tokens.
 * @throws OktaElementsError `login_required` when it is gone, and the tokens with it; `storage_unavailable`
 */
export async function keyOf(session: Session, { keyId }: TokenSet): Promise<Dpop.DpopKey | undefined> {
  return keyId ? (await loadDpop()).openKey(session, keyId) : undefined;
}
