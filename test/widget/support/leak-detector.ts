import assert from 'node:assert/strict';
import type { BrowserContext, Page } from 'playwright-core';

/* Hears everything that a page says, so that a test can see that a credential is in none of it. */

/** What the pages of a browser profile have said. */
export interface LeakDetector {
  /** In the order they came: type, and for a form its name. */
  readonly events: string[];
  /** Begins anew, for another test. */
  forget(): void;
  /** Something was typed, or is in an address, that must not be heard of again. */
  secret(text: string): void;
  /**
   * Fails when a secret is in an event, an attribute of any element, the console, any storage, a cookie, the history or
   * the address of anything that was asked for.
   */
  assertDiscreet(page: Page): Promise<void>;
}

const NAMES = [
  ...['ready', 'state-change', 'signin-start', 'signin-success', 'callback-complete', 'guard-change', 'error'],
  ...['session-expired', 'widget-ready', 'widget-render', 'widget-error', 'guard-redirect'],
].map((name) => `okta-${name}`);

/** Notes events with all their fields, attributes of all elements of the document, and what is written to storage. */
function listen(names: string[]): void {
  const note = (kind: string, text: string) => {
    (globalThis as unknown as { witness(kind: string, text: string): void }).witness(kind, text);
  };
  const seen = new WeakSet();
  const inFull = (_: string, value: unknown) => {
    if (value instanceof Node || value instanceof Window) return undefined;
    if (typeof value === 'object' && value !== null) {
      if (seen.has(value)) return undefined;
      seen.add(value);
    }
    if (!(value instanceof Error)) return value;
    return { ...value, name: value.name, message: value.message, stack: value.stack, cause: value.cause };
  };
  for (const name of names) {
    addEventListener(name, (event) => {
      note('event', [name, (event as Event & { form?: string }).form].filter(Boolean).join(' '));
      note('fields', JSON.stringify(event, inFull));
    });
  }
  new MutationObserver((records) => {
    for (const { target, attributeName } of records) {
      note('attribute', (target as Element).getAttribute(attributeName!) ?? '');
    }
  }).observe(document, { attributes: true, subtree: true });
  const { setItem } = Storage.prototype;
  Storage.prototype.setItem = function (key: string, value: string) {
    note('storage', `${key} ${value}`);
    setItem.call(this, key, value);
  };
}

/** Hears the pages of this profile that are opened from now on. */
export async function detectLeaks(profile: BrowserContext): Promise<LeakDetector> {
  const events: string[] = [];
  const said: string[] = [];
  const secrets: string[] = [];
  profile.on('console', (message) => said.push(`console: ${message.text()}`));
  await profile.exposeBinding('witness', (_, kind: string, text: string) => {
    if (kind === 'event') events.push(text);
    said.push(`${kind}: ${text}`);
  });
  await profile.addInitScript(listen, NAMES);
  return {
    events,
    forget: () => void [events, said, secrets].forEach((each) => (each.length = 0)),
    secret: (text) => void secrets.push(text),
    async assertDiscreet(page) {
      const left = await page.evaluate(async () => {
        const below = (root: Document | ShadowRoot): Element[] =>
          [...root.querySelectorAll('*')].flatMap((each) => [each, ...(each.shadowRoot ? below(each.shadowRoot) : [])]);
        const databases = await Promise.all(
          (await indexedDB.databases()).map(
            ({ name }) =>
              new Promise((resolve, reject) => {
                const opening = indexedDB.open(name!);
                opening.onerror = () => reject(new Error(name));
                opening.onsuccess = () => {
                  const database = opening.result;
                  const stores = [...database.objectStoreNames];
                  if (stores.length === 0) return resolve([]);
                  const reading = database.transaction(stores);
                  const all = stores.map((store) => reading.objectStore(store).getAll());
                  reading.oncomplete = () => resolve(all.map(({ result }) => result as unknown));
                };
              }),
          ),
        );
        return JSON.stringify([
          { ...localStorage },
          { ...sessionStorage },
          databases,
          document.cookie,
          history.state,
          // The address by which the page was opened stays with the browser, whatever is done to `location`.
          performance.getEntries().flatMap(({ entryType, name }) => (entryType === 'navigation' ? [] : name)),
          location.href,
          document.title,
          below(document).flatMap((element) => [...element.attributes].map(({ value }) => value)),
        ]);
      });
      assert.ok(said.length > 0, 'something was heard');
      for (const secret of secrets) {
        const word = new RegExp(`.{0,60}(?<![\\w-])${secret}(?![\\w-]).{0,60}`);
        assert.deepEqual(
          [...said, left].flatMap((text) => word.exec(text)?.[0] ?? []),
          [],
          `${secret} is not told`,
        );
      }
    },
  };
}
