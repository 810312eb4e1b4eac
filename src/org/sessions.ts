import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import { sendEmpty, sendJson, urlOf } from './http.js';
import { sendOktaError } from './oidc/errors.js';
import { IDENTITY_PROVIDER_ID } from './oidc/id-token.js';
import { epochSeconds, type OidcDeps } from './oidc/deps.js';
import { sessionLifetime } from './oidc/provider.js';
import type { User } from './directory.js';
import type { Amr, SignInResult } from './sign-in.js';

type Session = Awaited<ReturnType<Provider['Session']['get']>>;

/** A live Okta session of one browser. */
export interface CurrentSession {
  user: User;
  amr: Amr[];
  /** When the last factor was proved, epoch seconds on the org's clock. */
  authTime: number;
}

const COOKIE = { signed: true, httpOnly: true, sameSite: 'lax', overwrite: true } as const;

/**
 * Okta sessions. A session is what the signed `idx` cookie stands for, and what oidc-provider signs people in by:
 * there is one kind only, so that signing out of either is signing out of both.
 */
export class Sessions {
  readonly #deps: OidcDeps;

  constructor(deps: OidcDeps) {
    this.#deps = deps;
  }

  /** The session of the browser that asks, when somebody is signed in who still may. */
  async current(provider: Provider, req: IncomingMessage, res: ServerResponse): Promise<CurrentSession | undefined> {
    const session = await load(provider, req, res);
    const user = this.#deps.activeUser(session.accountId);
    if (!user) return undefined;
    return { user, amr: (session.amr ?? []) as Amr[], authTime: session.loginTs ?? 0 };
  }

  /** Ends every session of a user, in whichever browser. Tokens stay good until they expire, as with Okta. */
  endAllOf(userId: string): void {
    const { store } = this.#deps;
    for (const [key, { accountId }] of [...store.entries('Session')]) if (accountId === userId) store.delete(key);
  }

  /**
   * Begins the session of a browser anew, ending the one it had. The cookie is set at once, so nothing may have been
   * answered yet.
   */
  async establish(provider: Provider, req: IncomingMessage, res: ServerResponse, result: SignInResult): Promise<void> {
    const session = new provider.Session();
    const previous = await load(provider, req, res);
    const transient = !result.remember && !isRemembered(previous, result.userId);
    session.loginAccount({ accountId: result.userId, loginTs: result.authTime, amr: result.amr, transient });
    const lifetime = sessionLifetime(undefined, this.#deps);
    const { cookies } = provider.createContext(req, res);
    // A cookie without expiry goes with the browser; "keep me signed in" keeps it as long as the session.
    const expires = transient ? undefined : new Date(Date.now() + lifetime * 1000);
    cookies.set('idx', session.jti, { ...COOKIE, expires });
    await previous.destroy();
    await session.save(lifetime);
  }

  /** Ends the session of the browser that asks. False when there was none. */
  async end(provider: Provider, req: IncomingMessage, res: ServerResponse): Promise<boolean> {
    const session = await load(provider, req, res);
    await session.destroy();
    provider.createContext(req, res).cookies.set('idx', null, COOKIE);
    return session.accountId !== undefined;
  }

  /**
   * `/api/v1/sessions/me`: GET, DELETE, and POST `…/lifecycle/refresh`. True when it has answered.
   * https://developer.okta.com/docs/api/openapi/okta-management/management/tag/Session/
   */
  async handle(provider: Provider, origin: string, req: IncomingMessage, res: ServerResponse): Promise<boolean> {
    const { pathname } = urlOf(req);
    const refresh = pathname === '/api/v1/sessions/me/lifecycle/refresh' && req.method === 'POST';
    if (pathname !== '/api/v1/sessions/me' && !refresh) return false;

    const session = await load(provider, req, res);
    const user = this.#deps.activeUser(session.accountId);
    if (!user) {
      sendOktaError(res, 404, 'E0000007', 'Not found: Resource not found: me (Session)');
    } else if (req.method === 'DELETE') {
      await this.end(provider, req, res);
      sendEmpty(res);
    } else if (req.method === 'GET' || refresh) {
      if (refresh) await session.save(sessionLifetime(session.iat, this.#deps));
      sendJson(res, 200, this.#describe(session, user, origin));
    } else {
      sendOktaError(res, 405, 'E0000022', 'The endpoint does not support the provided HTTP method');
    }
    return true;
  }

  #describe(session: Session, user: User, origin: string): Record<string, unknown> {
    const ahead = epochSeconds(this.#deps.clock) - Math.floor(Date.now() / 1000);
    const isoTime = (seconds: number): string => new Date(seconds * 1000).toISOString();
    const amr = (session.amr ?? []) as Amr[];
    const authTime = isoTime(session.loginTs ?? 0);
    const self = `${origin}/api/v1/sessions/me`;
    return {
      id: `102${session.uid}`,
      userId: user.id,
      login: user.profile.login,
      createdAt: isoTime(session.iat + ahead),
      expiresAt: isoTime(session.exp + ahead),
      status: 'ACTIVE',
      lastPasswordVerification: amr.includes('pwd') ? authTime : null,
      lastFactorVerification: amr.includes('mfa') ? authTime : null,
      amr,
      idp: { id: IDENTITY_PROVIDER_ID, type: 'OKTA' },
      mfaActive: amr.includes('mfa'),
      _links: {
        self: { href: self, hints: { allow: ['GET', 'DELETE'] } },
        refresh: { href: `${self}/lifecycle/refresh`, hints: { allow: ['POST'] } },
        user: { name: `${user.profile.firstName} ${user.profile.lastName}`, href: `${origin}/api/v1/users/${user.id}` },
      },
    };
  }
}

/** Whether this session of this user was to be kept. Proving more, or again, does not take that back. */
export function isRemembered({ accountId, transient }: Session, userId: string): boolean {
  return accountId === userId && !transient;
}

function load(provider: Provider, req: IncomingMessage, res: ServerResponse): Promise<Session> {
  return provider.Session.get(provider.createContext(req, res));
}
