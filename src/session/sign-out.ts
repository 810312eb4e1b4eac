import { OktaElementsError } from '../errors.js';
import { reportError } from '../report.js';
import { leave, NOT_AT_OKTA } from './leave.js';
import type { LiveSession } from './live-session.js';
import { forgetRedirects } from './loop-breaker.js';
import { safeReturnTo } from './return-to.js';
import { providerOf, type Session } from './session.js';
import { unseal } from './sealing.js';
import { markSignedOut } from './spent-tokens.js';
import type { StoredSession, TokenSet } from './token-store.js';

export interface SignOutOptions {
  /** `local`: drop the tokens. `app`: also revoke them. `global` (default): also end the session at Okta. */
  scope?: 'local' | 'app' | 'global';
  /** Same-origin address to go to; with `global` it must be registered as a sign-out redirect URI in Okta. */
  returnTo?: string;
}

/**
 * Completes a sign-out when the tokens are gone from this browser: tells Okta, then leaves the page or updates its state.
 * @param stored the session that was stored, if any
 * @throws OktaElementsError when Okta could not be told of a `global` sign-out
 */
export async function signOut(session: LiveSession, options: SignOutOptions, stored?: StoredSession): Promise<void> {
  const { scope = 'global', returnTo } = options;
  const isLeaving = await signOutAtOkta(session, options, stored);
  // Until now the status said that the page would leave.
  if (!isLeaving && (returnTo || (stored && scope === 'global'))) session.refresh('signout', true);
}

/** @returns whether the browser is leaving this page */
async function signOutAtOkta(session: LiveSession, options: SignOutOptions, stored?: StoredSession): Promise<boolean> {
  const { config, environment } = session;
  const { scope = 'global', returnTo } = options;
  const page = environment.location.href;
  forgetRedirects(environment.sessionStorage);
  if (stored) await markSignedOut(stored.id, session);
  if (scope !== 'local' && stored) {
    const tokens = await unseal(session, stored);
    if (!tokens) {
      if (scope === 'global') throw unreadable();
      await reportError(session.target, unrevocable(), config);
    }
    // Before the tokens are revoked, which needs it too: what does not come is waited for once.
    const endpoint = scope === 'global' ? await endSessionEndpoint(session) : undefined;
    const unrevoked = await revoke(session, tokens);
    // Awaited: the page may leave next.
    if (unrevoked) await reportError(session.target, unrevoked, config);
    if (endpoint) {
      const url = new URL(endpoint);
      const home = returnTo ? new URL(safeReturnTo(returnTo, page), page).href : config.postLogoutRedirectUri;
      url.searchParams.set('id_token_hint', tokens!.idToken);
      url.searchParams.set('post_logout_redirect_uri', home);
      leave(session, url.href);
      return true;
    }
    if (scope === 'global') {
      remark(session, 'Signed out here only: the issuer has no end_session_endpoint, so its own session goes on.');
    }
  }
  if (!returnTo) return false;
  const there = new URL(safeReturnTo(returnTo, page), page);
  if (there.hash && withoutHash(there.href) === withoutHash(page)) {
    // Only a part of this page, which then stays.
    environment.location.assign(there.href);
    return false;
  }
  leave(session, there.href);
  return true;
}

/** Loads lazily what writes to the console. */
function remark({ target, config }: LiveSession, message: string): void {
  void import('../explain.js').then(({ note }) => note(message, target, config)).catch(() => {});
}

function withoutHash(address: string): string {
  return address.replace(/#.*/s, '');
}

async function endSessionEndpoint(session: LiveSession): Promise<string | undefined> {
  try {
    return (await providerOf(session).discover()).end_session_endpoint;
  } catch (error) {
    throw prefixed(NOT_AT_OKTA, error as OktaElementsError);
  }
}

function unreadable(): OktaElementsError {
  return new OktaElementsError(
    'storage_unavailable',
    `${NOT_AT_OKTA}The stored tokens could not be decrypted, because their key is gone from this browser or they were altered; sign out at Okta itself.`,
  );
}

function unrevocable(): OktaElementsError {
  return new OktaElementsError(
    'storage_unavailable',
    'The tokens could not be revoked: they could not be decrypted, because their key is gone from this browser or they were altered. They expire by themselves.',
  );
}

/** Revokes the tokens of a stored session as far as that is possible. */
export async function revokeStored(session: LiveSession, stored?: StoredSession): Promise<void> {
  await revoke(session, stored && (await unseal(session, stored)));
}

/**
 * Revokes what can be revoked (RFC 7009).
 * @returns why a token could not be, in which case it lives until it expires
 */
export async function revoke(session: Session, tokens?: TokenSet): Promise<OktaElementsError | undefined> {
  if (!tokens) return undefined;
  const provider = providerOf(session);
  const answers = await Promise.allSettled([
    provider.revoke(tokens.accessToken, 'access_token'),
    tokens.refreshToken && provider.revoke(tokens.refreshToken, 'refresh_token'),
  ]);
  const failed = answers.find((answer) => answer.status === 'rejected');
  return failed && prefixed('The tokens could not be revoked: ', failed.reason as OktaElementsError);
}

function prefixed(prefix: string, { code, message, cause }: OktaElementsError): OktaElementsError {
  return new OktaElementsError(code, prefix + message, { cause });
}
