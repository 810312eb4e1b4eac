import type { Browser, BrowserContext } from 'playwright-core';
import { createOrg, type Org } from '../../src/org/index.js';
import type { Seed } from '../../src/org/seed.js';
import { App, people } from '../org/support/app.js';
import { pages, ShopServer } from './shop/shop-server.js';

export const ada = { login: 'ada@example.com', name: 'Ada Lovelace' };

/** With these cookies the org signs Ada in without asking for her password. */
const SESSION_COOKIES = ['idx', 'idx.sig'];

const BRIEF_LIFETIME_S = 4;

const seed: Seed = {
  users: people.users,
  groups: people.groups,
  clients: [{ id: 'shop' }, { id: 'brief' }, ...people.clients],
  authorizationServer: {
    policies: [
      {
        name: 'Brief',
        clients: ['brief'],
        rules: [{ name: 'All', action: 'ALLOW', accessTokenLifetimeMinutes: BRIEF_LIFETIME_S / 60 }],
      },
      { name: 'Others', rules: [{ name: 'All', action: 'ALLOW' }] },
    ],
  },
};

interface SessionCookie {
  name: string;
  value: string;
  url: string;
}

/** A shop with an org of its own, so that faults in one fixture do not reach another. */
export class FaultFixture {
  readonly shop: ShopServer;
  org: Org;
  readonly #browser: Browser;
  #cookies: SessionCookie[] = [];

  private constructor(browser: Browser, shop: ShopServer, org: Org) {
    this.#browser = browser;
    this.shop = shop;
    this.org = org;
    shop.issuer = org.issuer;
  }

  static async open(browser: Browser): Promise<FaultFixture> {
    const shop = await ShopServer.start();
    return new FaultFixture(browser, shop, await startOrg(shop));
  }

  /** A browser profile with a session at Okta and nothing else. */
  async newContext(): Promise<BrowserContext> {
    const context = await this.#browser.newContext();
    await this.signInAtOkta(context);
    return context;
  }

  /** Gives a browser profile a session at Okta. Ada signs in over HTTP, which is faster than in a browser. */
  async signInAtOkta(context: BrowserContext): Promise<void> {
    const { origin } = this.org;
    await context.addCookies(this.#cookies);
    if (await this.hasSession(context)) return;
    const app = new App(this.org, origin);
    await app.signIn(ada.login);
    this.#cookies = SESSION_COOKIES.map((name) => ({
      name,
      value: app.agent.cookie(origin, name)!.value,
      url: origin,
    }));
    await context.addCookies(this.#cookies);
  }

  async release(context: BrowserContext): Promise<void> {
    this.shop.onReturn = undefined;
    this.shop.refusedTokens.clear();
    // A cell that failed may have left the org stopped.
    if (!(await isUp(this.org))) await this.restartOrg();
    this.org.faults.clear();
    await context.close();
  }

  /** Whether the browser profile has a session at Okta. */
  async hasSession(context: BrowserContext): Promise<boolean> {
    // The org may close an idle connection at the same moment.
    const answer = await context.request.get(`${this.org.origin}/api/v1/sessions/me`, { maxRetries: 3 });
    return answer.ok();
  }

  /** Starts the org again at the same port. It has forgotten all sessions. */
  async restartOrg(): Promise<void> {
    this.org = await startOrg(this.shop, Number(new URL(this.org.origin).port));
  }

  async close(): Promise<void> {
    await Promise.all([this.shop.close(), this.org.close()]);
  }
}

function startOrg(shop: ShopServer, port = 0): Promise<Org> {
  return createOrg({ seed, port, apps: Object.values(pages).map(({ path }) => shop.origin + path) });
}

function isUp({ origin }: Org): Promise<boolean> {
  return fetch(origin).then(
    () => true,
    () => false,
  );
}
