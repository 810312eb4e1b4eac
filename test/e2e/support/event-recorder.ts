import type { BrowserContext, Page } from 'playwright-core';

/** What has been seen in a page so far. Lives in the page, as `window.witness`. */
interface EventRecord {
  /** Events of the package, with whatever they carry, as text. */
  readonly events: { readonly type: string; readonly said: string }[];
}

declare global {
  interface Window {
    witness: EventRecord;
  }
}

/** From now on, every page of the profile remembers the events of the package that reach its document. */
export async function recordEvents(profile: BrowserContext): Promise<void> {
  await profile.addInitScript(() => {
    window.witness = { events: [] };
    const types = [
      'ready',
      'state-change',
      'signin-start',
      'signin-success',
      'callback-complete',
      'guard-change',
      'guard-redirect',
      'session-expiring',
      'session-expired',
      'signout-start',
      'signout-complete',
      'error',
    ];
    for (const type of types) {
      document.addEventListener(`okta-${type}`, (event) => {
        // Own fields, without those that every event has.
        const fields = Object.entries(event).filter(([name]) => !(name in Event.prototype));
        window.witness.events.push({ type: event.type, said: JSON.stringify(Object.fromEntries(fields)) });
      });
    }
  });
}

/** Events of the package since the page was loaded, or since the last call. */
export function eventsOf(page: Page): Promise<{ type: string; said: string }[]> {
  return page.evaluate(() => window.witness.events.splice(0));
}

/**
 * Everything that the pages of a profile say to each other from now on: by channel, port or window, to workers, and in
 * `storage` events. As text, from every page.
 */
export async function overhear(profile: BrowserContext): Promise<string[]> {
  const heard: string[] = [];
  await profile.exposeBinding('overheard', (_source, said: string) => void heard.push(said));
  await profile.addInitScript(() => {
    const tell = (how: string, what: unknown) =>
      void (window as unknown as { overheard(said: string): Promise<void> }).overheard(
        `${how}: ${JSON.stringify(what)}`,
      );
    const wrap = (owner: { postMessage: (...message: never[]) => void }, how: string) => {
      const original = owner.postMessage as (...message: unknown[]) => void;
      owner.postMessage = function (this: unknown, ...message: unknown[]) {
        tell(how, message[0]);
        return original.apply(this, message);
      };
    };
    wrap(BroadcastChannel.prototype, 'channel');
    wrap(MessagePort.prototype, 'port');
    wrap(Worker.prototype, 'worker');
    wrap(window, 'window');
    window.addEventListener('message', ({ data }) => tell('message', data));
  });
  return heard;
}

/** All that a page holds of a document: markup, the text of every shadow root, the title and the address. */
export function documentText(page: Page): Promise<string> {
  return page.evaluate(() => {
    const texts = [document.documentElement.outerHTML, document.title, location.href];
    const look = (root: Document | ShadowRoot) => {
      for (const element of root.querySelectorAll('*')) {
        if (element.shadowRoot) {
          texts.push(element.shadowRoot.innerHTML);
          look(element.shadowRoot);
        }
      }
    };
    look(document);
    return texts.join('\n');
  });
}
