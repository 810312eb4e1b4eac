import { pkce } from '@okta/okta-auth-js/core';

/** A verifier and its challenge (RFC 7636 section 4), by the method `S256`. */
export interface Pkce {
  readonly codeVerifier: string;
  readonly codeChallenge: string;
}

/** The one place that knows Okta's SDK. Bundlers take these two functions of it, a kilobyte, and leave the rest. */
export async function createPkce(): Promise<Pkce> {
  const codeVerifier = pkce.generateVerifier('');
  return { codeVerifier, codeChallenge: (await pkce.computeChallenge(codeVerifier)) as string };
}
