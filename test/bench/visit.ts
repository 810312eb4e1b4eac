import type { BrowserContext, CDPSession, Page } from 'playwright-core';
import type { Lab } from './lab.js';

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

/** What has been used so far. */
export interface Use {
  /** On the wire, headers included. */
  bytes: number;
  requests: number;
  /** Processor time of the main thread, milliseconds: unlike time on the clock, what other programs do adds little. */
  cpu: number;
}

/** One user's visit, with meters. */
export class Visit {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly #devtools: CDPSession;
  readonly #asked: string[] = [];
  #bytes = 0;

  private constructor(context: BrowserContext, page: Page, devtools: CDPSession) {
    this.context = context;
    this.page = page;
    this.#devtools = devtools;
    devtools.on('Network.requestWillBeSent', ({ request }) => {
      if (!request.url.startsWith('data:')) this.#asked.push(`${request.method} ${request.url}`);
    });
    devtools.on('Network.loadingFinished', ({ encodedDataLength }) => (this.#bytes += encodedDataLength));
  }

  static async begin(lab: Lab, network?: Network): Promise<Visit> {
    const context = await lab.browser.newContext({ viewport: { width: 1000, height: 800 } });
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    const devtools = await context.newCDPSession(page);
    const visit = new Visit(context, page, devtools);
    await devtools.send('Network.enable');
    await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
    if (network) await visit.shape(network);
    return visit;
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

  /** Method and address of every request so far. */
  get asked(): readonly string[] {
    return this.#asked;
  }

  async use(): Promise<Use> {
    const metrics = await this.metrics();
    return { bytes: this.#bytes, requests: this.#asked.length, cpu: metrics.TaskDuration! * 1000 };
  }

  /** The browser's own counters: `Nodes`, `JSEventListeners`, `JSHeapUsedSize` in bytes, `TaskDuration` in seconds. */
  async metrics(): Promise<Record<string, number>> {
    const { metrics } = await this.#devtools.send('Performance.getMetrics');
    return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
  }

  /** Collects what nothing refers to any more, so that what is left is what is kept. */
  async collectGarbage(): Promise<void> {
    for (let time = 0; time < 3; time++) await this.#devtools.send('HeapProfiler.collectGarbage');
  }

  async end(): Promise<void> {
    await this.context.close();
  }
}
