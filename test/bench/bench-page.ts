import { setTimeout as delay } from 'node:timers/promises';
import type { BrowserContext, CDPSession, Page } from 'playwright-core';
import { plantIn } from '../support/pages/planted-session.js';
import { TWO_FRAMES, until } from '../support/tables/request-watch.js';
import type { BenchFixture, State } from './fixture.js';
import { BARE } from './pages.js';

/** A connection as the browser shapes it. */
export interface Network {
  readonly name: string;
  /** Bits per second, both ways. */
  readonly rate: number;
  /** Of each request, milliseconds. */
  readonly latency: number;
}

export const slow: Network = { name: 'slow network', rate: 1_600_000, latency: 150 };
export const fast: Network = { name: 'fast network', rate: 10_000_000, latency: 40 };

/** What has been used since the last mark. */
export interface Use {
  /**
   * On the wire, headers included, but for fonts and pictures: what is measured is there before they are, and how many
   * have come by then is chance.
   */
  bytes: number;
  /** On the wire; what a cache answers is none. */
  requests: number;
  /**
   * Processor time of the main thread since the page began to load, less that of the same page without a library,
   * milliseconds. Unlike time on the clock, what other programs do adds little.
   */
  cpu: number;
}

export interface BenchPageOptions {
  readonly network?: Network;
  /** Cookies and storage that the user's browser has already. */
  readonly state?: State;
  /** What is waited for by `go()`. */
  readonly sight?: string;
}

interface Sent {
  readonly id: string;
  readonly line: string;
  readonly isLook: boolean;
  /** Seconds, by the clock of the browser's metrics. */
  readonly at: number;
  cached: boolean;
}

/** For requests that a page begins when the browser is idle. */
const QUIET_MS = 300;
/** How long to wait for something that must happen. Far longer than it takes, also on a busy machine. */
const WAIT_LIMIT_MS = 60_000;

/** As text: the page has none of the helpers that a compiler counts on. */
const watch = (sight: string) => `if (window === top) requestAnimationFrame(function look() {
  const there = [...document.querySelectorAll('${sight}')].some((one) => !one.disabled && one.checkVisibility());
  const [navigation] = performance.getEntriesByType('navigation');
  // The frame after is begun when this one is painted.
  requestAnimationFrame(there ? () => seen(performance.now() - navigation.fetchStart) : look);
});`;

/** One page in a browser profile of its own, with meters. */
export class BenchPage {
  readonly context: BrowserContext;
  readonly tab: Page;
  readonly #devtools: CDPSession;
  #sent: Sent[] = [];
  /** Requests that are not answered yet. */
  readonly #open = new Set<string>();
  #bytes = 0;
  #seen: (milliseconds: number) => void = () => {};
  /** Processor time that a page takes for itself, milliseconds. */
  #bare = 0;

  private constructor(context: BrowserContext, tab: Page, devtools: CDPSession) {
    this.context = context;
    this.tab = tab;
    this.#devtools = devtools;
    devtools.on('Network.requestWillBeSent', ({ requestId: id, request, timestamp: at, type }) => {
      if (request.url.startsWith('data:')) return;
      this.#open.add(id);
      const isLook = type === 'Font' || type === 'Image';
      this.#sent.push({ id, line: `${request.method} ${request.url}`, isLook, at, cached: false });
    });
    const cached = (id: string) => {
      for (const one of this.#sent) if (one.id === id) one.cached = true;
    };
    devtools.on('Network.requestServedFromCache', ({ requestId }) => {
      this.#open.delete(requestId);
      cached(requestId);
    });
    devtools.on('Network.responseReceived', ({ requestId, response }) => {
      if (response.fromDiskCache) cached(requestId);
    });
    devtools.on('Network.loadingFailed', ({ requestId }) => this.#open.delete(requestId));
    devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      this.#open.delete(requestId);
      if (!this.#sent.some(({ id, isLook }) => id === requestId && isLook)) this.#bytes += encodedDataLength;
    });
  }

  /** A browser that nobody has used, but for what `state` says. */
  static async open(
    fixture: BenchFixture,
    { network, state, sight = '#secret' }: BenchPageOptions = {},
  ): Promise<BenchPage> {
    const context = await fixture.browser.newContext({ viewport: { width: 1000, height: 800 }, storageState: state });
    const tab = await context.newPage();
    tab.setDefaultTimeout(WAIT_LIMIT_MS);
    const devtools = await context.newCDPSession(tab);
    const benchPage = new BenchPage(context, tab, devtools);
    await devtools.send('Network.enable');
    await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
    await tab.exposeBinding('seen', (_source, milliseconds: number) => benchPage.#seen(milliseconds));
    await context.addInitScript({ content: watch(sight) });
    // The first page has the browser start a process; the second is what pages cost from then on.
    await benchPage.go(fixture.origin + BARE);
    if (state?.planted) await plantIn(tab, state.planted);
    await benchPage.go(fixture.origin + BARE);
    benchPage.#bare = (await benchPage.use()).cpu;
    if (network) await benchPage.shape(network);
    benchPage.mark();
    return benchPage;
  }

  /** From now on the connection is like this. */
  async shape({ rate, latency }: Network): Promise<void> {
    const throughput = rate / 8;
    await this.#devtools.send('Network.emulateNetworkConditions', {
      offline: false,
      latency,
      downloadThroughput: throughput,
      uploadThroughput: throughput,
    });
  }

  /**
   * Navigates, and waits until what is looked for has been painted.
   * @returns how long that took from when the page was asked for, milliseconds
   */
  async go(address: string): Promise<number> {
    const { promise, resolve, reject } = deferred<number>();
    const late = () => reject(new Error(`Nothing to be seen at ${this.tab.url()}; asked: ${this.asked.join(', ')}`));
    const timer = setTimeout(late, WAIT_LIMIT_MS);
    this.#seen = resolve;
    try {
      await this.tab.goto(address, { waitUntil: 'commit' });
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#seen = () => {};
    }
  }

  /** Counts bytes and requests from here on. */
  mark(): void {
    this.#sent = [];
    this.#bytes = 0;
  }

  /** Method and address of every request on the wire since the last mark. */
  get asked(): readonly string[] {
    return this.#sent.filter(({ cached }) => !cached).map(({ line }) => line);
  }

  /** When a request to such an address was made: seconds, by the clock of the metrics. */
  async askedFor(address: RegExp): Promise<number> {
    for (const end = Date.now() + WAIT_LIMIT_MS; Date.now() < end;) {
      const found = this.#sent.find(({ line }) => address.test(line));
      if (found) return found.at;
      await delay(5);
    }
    throw new Error(`No request to ${String(address)} in: ${this.asked.join(', ')}`);
  }

  /** Waits until every request is answered, and for some time, and two frames, none has begun. */
  async quiet(): Promise<void> {
    for (let before = -1; before !== this.#sent.length;) {
      before = this.#sent.length;
      const lines = () => this.#sent.filter(({ id }) => this.#open.has(id)).map(({ line }) => line);
      const waiting = () => `no answer to ${lines().join(', ') || 'an earlier request'}`;
      await until(() => this.#open.size === 0, WAIT_LIMIT_MS, waiting);
      await delay(QUIET_MS);
      await this.tab.evaluate(TWO_FRAMES);
    }
  }

  async use(): Promise<Use> {
    const { TaskDuration } = await this.metrics();
    return { bytes: this.#bytes, requests: this.asked.length, cpu: TaskDuration! * 1000 - this.#bare };
  }

  /** The browser's own counters: `Nodes`, `JSEventListeners`, `JSHeapUsedSize` in bytes, `TaskDuration` in seconds. */
  async metrics(): Promise<Record<string, number>> {
    const { metrics } = await this.#devtools.send('Performance.getMetrics');
    return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
  }

  /** What is kept by this page when nothing that can be let go is still there. */
  async kept(): Promise<{ nodes: number; listeners: number; kilobytes: number }> {
    for (let time = 0; time < 3; time++) await this.#devtools.send('HeapProfiler.collectGarbage');
    const { Nodes, JSEventListeners, JSHeapUsedSize } = await this.metrics();
    return { nodes: Nodes!, listeners: JSEventListeners!, kilobytes: JSHeapUsedSize! / 1024 };
  }

  async end(): Promise<void> {
    await this.context.close();
  }
}

function deferred<T>() {
  let resolve!: (value: T) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((yes, no) => ([resolve, reject] = [yes, no]));
  return { promise, resolve, reject };
}
