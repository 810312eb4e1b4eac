import { setTimeout as delay } from 'node:timers/promises';
import type { Page, Request } from 'playwright-core';

const POLL_INTERVAL_MS = 20;
/** Resolves two frames later. As text, because the page lacks the helpers of the compiler. */
export const TWO_FRAMES = `new Promise((resolve) =>
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve))))`;

/** Waits until a condition holds. @throws Error after the limit, with what the condition was for */
export async function until(condition: () => boolean, limitMs: number, otherwise: () => string): Promise<void> {
  for (const end = Date.now() + limitMs; !condition();) {
    if (Date.now() > end) throw new Error(`${otherwise()} within ${limitMs / 1000} s`);
    await delay(POLL_INTERVAL_MS);
  }
}

/** Knows when a page has nothing left to do. Construct it before the first navigation. */
export class RequestWatch {
  readonly #tab: Page;
  /** Requests of the present document that are not answered yet. */
  readonly #open = new Set<Request>();
  #count = 0;

  constructor(tab: Page) {
    this.#tab = tab;
    tab.on('request', (request) => {
      this.#count += 1;
      this.#open.add(request);
    });
    tab.on('requestfinished', (request) => this.#open.delete(request));
    tab.on('requestfailed', (request) => this.#open.delete(request));
    // A new document: what the old one requested no longer matters.
    tab.on('framenavigated', (frame) => frame === tab.mainFrame() && this.#open.clear());
  }

  /** Waits until every request is answered, and two frames later none has begun: nothing more follows by itself. */
  async settles(limitMs: number): Promise<void> {
    const waiting = () => [...this.#open].map((request) => request.url()).join(', ');
    for (let before = -1; before !== this.#count;) {
      before = this.#count;
      await until(
        () => this.#open.size === 0,
        limitMs,
        () => `no answer from ${waiting()}`,
      );
      // A navigation takes the document away. Its request has been counted by then.
      await this.#tab.evaluate(TWO_FRAMES).catch(() => this.#tab.waitForLoadState());
    }
  }
}
