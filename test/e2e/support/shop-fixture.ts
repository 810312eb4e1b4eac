import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { startMunchbox, type Munchbox, type MunchboxOptions } from '../../../stories/munchbox/server.js';
import { openBrowser } from '../../support/pages/browser.js';
import { startOktaSession } from './okta-session.js';

/** The two sign-in styles, and the page of the shop that shows each. */
export const styles = {
  hosted: '/sign-in.html',
  embedded: '/sign-in-embedded.html',
} as const;
export type Style = keyof typeof styles;

/** People of the shop's org, as its seed has them. */
export const mia = { login: 'mia@munchbox.example', password: 'mia-likes-nuts', name: 'Mia Almond' };
export const sam = { login: 'sam@munchbox.example', password: 'sam-packs-boxes', name: 'Sam Shelf' };
export const toni = { login: 'toni@munchbox.example', password: 'toni-counts-crisps', name: 'Toni Tally' };
export const dana = { login: 'dana@munchbox.example', password: 'dana-ate-it-all', name: 'Dana Crumb' };

export type User = typeof mia;

/** The shop, its org and a browser, for the tests of one file. */
export interface ShopFixture {
  readonly munchbox: Munchbox;
  readonly browser: Browser;
  /** Origin of the org under the name that the shop's pages have for it. */
  readonly orgOrigin: string;
  /**
   * Opens a page in a new browser context. An error of the page fails the test.
   * @param path path of the shop, or an address of its custom domain
   * @param user has a session at the org already, and no tokens yet
   */
  visit(path: string, user?: User): Promise<Page>;
}

/** The names the shop and its org can have; everything works the same under each. */
export const hosts: Readonly<Record<string, MunchboxOptions>> = {
  localhost: {},
  'a custom domain': { customDomain: true },
};

/** Sets the stage before the tests of a `describe`, and clears it after them. */
export function shopFixture(options: MunchboxOptions = {}): ShopFixture {
  let munchbox: Munchbox;
  let browser: Browser;
  before(async () => {
    munchbox = await startMunchbox(options);
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await munchbox?.close();
  });
  return {
    get munchbox() {
      return munchbox;
    },
    get browser() {
      return browser;
    },
    get orgOrigin() {
      return options.customDomain ? munchbox.org.origins['login.munchbox.localhost']! : munchbox.org.origin;
    },
    async visit(path, user) {
      const context = await browser.newContext();
      const address = new URL(path, munchbox.shop.origin);
      if (user) {
        const custom = address.origin === munchbox.shop.customOrigin;
        const origin = custom ? munchbox.org.origins['login.munchbox.localhost'] : munchbox.org.origin;
        await startOktaSession(context, munchbox.org, user, origin);
      }
      const page = await context.newPage();
      page.setDefaultTimeout(30_000);
      page.on('pageerror', (error) => assert.fail(`the page threw: ${error.message}`));
      page.on('console', (message) => {
        assert.ok(!/Content Security Policy/.test(message.text()), `the page broke its own policy: ${message.text()}`);
      });
      await page.goto(address.href);
      return page;
    },
  };
}

/** What the user sees first in either style: the widget, on the org's page or in the shop's own. */
export async function openForm(page: Page, style: Style): Promise<void> {
  if (style === 'hosted') await page.locator('main okta-signin').getByRole('button').click();
  await page.locator('input[name=identifier]').waitFor();
  await settled(page);
}

/** Animation frames without another form, after which the form is complete. */
const STABLE_FRAMES = 5;

/** Waits for the form to be complete: the widget may render a form twice, and loses the text in the first one. */
export async function settled(page: Page): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const stable = await page.evaluate(async (frames) => {
      const forms = document.getElementsByTagName('form');
      const before = [...forms];
      for (let frame = 0; frame < frames; frame++) await new Promise(requestAnimationFrame);
      return before.length === forms.length && before.every((form) => form.isConnected);
    }, STABLE_FRAMES);
    if (stable) return;
  }
}

/** Whether the fields of the form still hold these values. */
async function holds(page: Page, values: Record<string, string>): Promise<boolean> {
  return page.evaluate(
    (all) =>
      Object.entries(all).every(
        ([name, value]) => document.querySelector<HTMLInputElement>(`input[name="${name}"]`)?.value === value,
      ),
    values,
  );
}

/** Fills in the fields, and retries when the widget re-rendered the form meanwhile. */
export async function fill(page: Page, values: Record<string, string>): Promise<void> {
  for (let attempt = 0; attempt < 5; attempt++) {
    for (const [name, value] of Object.entries(values)) await page.locator(`input[name="${name}"]`).fill(value);
    await settled(page);
    if (await holds(page, values)) return;
  }
  throw new Error(`The form does not keep the values of ${Object.keys(values).join(', ')}.`);
}

/** Sends the form, with these values if they are given, and retries until the browser sends a request. */
export async function submit(page: Page, values: Record<string, string> = {}): Promise<void> {
  for (let attempt = 0; attempt < 3; attempt++) {
    if (!(await holds(page, values))) await fill(page, values);
    // The widget may still introspect for its second rendering of the form.
    const sent = page.waitForRequest(/\/idp\/idx\/(?!introspect|.*poll)/, { timeout: 10_000 }).catch(() => undefined);
    await page.locator('input[type=submit]').click();
    if (await sent) return;
  }
  throw new Error('The form was never sent.');
}

/** Fills in the form and sends it. */
export async function send(page: Page, values: Record<string, string>): Promise<void> {
  await fill(page, values);
  await submit(page, values);
}

export async function enterPassword(page: Page, user: { login: string; password: string }): Promise<void> {
  await send(page, { identifier: user.login, 'credentials.passcode': user.password });
}

/**
 * Enters a code in the form that follows the one with the field `after`. Where the widget offers the mailed link first,
 * the code has to be chosen.
 */
export async function enterCode(page: Page, after: string, code: string): Promise<void> {
  await page.locator(`input[name="${after}"]`).waitFor({ state: 'detached' });
  const field = page.locator('input[name="credentials.passcode"]');
  const choice = page.getByText(/enter a (verification )?code/i);
  await field.or(choice).first().waitFor();
  await settled(page);
  if (!(await field.isVisible())) await choice.first().click();
  await send(page, { 'credentials.passcode': code });
}

/** The shop knows who it is. */
export async function assertSignedIn(page: Page, name: string): Promise<void> {
  await page.locator('.account okta-user', { hasText: name }).waitFor();
  assert.equal(await page.locator('.account okta-signout').isVisible(), true);
}

/** What the browser keeps of a session of ours: none is what a sign-in that failed leaves. */
export function storedTokens(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      Object.keys(localStorage).filter((key) => key.startsWith('okta') && localStorage[key].includes('tokenType'))
        .length,
  );
}
