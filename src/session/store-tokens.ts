import { OktaElementsError } from '../errors.js';
import { own } from './own.js';
import { decodeClaims, type StoredTokens, type TokenSet, type TokenStore } from './token-store.js';

/**
 * Puts tokens that have passed every check into the store, in place of those that were there. Apart from the store,
 * because a page only reads until somebody signs in.
 * @throws OktaElementsError `storage_unavailable` when the storage is full or refuses
 */
export function storeTokens(store: TokenStore, tokens: TokenSet): StoredTokens {
  const stored = own({ ...tokens, user: decodeClaims(tokens.idToken) });
  const { keyId } = store;
  try {
    store.put(stored, JSON.stringify(tokens));
  } catch (cause) {
    if (keyId !== tokens.keyId) store.dropKey(tokens.keyId);
    throw new OktaElementsError(
      'storage_unavailable',
      'The browser refused to store the sign-in; free some storage, or set storage="memory".',
      { cause },
    );
  }
  if (keyId !== tokens.keyId) store.dropKey(keyId);
  return stored;
}
