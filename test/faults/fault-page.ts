import assert from 'node:assert/strict';
import type { BrowserContext, Locator, Page } from 'playwright-core';
import type { FaultName } from '../../src/org/index.js';
import { faults, type FaultKind } from './faults.js';
import { enterPassword, type FaultFixture } from './fixture.js';
import { pages, type PageName } from './shop/shop-server.js';

/** What recorder.js and the browser tell of the pages shown, in order. */
export interface Entry {
  type: string;
  /** Epoch milliseconds. */
  at: number;
  code?: string;
  message?: string;
  state?: string;
  shown?: string[];
  stamped?: boolean;
  url?: string;
}

/** Milliseconds to wait for what must come. A machine may be busy; how long the page took is looked at elsewhere. */
export const WAIT_LIMIT_MS = 60_000;
/** Milliseconds in which a page that goes on by itself would be seen to. */
const QUIET = 400;
/** What is stored of a session. */
const TOKENS = /eyJ[\w-]{8,}\.|access_?token|refresh_?token|id_?token/i;
/** What is stored of a sign-in under way. */
const TRANSACTION = /code_?verifier/i;

/** A page of the shop, in a browser profile of its own. */
export class FaultPage {
  readonly fixture: FaultFixture;
  readonly kind: FaultKind;
  readonly context: BrowserContext;
  readonly tab: Page;
  readonly log: Entry[] = [];
  /** From this entry on something is broken. */
  #broken = 0;

  private constructor(fixture: FaultFixture, kind: FaultKind, context: BrowserContext, tab: Page) {
    this.fixture = fixture;
    this.kind = kind;
    this.context = context;
    this.tab = tab;
  }

  /** An empty page. */
  static async start(fixture: FaultFixture, kind: FaultKind, context: BrowserContext): Promise<FaultPage> {
    const page = new FaultPage(fixture, kind, context, await context.newPage());
    await page.#listen();
    return page;
  }

  async open(name: PageName = 'home'): Promise<void> {
    await this.tab.goto(this.fixture.shop.origin + pages[name].path, { waitUntil: 'commit' });
  }

  async #listen(): Promise<void> {
    const { tab, log } = this;
    tab.setDefaultTimeout(WAIT_LIMIT_MS);
    const tell = (entry: Entry) => void log.push(entry);
    await tab.exposeBinding('tell', (_source, entry: Entry) => tell(entry));
    tab.on('pageerror', ({ message }) => tell({ type: 'exception', at: Date.now(), message }));
    tab.on('request', (request) => {
      if (request.isNavigationRequest() && request.frame() === tab.mainFrame()) {
        tell({ type: 'navigation', at: Date.now(), url: request.url() });
      }
    });
  }

  get signInButton(): Locator {
    return this.tab.locator('okta-signin').getByRole('button', { name: 'Sign in' });
  }

  signOutButton(label: 'Sign out' | 'Leave this shop'): Locator {
    return this.tab.locator('okta-signout').getByRole('button', { name: label });
  }

  /** The user clicks. Where that leads is waited for elsewhere: a page that is asked for may never come. */
  async click(button: Locator): Promise<void> {
    await button.click({ noWaitAfter: true });
  }

  /** Breaks an endpoint from now on. */
  break(endpoint: FaultName): void {
    this.fixture.org.faults.set(endpoint, faults[this.kind]);
    this.#broken = this.log.length;
  }

  /** Stops the org: from now on nothing listens at its address. */
  async stopOrg(): Promise<void> {
    this.#broken = this.log.length;
    await this.fixture.org.close();
  }

  mend(): void {
    this.fixture.org.faults.clear();
  }

  /** What has been told since something broke. */
  since(type: string): Entry[] {
    return this.log.slice(this.#broken).filter((entry) => entry.type === type);
  }

  /** Ada gets in: by the button, or on her way already. */
  async signIn({ click = true } = {}): Promise<void> {
    if (click) await this.click(this.signInButton);
    const form = this.tab.locator('input[name=identifier]');
    const secret = this.tab.locator('[data-secret="element"]:visible');
    await form.or(secret).first().waitFor();
    if (await form.isVisible()) {
      await enterPassword(this.tab);
      await secret.waitFor();
    }
    await this.isSignedIn();
  }

  /** All is well: both secrets are shown, and the tokens kept. */
  async isSignedIn(): Promise<void> {
    for (const secret of ['element', 'template']) {
      await this.tab.locator(`[data-secret="${secret}"]:visible`).waitFor();
    }
    assert.match(await this.stored(), TOKENS, 'signed in, and no tokens are stored');
  }

  /** The first entry of this type, and state, since something broke or another point of the log, waited for. */
  async told(type: string, { since = this.#broken, state = undefined as string | undefined } = {}): Promise<Entry> {
    const until = Date.now() + WAIT_LIMIT_MS;
    for (;;) {
      const fits = (entry: Entry) => entry.type === type && (state === undefined || entry.state === state);
      const entry = this.log.slice(since).find(fits);
      if (entry) return entry;
      assert.ok(Date.now() < until, `no ${type} within ${WAIT_LIMIT_MS / 1000} s; told: ${this.#account()}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** When the last click was. */
  get clickedAt(): number {
    return this.log.findLast(({ type }) => type === 'click')!.at;
  }

  /** When Okta last sent the browser back. */
  get returnedAt(): number {
    return this.log.findLast(({ type, url }) => type === 'navigation' && url!.includes('code='))!.at;
  }

  /** The user gives up waiting for a page that does not come, with the browser's own button. */
  async stop(): Promise<void> {
    const session = await this.context.newCDPSession(this.tab);
    await session.send('Page.stopLoading');
    await session.detach();
  }

  /** The browser has left the shop. @returns when */
  async left(): Promise<number> {
    const until = Date.now() + WAIT_LIMIT_MS;
    // An address that answers nothing is shown, too, as a page of the browser's.
    while (this.tab.url().startsWith(this.fixture.shop.origin)) {
      assert.ok(Date.now() < until, `still at ${this.tab.url()}`);
      await this.tab.waitForTimeout(20);
    }
    return Date.now();
  }

  /** The failure that is told, by event or to who asked, which must be a typed error with a sentence that says what to change. */
  async failure(type: 'okta-error' | 'rejection' = 'okta-error'): Promise<Entry & { code: string }> {
    const error = await this.told(type);
    assert.match(error.code ?? '', /^[a-z_]+$/);
    assertSentence(error.message ?? '');
    return error as Entry & { code: string };
  }

  /** Nothing goes on by itself, nothing guarded is or was there since something broke, and nothing is stored. */
  async isShut(): Promise<void> {
    await this.isQuiet();
    const seen = this.since('secrets').filter(({ shown, stamped }) => shown!.length > 0 || stamped);
    assert.deepEqual(seen, [], 'guarded content was there');
    await this.holdsNoTokens();
    assert.doesNotMatch(await this.stored(), TRANSACTION, 'a sign-in that is over is still stored');
  }

  /** What is guarded is neither shown nor stamped. */
  async showsNoSecret(): Promise<void> {
    assert.equal(await this.tab.locator('[data-secret]:visible').count(), 0, 'guarded content is shown');
    assert.equal(await this.tab.locator('[data-secret="template"]').count(), 0, 'guarded content is in the document');
  }

  async holdsNoTokens(): Promise<void> {
    assert.doesNotMatch(await this.stored(), TOKENS, 'tokens are stored');
  }

  /** The page asks for nothing more, and goes nowhere, by itself. */
  async isQuiet(): Promise<void> {
    const navigations = this.since('navigation').length;
    const errors = this.since('okta-error').length;
    await this.tab.waitForTimeout(QUIET);
    assert.equal(this.since('navigation').length, navigations, `the page goes on by itself: ${this.#account()}`);
    assert.equal(this.since('okta-error').length, errors, `the page fails again by itself: ${this.#account()}`);
  }

  /** Whatever happened, no frame showed guarded content to who was not signed in, and no script of ours threw. */
  assertClean(): void {
    assert.deepEqual(
      this.log.filter(({ type }) => type === 'leak' || type === 'exception'),
      [],
    );
  }

  /** How often the browser has been sent to sign in. */
  get departures(): number {
    return this.log.filter(({ type }) => type === 'navigation').filter(({ url }) => url!.includes('/v1/authorize?'))
      .length;
  }

  /** All that scripts of the page can read back, and the cookies. */
  async stored(): Promise<string> {
    const kept = await this.tab.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
    const cookies = (await this.context.cookies()).map(({ name, value }) => `${name}=${value}`);
    return kept + cookies.join('; ');
  }

  #account(): string {
    const account = this.log.slice(this.#broken).map(({ type, code, state, url }) => code ?? state ?? url ?? type);
    return `${account.join(', ')}; at ${this.tab.url()}`;
  }
}

/** What may be shown to a user: a sentence, with advice, and no secrets in it. */
function assertSentence(message: string): void {
  assert.match(message, /^\S.{20,}\.$/s);
  assert.match(message, /\b(try again|check|sign in|reload|connect|set|add)\b/i, `no advice in: ${message}`);
  assert.doesNotMatch(message, /eyJ/);
}
