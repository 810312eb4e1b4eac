import type { Browser, BrowserContext, Page } from 'playwright-core';
import { createOrg, type Org } from '../../src/org/index.js';
import type { Seed } from '../../src/org/seed.js';
import { App, people } from '../org/support/app.js';
import { pages, ShopServer } from './shop/shop-server.js';

export const ada = { login: 'ada@example.com', password: 'ada-password', name: 'Ada Lovelace' };

/** By these the org knows a browser, and signs Ada in without asking for her password. */
const SESSION_COOKIES = ['idx', 'idx.sig'];

/** Seconds for which access tokens of the client `brief` are good. */
const BRIEFLY = 4;

const seed: Seed = {
  users: people.users,
  groups: people.groups,
  clients: [{ id: 'shop' }, { id: 'brief' }, ...people.clients],
  authorizationServer: {
    policies: [
      {
        name: 'Brief',
        clients: ['brief'],
        rules: [{ name: 'All', action: 'ALLOW', accessTokenLifetimeMinutes: BRIEFLY / 60 }],
      },
      { name: 'Others', rules: [{ name: 'All', action: 'ALLOW' }] },
    ],
  },
};

/** A shop with an org of its own, so that what fails in one fixture fails in no other. */
export class FaultFixture {
  readonly shop: ShopServer;
  org: Org;
  readonly #browser: Browser;

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
    await context.addCookies(await this.#sessionCookies());
    return context;
  }

  /** Ada signs in without a browser, which is faster. @returns what the org remembers her by */
  async #sessionCookies(): Promise<{ name: string; value: string; url: string }[]> {
    const { origin } = this.org;
    const app = new App(this.org, origin);
    await app.signIn(ada.login);
    return SESSION_COOKIES.map((name) => ({ name, value: app.agent.cookie(origin, name)!.value, url: origin }));
  }

  async release(context: BrowserContext): Promise<void> {
    this.shop.onReturn = undefined;
    this.shop.refusedTokens.clear();
    // A cell that failed may have left it down.
    if (!(await isUp(this.org))) await this.restartOrg();
    this.org.faults.clear();
    await context.close();
  }

  /** Whether Okta would sign this browser in without asking. */
  async hasSession(context: BrowserContext): Promise<boolean> {
    return (await context.request.get(`${this.org.origin}/api/v1/sessions/me`)).ok();
  }

  /** Starts the org again where it was. It remembers nothing. */
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

/** Ada signs in on Okta's page. */
export async function enterPassword(page: Page): Promise<void> {
  await page.locator('input[name=identifier]').waitFor();
  // The widget renders its first form twice.
  await page.waitForTimeout(500);
  await page.locator('input[name=identifier]').fill(ada.login);
  await page.locator('input[name="credentials.passcode"]').fill(ada.password);
  await page.locator('input[type=submit]').click();
}
