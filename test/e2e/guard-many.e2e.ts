import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { signIn } from './support/session.js';
import { ada, EVERYTHING, site } from './support/site.js';

const MANY = 1000;
const ROUNDS = 3;
/** Each with a rule of its own, and with something in it. */
const guards = (count: number) =>
  Array.from(
    { length: count },
    (_, index) => `<okta-guard class="one" groups="Members team-${index}"><p>Content ${index}</p></okta-guard>`,
  ).join('');
const repeat = (tag: string) => `<${tag} class="one"><p>Content</p></${tag}>`.repeat(MANY);
/** What any custom element costs: it is made, and knows that it is there. */
const EMPTY = `<script type="module">
  customElements.define('empty-element', class extends HTMLElement {
    connectedCallback() { this.setAttribute('state', 'allowed'); }
  });
</script>`;
/** What one costs that is made with Lit, the library of this package, and shows what is in it. */
const LIT = `<script type="module">
  const { prototype } = await customElements.whenDefined('okta-guard');
  const LitElement = Object.getPrototypeOf(prototype).constructor;
  customElements.define('lit-element', class extends LitElement {
    render() { return document.createElement('slot'); }
    updated() { this.setAttribute('state', 'allowed'); }
  });
</script>`;

/** What a page did, up to when all is decided. */
interface Seen {
  /** Reads of this package's items, by storage key. */
  readonly reads: string[];
  /** Clients there are: each tells of itself once, and listens to other tabs. */
  readonly ready: number;
  readonly listening: number;
  /** All is decided, and on the screen. */
  readonly done: boolean;
}

describe('a page of a thousand guards', () => {
  const shop = site();

  /** Keeps an account, from the first moment of every page. */
  async function witness(profile: BrowserContext): Promise<void> {
    await profile.addInitScript(() => {
      const seen = { reads: [] as string[], ready: 0, listening: 0, done: false };
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
      document.addEventListener('okta-ready', () => (seen.ready += 1));
      const look = () => {
        const isDecided = document.querySelector('.one') && !document.querySelector('.one:not([state=allowed])');
        if (isDecided && document.readyState !== 'loading') seen.done = true;
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    });
  }

  async function open() {
    for (const [path, body] of Object.entries({
      '/': EVERYTHING,
      '/guards': guards(MANY),
      '/half': guards(MANY / 2),
      '/none': guards(1),
      '/empty': EMPTY + repeat('empty-element'),
      '/lit': LIT + repeat('lit-element'),
    })) {
      shop.page(path, { body });
    }
    const profile = await shop.profile(ada);
    await witness(profile);
    const page = await shop.open(profile, '/');
    await signIn(page, ada);
    return page;
  }

  /** Loads a page, and waits until each of its elements has a state. */
  async function load(page: Page, path: string): Promise<Seen> {
    await page.goto(shop.origin + path, { waitUntil: 'commit' });
    const seen = await page.waitForFunction(() => {
      const { seen } = window as unknown as { seen: Seen };
      return seen.done && seen;
    });
    return (await seen.jsonValue()) as Seen;
  }

  it('has one client, reads the store once, and asks nobody', async () => {
    const page = await open();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    const { reads, ready, listening } = await load(page, '/guards');
    await page.waitForLoadState('networkidle');
    assert.equal(reads.length, 1, reads.join());
    assert.deepEqual({ ready, listening }, { ready: 1, listening: 1 });
    assert.equal(await page.locator('.one[state=allowed]').count(), MANY);
    assert.deepEqual(
      asked.filter((url) => !url.startsWith('data:')),
      [`${shop.origin}/guards`, `${shop.origin}/okta-elements/okta-elements.js`],
    );
  });

  it('decides in a time that grows with their number, no faster', async (t: TestContext) => {
    const context = (await open()).context();
    /** @returns what loading it in a tab of its own takes of the main thread, milliseconds of the processor */
    const measure = async (path: string): Promise<number> => {
      const page = await context.newPage();
      const devtools = await context.newCDPSession(page);
      // Time of the processor: what else the machine does adds little to that.
      await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
      await load(page, path);
      const { metrics } = await devtools.send('Performance.getMetrics');
      await page.close();
      return metrics.find(({ name }) => name === 'TaskDuration')!.value * 1000;
    };
    const times: Record<string, number[]> = { '/none': [], '/half': [], '/guards': [], '/empty': [], '/lit': [] };
    for (let round = 0; round < ROUNDS; round++) {
      for (const [path, measured] of Object.entries(times)) measured.push(await measure(path));
    }
    const least = (path: string) => Math.min(...times[path]!);
    /** Without what any page costs. */
    const cost = (path: string) => least(path) - least('/none');
    const [all, half] = [cost('/guards'), cost('/half')];
    t.diagnostic(`${MANY} guards: ${all.toFixed()} ms of the main thread; ${MANY / 2}: ${half.toFixed()} ms`);
    t.diagnostic(`${MANY} elements with Lit that only show what is in them: ${cost('/lit').toFixed()} ms`);
    t.diagnostic(`${MANY} custom elements that do nothing: ${cost('/empty').toFixed()} ms`);
    // Twice, if it is in proportion; four times, if each had to do with each.
    assert.ok(all < 3 * half, `${all} ms for all, ${half} ms for half of them`);
  });

  it('follows a sign-out in all of them, and says so once', async () => {
    const page = await open();
    await load(page, '/guards');
    await page.evaluate(() => document.querySelector('okta-config')!.client!.signOut({ scope: 'local' }));
    await page.waitForFunction((count) => document.querySelectorAll('.one[state=signed-out]').length === count, MANY);
    assert.equal(await page.locator('.one p').filter({ visible: true }).count(), 0);
  });
});
