import { OktaElementsError } from '../errors.js';
import type { LiveSession } from './live-session.js';
import type { Sealed } from './sealing.js';
import type { StoredSession } from './token-store.js';

/**
 * Puts tokens that have passed every check into the store, in place of those that were there. Synchronous, so that
 * nobody can sign out between the caller's last look and this. Apart from the store, because a page only reads until
 * somebody signs in.
 * @throws OktaElementsError `storage_unavailable` when the storage is full or refuses
 */
export function storeTokens(session: LiveSession, { stored, tokens }: Sealed): StoredSession {
  const { store, others } = session;
  const { keyId } = store;
  try {
    store.put(stored, tokens);
  } catch (cause) {
    if (keyId !== tokens.keyId) store.dropKey(tokens.keyId);
    throw new OktaElementsError(
      'storage_unavailable',
      'The browser refused to store the sign-in; free some storage, or set storage="memory".',
      { cause },
    );
  }
  if (keyId !== tokens.keyId) store.dropKey(keyId);
  if (store.isInMemory) noteUser(session);
  else others.forget();
  return stored;
}

/** Lets the next page of this tab request tokens silently, because those of this page are lost with it. */
export function noteUser({ environment, others }: LiveSession): void {
  try {
    environment.sessionStorage?.setItem(others.memo, '1');
  } catch {
    // A full storage: the next page asks the user again.
  }
}
