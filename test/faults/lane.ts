import type { Browser, BrowserContext, Page } from 'playwright-core';
import { createOrg, type Org } from '../../src/org/index.js';
import type { Seed } from '../../src/org/seed.js';
import { App, people } from '../org/support/app.js';
import { pages, Site } from './site/site.js';

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

/** A shop with an org of its own, so that what fails in one lane fails in no other. */
export class Lane {
  readonly site: Site;
  org: Org;
  readonly #browser: Browser;

  private constructor(browser: Browser, site: Site, org: Org) {
    this.#browser = browser;
    this.site = site;
    this.org = org;
    site.issuer = org.issuer;
  }

  static async open(browser: Browser): Promise<Lane> {
    const site = await Site.start();
    return new Lane(browser, site, await startOrg(site));
  }

  /** A browser window that Okta knows, and nothing else is in. */
  async openWindow(): Promise<BrowserContext> {
    const window = await this.#browser.newContext();
    await window.addCookies(await this.#sessionCookies());
    return window;
  }

  /** Ada signs in without a browser, which is faster. @returns what the org remembers her by */
  async #sessionCookies(): Promise<{ name: string; value: string; url: string }[]> {
    const { origin } = this.org;
    const app = new App(this.org, origin);
    await app.signIn(ada.login);
    return SESSION_COOKIES.map((name) => ({ name, value: app.agent.cookie(origin, name)!.value, url: origin }));
  }

  async closeWindow(window: BrowserContext): Promise<void> {
    this.site.onReturn = undefined;
    this.site.refusedTokens.clear();
    // A cell that failed may have left it down.
    if (!(await isUp(this.org))) await this.restartOrg();
    this.org.faults.clear();
    await window.close();
  }

  /** Whether Okta would sign this browser in without asking. */
  async hasSession(window: BrowserContext): Promise<boolean> {
    return (await window.request.get(`${this.org.origin}/api/v1/sessions/me`)).ok();
  }

  /** Starts the org again where it was. It remembers nothing. */
  async restartOrg(): Promise<void> {
    this.org = await startOrg(this.site, Number(new URL(this.org.origin).port));
  }

  async close(): Promise<void> {
    await Promise.all([this.site.close(), this.org.close()]);
  }
}

function startOrg(site: Site, port = 0): Promise<Org> {
  return createOrg({ seed, port, apps: Object.values(pages).map(({ path }) => site.origin + path) });
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
