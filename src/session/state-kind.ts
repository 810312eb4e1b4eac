/** The ways a sign-in can go. Each comes back with a `state` that names it. */
export type TransactionKind = 'redirect' | 'popup' | 'silent' | 'embedded';

/**
 * Which way the sign-in with this `state` went, if it is one that this package began, on whichever page. It is made in
 * authorize.ts, of characters that Okta accepts.
 */
export function stateKind(state: string | null): TransactionKind | undefined {
  const named = /^okta-elements\.(redirect|popup|silent|embedded)\.[0-9a-f]{64}$/.exec(state ?? '');
  return named?.[1] as TransactionKind | undefined;
}
