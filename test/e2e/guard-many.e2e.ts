import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { ada, pageFixture } from './support/page-fixture.js';

const MANY = 1000;
/** Each guard has a rule and content of its own. */
const guards = (count: number) =>
  Array.from(
    { length: count },
    (_, index) => `<okta-guard class="one" groups="Members team-${index}"><p>Content ${index}</p></okta-guard>`,
  ).join('');
/** What a page did until each guard had its state. */
interface Seen {
  /** Reads of this package's items, by storage key. */
  readonly reads: string[];
  /** Each client emits this once, and listens for changes by other tabs. */
  readonly ready: number;
  readonly listening: number;
  /** Calls of DOM methods that look at other elements, and of timers. */
  readonly queries: number;
  /** Each guard has its state, and the browser has painted it. */
  readonly done: boolean;
}

describe('a page with a thousand guards', () => {
  const fixture = pageFixture();

  /** Counts from the first moment of every page. */
  async function witness(profile: BrowserContext): Promise<void> {
    await profile.addInitScript(() => {
      const seen = { reads: [] as string[], ready: 0, listening: 0, queries: 0, done: false };
      Object.assign(window, { seen });
      const { getItem } = Storage.prototype;
      Storage.prototype.getItem = function (key) {
        if (key.startsWith('okta')) seen.reads.push(key);
        return getItem.call(this, key);
      };
      const { addEventListener } = window;
      window.addEventListener = function (this: Window, ...listening: Parameters<typeof addEventListener>) {
        if (listening[0] === 'storage') seen.listening += 1;
        addEventListener.apply(this, listening);
      } as typeof addEventListener;
      const count = (owner: object, names: string[]) => {
        for (const name of names) {
          const original = (owner as Record<string, (...given: unknown[]) => unknown>)[name]!;
          const counting = function (this: unknown, ...given: unknown[]): unknown {
            seen.queries += 1;
            return original.apply(this, given);
          };
          Object.assign(owner, { [name]: counting });
        }
      };
      const { querySelector } = document;
      count(Document.prototype, ['querySelector', 'querySelectorAll', 'getElementsByTagName', 'addEventListener']);
      count(Element.prototype, ['querySelector', 'querySelectorAll', 'closest', 'matches', 'getBoundingClientRect']);
      count(Node.prototype, ['compareDocumentPosition', 'contains', 'getRootNode', 'dispatchEvent']);
      count(window, ['setTimeout', 'queueMicrotask', 'getComputedStyle']);
      const first = (selector: string) => querySelector.call(document, selector);
      document.addEventListener('okta-ready', () => (seen.ready += 1));
      const look = () => {
        const isDecided = first('.one') && !first('.one:not([state=allowed])');
        if (isDecided && document.readyState !== 'loading') seen.done = true;
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    });
  }

  async function open() {
    fixture.page('/guards', { body: guards(MANY) });
    fixture.page('/half', { body: guards(MANY / 2) });
    const profile = await fixture.signedIn(ada);
    await witness(profile);
    return profile.newPage();
  }

  /** Loads a page, and waits until each of its elements has a state. */
  async function load(page: Page, path: string): Promise<Seen> {
    await page.goto(fixture.origin + path, { waitUntil: 'commit' });
    const seen = await page.waitForFunction(() => {
      const { seen } = window as unknown as { seen: Seen };
      return seen.done && seen;
    });
    return (await seen.jsonValue()) as Seen;
  }

  it('has one client, reads the store for all guards at once, and loads one small file', async () => {
    const page = await open();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    const { reads, ready, listening } = await load(page, '/guards');
    // Once for all guards, and once when the file that renews tokens sets its timer.
    assert.ok(reads.length <= 2, reads.join());
    assert.deepEqual({ ready, listening }, { ready: 1, listening: 1 });
    assert.equal(await page.locator('.one[state=allowed]').count(), MANY);
    // A request of the page would have been sent before this one.
    await page.evaluate(() => fetch('/last'));
    assert.deepEqual(
      asked.filter((url) => !url.startsWith('data:') && !/\/upkeep\.\w+\.js$/.test(url)),
      [`${fixture.origin}/guards`, `${fixture.origin}/okta-elements/okta-elements.js`, `${fixture.origin}/last`],
    );
  });

  it('does work in proportion to the number of guards', async () => {
    const page = await open();
    const [half, all] = [(await load(page, '/half')).queries, (await load(page, '/guards')).queries];
    // Twice, or four times if each guard looked at each other guard.
    assert.ok(half >= MANY / 2, `${half} operations: each guard has a part in them`);
    assert.ok(all < 2.5 * half, `${all} operations for all guards, ${half} for half of them`);
  });

  it('follows a sign-out in all guards', async () => {
    const page = await open();
    await load(page, '/guards');
    await page.evaluate(() => document.querySelector('okta-config')!.client!.signOut({ scope: 'local' }));
    await page.waitForFunction((count) => document.querySelectorAll('.one[state=signed-out]').length === count, MANY);
    assert.equal(await page.locator('.one p').filter({ visible: true }).count(), 0);
  });
});
