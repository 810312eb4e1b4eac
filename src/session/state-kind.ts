/** The ways a sign-in can go. Each comes back with a `state` that names it. */
export type TransactionKind = 'redirect' | 'popup' | 'silent' | 'embedded';

/** A `state` that says whose it is and which way the sign-in goes, in characters that Okta accepts. */
export function nameState(kind: TransactionKind, random: string): string {
  return `okta-elements.${kind}.${random}`;
}

/** Which way the sign-in with this `state` went, if it is one that this package began, on whichever page. */
export function stateKind(state: string | null): TransactionKind | undefined {
  const named = /^okta-elements\.(redirect|popup|silent|embedded)\.[0-9a-f]{64}$/.exec(state ?? '');
  return named?.[1] as TransactionKind | undefined;
}
