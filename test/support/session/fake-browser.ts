import type { Environment } from '../../../src/session/environment.js';
import { memoryDatabase } from './memory-database.js';
import { MemoryStorage } from './memory-storage.js';

type Fetch = typeof fetch;

interface BrowserOptions {
  /** What answers requests. */
  fetch: Fetch;
  /** Epoch milliseconds. */
  now: () => number;
  /** `null`: the browser blocks it. */
  localStorage?: MemoryStorage | null;
  /** Made for each tab. `null`: the browser blocks it. */
  sessionStorage?: (() => MemoryStorage) | null;
  /** Whether it has the Web Locks API. */
  locks?: boolean;
  /** `null`: the browser blocks it. */
  indexedDB?: IDBFactory | null;
}

/** One browser profile: tabs that share storage and locks, and hear of each other's changes. */
export class FakeBrowser {
  readonly fetch: Fetch;
  readonly now: () => number;
  readonly localStorage: MemoryStorage | undefined;
  readonly locks: Pick<LockManager, 'request'> | undefined;
  readonly indexedDB: IDBFactory | undefined;
  readonly tabs: Tab[] = [];
  /** As in browsers with several processes: what one tab stores is not yet what the others read. */
  lags = false;
  readonly #sessionStorage: () => MemoryStorage | undefined;

  constructor({ fetch, now, localStorage, sessionStorage, locks = true, indexedDB }: BrowserOptions) {
    this.fetch = fetch;
    this.now = now;
    this.localStorage = localStorage === null ? undefined : (localStorage ?? new MemoryStorage());
    this.#sessionStorage = sessionStorage === null ? () => undefined : (sessionStorage ?? (() => new MemoryStorage()));
    this.locks = locks ? queueingLocks() : undefined;
    this.indexedDB = indexedDB === null ? undefined : (indexedDB ?? memoryDatabase());
  }

  /** What was stored has reached every tab. */
  catchUp(): void {
    this.lags = false;
    for (const tab of this.tabs) tab.catchUp();
  }

  openTab(href: string): Tab {
    const tab = new Tab(this, href, this.#sessionStorage());
    this.tabs.push(tab);
    return tab;
  }
}

/** One tab, which shows one page after the other. */
export class Tab {
  /** Where the present page asked to go, by `assign` or `replace`. The page stays until a test follows. */
  readonly departures: string[] = [];
  /** Fragments of the present page that it was scrolled to. */
  readonly fragments: string[] = [];
  /** What the present page's `window` hears. */
  events = new EventTarget();
  href: string;
  readonly sessionStorage: MemoryStorage | undefined;
  readonly #browser: FakeBrowser;
  /** Items of the shared storage that this tab still reads as they were. */
  readonly #outdated = new Map<string, string | null>();

  constructor(browser: FakeBrowser, href: string, sessionStorage: MemoryStorage | undefined) {
    this.#browser = browser;
    this.href = href;
    this.sessionStorage = sessionStorage;
  }

  /** Loads a page: the storage is what it was, everything else is new. */
  load(href = this.href): Environment {
    this.href = href;
    this.events = new EventTarget();
    this.departures.length = 0;
    this.fragments.length = 0;
    return this.environment;
  }

  /** Another tab is about to change an item. */
  fallBehind(key: string, value: string | null): void {
    if (!this.#outdated.has(key)) this.#outdated.set(key, value);
  }

  catchUp(): void {
    for (const key of this.#outdated.keys()) this.#hear(key, this.#browser.localStorage?.getItem(key) ?? null);
    this.#outdated.clear();
  }

  #hear(key: string | null, newValue: string | null): void {
    queueMicrotask(() => this.events.dispatchEvent(Object.assign(new Event('storage'), { key, newValue })));
  }

  get environment(): Environment {
    const { fetch, now, locks, indexedDB } = this.#browser;
    const { events, sessionStorage } = this;
    return {
      location: this.#location,
      history: this.#history,
      localStorage: this.#local,
      sessionStorage,
      locks,
      indexedDB,
      document: undefined,
      fetch,
      events,
      openWindow: () => null,
      now,
    };
  }

  get #location(): Environment['location'] {
    return new TabLocation(this, (address) => {
      const there = new URL(address, this.href);
      if (!there.hash || sansHash(there.href) !== sansHash(this.href)) this.departures.push(there.href);
      else {
        this.href = there.href;
        this.fragments.push(there.hash);
      }
    });
  }

  get #history(): Environment['history'] {
    return {
      state: null,
      replaceState: (_state, _title, address) => {
        const there = new URL(address ?? this.href, this.href);
        if (there.origin !== new URL(this.href).origin) throw new DOMException('Not this origin.', 'SecurityError');
        this.href = there.href;
      },
    };
  }

  /** The shared storage; the other tabs, and only they, hear of a change. */
  get #local(): Storage | undefined {
    const { localStorage, tabs } = this.#browser;
    if (!localStorage) return undefined;
    const outdated = this.#outdated;
    const change = (key: string | null, work: () => void) => {
      const others = tabs.filter((other) => other !== this);
      const { lags } = this.#browser;
      if (lags && key !== null) for (const tab of others) tab.fallBehind(key, localStorage.getItem(key));
      work();
      if (key !== null) outdated.delete(key);
      const newValue = key === null ? null : localStorage.getItem(key);
      if (!lags) for (const tab of others) tab.#hear(key, newValue);
    };
    const getItem = (key: string) => (outdated.has(key) ? outdated.get(key)! : localStorage.getItem(key));
    return {
      get length() {
        return localStorage.length;
      },
      key: (index) => localStorage.key(index),
      getItem,
      setItem: (key, value) => change(key, () => localStorage.setItem(key, value)),
      removeItem: (key) => {
        if (getItem(key) !== null) change(key, () => localStorage.removeItem(key));
      },
      clear: () => change(null, () => localStorage.clear()),
    };
  }
}

class TabLocation {
  readonly assign: (address: string | URL) => void;
  readonly replace: (address: string | URL) => void;
  readonly #tab: Tab;

  constructor(tab: Tab, leave: (address: string | URL) => void) {
    this.#tab = tab;
    this.assign = leave;
    this.replace = leave;
  }

  get href(): string {
    return this.#tab.href;
  }

  get origin(): string {
    return new URL(this.#tab.href).origin;
  }
}

function sansHash(href: string): string {
  return href.split('#')[0]!;
}

/** Exclusive locks, granted in the order in which they are asked for; they can be stolen, and waiting can end. */
function queueingLocks(): Pick<LockManager, 'request'> {
  const holders = new Map<string, (reason: unknown) => void>();
  const queues = new Map<string, (() => void)[]>();

  const granted = (name: string, signal: AbortSignal | undefined) =>
    new Promise<void>((resolve, reject) => {
      if (!holders.has(name)) {
        holders.set(name, () => {});
        return resolve();
      }
      const queue = queues.get(name) ?? [];
      queues.set(name, queue);
      queue.push(resolve);
      signal?.addEventListener('abort', () => {
        if (queue.includes(resolve)) queue.splice(queue.indexOf(resolve), 1);
        reject(signal.reason as Error);
      });
    });

  const request = async (name: string, { signal, steal }: LockOptions, work: () => Promise<unknown>) => {
    if (steal) holders.get(name)?.(new DOMException('The lock was stolen.', 'AbortError'));
    else await granted(name, signal);
    let steals: (reason: unknown) => void = () => {};
    const stolen = new Promise<never>((_resolve, reject) => holders.set(name, (steals = reject)));
    try {
      return await Promise.race([work(), stolen]);
    } finally {
      if (holders.get(name) === steals) {
        const next = queues.get(name)?.shift();
        // Held until the next one has begun, so that nobody comes between.
        if (next) holders.set(name, () => {});
        else holders.delete(name);
        next?.();
      }
    }
  };
  return { request } as Pick<LockManager, 'request'>;
}
