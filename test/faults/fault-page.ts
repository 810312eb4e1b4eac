import assert from 'node:assert/strict';
import type { BrowserContext, Locator, Page } from 'playwright-core';
import type { FaultName } from '../../src/org/index.js';
import { RequestWatch, until } from '../support/tables/request-watch.js';
import { faults, type FaultKind } from './faults.js';
import type { FaultFixture } from './fixture.js';
import { pages, type PageName } from './shop/shop-server.js';

/** What recorder.js and the browser report, in order. */
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

/** How long to wait for something that must happen. Far longer than it takes, also on a busy machine. */
export const WAIT_LIMIT_MS = 60_000;
/**
 * The time limit of requests on a page whose requests hang, so that a cell takes less than the default 10 s. That the
 * limit is kept to the millisecond is proved with a fake clock, in test/session/faults.test.ts.
 */
const HANG_TIMEOUT_MS = 4_000;
/** What is stored of a session: tokens in clear, or encrypted beside its readable part. */
const TOKENS = /eyJ[\w-]{8,}\.|access_?token|refresh_?token|id_?token|\\"tokenType\\"/i;
/** What is stored of a pending sign-in. */
const TRANSACTION = /code_?verifier/i;

/** A page of the shop, in a browser profile of its own. */
export class FaultPage {
  readonly fixture: FaultFixture;
  readonly kind: FaultKind;
  readonly context: BrowserContext;
  readonly tab: Page;
  readonly log: Entry[] = [];
  /** The first entry since an endpoint was broken. */
  #broken = 0;
  readonly #requests: RequestWatch;

  private constructor(fixture: FaultFixture, kind: FaultKind, context: BrowserContext, tab: Page) {
    this.fixture = fixture;
    this.kind = kind;
    this.context = context;
    this.tab = tab;
    this.#requests = new RequestWatch(tab);
  }

  /** Opens an empty page. */
  static async create(fixture: FaultFixture, kind: FaultKind, context: BrowserContext): Promise<FaultPage> {
    const page = new FaultPage(fixture, kind, context, await context.newPage());
    fixture.shop.requestTimeoutMs = kind === 'hang' ? HANG_TIMEOUT_MS : WAIT_LIMIT_MS;
    await page.#listen();
    return page;
  }

  async open(name: PageName = 'home'): Promise<void> {
    await this.tab.goto(this.fixture.shop.origin + pages[name].path, { waitUntil: 'commit' });
  }

  async #listen(): Promise<void> {
    const { tab, log } = this;
    tab.setDefaultTimeout(WAIT_LIMIT_MS);
    const report = (entry: Entry) => void log.push(entry);
    await tab.exposeBinding('report', (_source, entry: Entry) => report(entry));
    tab.on('pageerror', ({ message }) => report({ type: 'exception', at: Date.now(), message }));
    tab.on('request', (request) => {
      if (request.isNavigationRequest() && request.frame() === tab.mainFrame()) {
        report({ type: 'navigation', at: Date.now(), url: request.url() });
      }
    });
  }

  get signInButton(): Locator {
    return this.tab.locator('okta-signin').getByRole('button', { name: 'Sign in' });
  }

  signOutButton(label: 'Sign out' | 'Leave this shop'): Locator {
    return this.tab.locator('okta-signout').getByRole('button', { name: label });
  }

  /** Clicks without waiting for a navigation: the page may never come. */
  async click(button: Locator): Promise<void> {
    await button.click({ noWaitAfter: true });
  }

  /** Breaks an endpoint from now on. */
  break(endpoint: FaultName): void {
    this.fixture.org.faults.set(endpoint, faults[this.kind]);
    this.#broken = this.log.length;
  }

  /** Stops the org: nothing listens at its address any more. */
  async stopOrg(): Promise<void> {
    this.#broken = this.log.length;
    await this.fixture.org.close();
  }

  mend(): void {
    this.fixture.org.faults.clear();
  }

  /** The entries of a type since an endpoint was broken. */
  since(type: string): Entry[] {
    return this.log.slice(this.#broken).filter((entry) => entry.type === type);
  }

  /** Signs in, with a session at Okta. `click: false` when the browser is already on its way. */
  async signIn({ click = true } = {}): Promise<void> {
    if (click) {
      await this.fixture.signInAtOkta(this.context);
      // The page may renew by itself first, which takes the button away.
      const clicked = this.click(this.signInButton);
      await Promise.race([clicked, this.tab.locator('[data-secret="element"]:visible').waitFor()]);
      clicked.catch(() => {});
    }
    await this.isSignedIn();
  }

  /** Waits until both secrets are shown, and asserts that tokens are stored. */
  async isSignedIn(): Promise<void> {
    for (const secret of ['element', 'template']) {
      await this.tab.locator(`[data-secret="${secret}"]:visible`).waitFor();
    }
    assert.match(await this.stored(), TOKENS, 'signed in, and no tokens are stored');
  }

  /** Waits for the first entry of this type, and state, since an endpoint was broken or since another entry. */
  async reported(type: string, { since = this.#broken, state = undefined as string | undefined } = {}): Promise<Entry> {
    const fits = (entry: Entry) => entry.type === type && (state === undefined || entry.state === state);
    const find = () => this.log.slice(since).find(fits);
    await this.#until(() => find() !== undefined, `no ${type}`);
    return find()!;
  }

  #until(condition: () => boolean, otherwise: string): Promise<void> {
    return until(condition, WAIT_LIMIT_MS, () => `${otherwise}; reported: ${this.#account()}`);
  }

  /** When the user last clicked, in epoch milliseconds. */
  get clickedAt(): number {
    return this.log.findLast(({ type }) => type === 'click')!.at;
  }

  /** When Okta last redirected the browser back, in epoch milliseconds. */
  get returnedAt(): number {
    return this.log.findLast(({ type, url }) => type === 'navigation' && url!.includes('code='))!.at;
  }

  /** Stops loading, as with the browser's own button. */
  async stop(): Promise<void> {
    const session = await this.context.newCDPSession(this.tab);
    await session.send('Page.stopLoading');
    await session.detach();
  }

  /** Waits until the browser has left the shop. @returns when, in epoch milliseconds */
  async left(): Promise<number> {
    // The browser shows an error page of its own for an address that does not answer.
    await this.#until(() => !this.tab.url().startsWith(this.fixture.shop.origin), 'the browser did not leave');
    return Date.now();
  }

  /** Waits for the failure, reported by event or rejection: a typed error with a sentence that says what to change. */
  async failure(type: 'okta-error' | 'rejection' = 'okta-error'): Promise<Entry & { code: string }> {
    const error = await this.reported(type);
    assert.match(error.code ?? '', /^[a-z_]+$/);
    assertSentence(error.message ?? '');
    return error as Entry & { code: string };
  }

  /** Asserts that nothing goes on by itself, no guarded content was there since the fault, and nothing is stored. */
  async isShut(): Promise<void> {
    await this.isQuiet();
    const seen = this.since('secrets').filter(({ shown, stamped }) => shown!.length > 0 || stamped);
    assert.deepEqual(seen, [], 'guarded content was there');
    await this.holdsNoTokens();
    assert.doesNotMatch(await this.stored(), TRANSACTION, 'a sign-in attempt that has ended is still stored');
  }

  /** Asserts that guarded content is neither shown nor stamped. */
  async showsNoSecret(): Promise<void> {
    assert.equal(await this.tab.locator('[data-secret]:visible').count(), 0, 'guarded content is shown');
    assert.equal(await this.tab.locator('[data-secret="template"]').count(), 0, 'guarded content is in the document');
  }

  async holdsNoTokens(): Promise<void> {
    assert.doesNotMatch(await this.stored(), TOKENS, 'tokens are stored');
  }

  /** Asserts that no navigation and no second failure follow by themselves. */
  async isQuiet(): Promise<void> {
    const navigations = this.since('navigation').length;
    const errors = this.since('okta-error').length;
    await this.#requests.settles(WAIT_LIMIT_MS);
    assert.equal(this.since('navigation').length, navigations, `the page goes on by itself: ${this.#account()}`);
    assert.equal(this.since('okta-error').length, errors, `the page fails again by itself: ${this.#account()}`);
  }

  /** Asserts that no frame showed guarded content to a signed-out user, and that no script threw. */
  assertClean(): void {
    assert.deepEqual(
      this.log.filter(({ type }) => type === 'leak' || type === 'exception'),
      [],
    );
  }

  /** How often the page has sent the browser to Okta to sign in. */
  get departures(): number {
    return this.log.filter(({ type }) => type === 'navigation').filter(({ url }) => url!.includes('/v1/authorize?'))
      .length;
  }

  /** Everything that scripts of the page can read, and the cookies. */
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

/** Asserts that a message may be shown to a user: a sentence with advice, and without a secret. */
function assertSentence(message: string): void {
  assert.match(message, /^\S.{20,}\.$/s);
  assert.match(message, /\b(try again|check|sign in|reload|connect|set|add)\b/i, `no advice in: ${message}`);
  assert.doesNotMatch(message, /eyJ/);
}
