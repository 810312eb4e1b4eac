import { chromium, type Browser, type BrowserContext, type LaunchOptions } from 'playwright-core';
import { chromiumArguments, ensureBrowser, ensurePageBrowser } from '../runners/browsers.js';

/** Set by the worker that runs many files: the browser stays open between them. */
const keepOpen = (): boolean => process.env.TEST_WORKER === 'true';

let shared: Promise<Browser> | undefined;
let users = 0;

/**
 * Opens Chromium for a fixture. Without options, all fixtures of a process share one headless shell, and each sees only
 * its own contexts, so `close()` closes these. With launch options, the fixture gets a full Chromium of its own: the
 * shell has no back/forward cache and does not block storage of cross-site frames.
 */
export async function openBrowser(options?: LaunchOptions): Promise<Browser> {
  if (options) return launch(await ensureBrowser('chromium'), options);
  // A browser that crashed is replaced, so that one test file does not fail those after it.
  if (shared && !(await shared).isConnected()) shared = undefined;
  shared ??= ensurePageBrowser().then((path) => launch(path));
  users += 1;
  return ownView(await shared);
}

/** Closes the Chromium that the fixtures shared. */
export async function closeSharedBrowser(): Promise<void> {
  const browser = await shared;
  shared = undefined;
  await browser?.close();
}

function launch(executablePath: string, options: LaunchOptions = {}): Promise<Browser> {
  return chromium.launch({ executablePath, args: chromiumArguments, ...options });
}

/** The shared browser, limited to the contexts of one fixture. */
function ownView(browser: Browser): Browser {
  const contexts = new Set<BrowserContext>();
  const add = (context: BrowserContext): BrowserContext => {
    contexts.add(context);
    context.once('close', () => contexts.delete(context));
    return context;
  };
  const own: Partial<Browser> = {
    contexts: () => [...contexts],
    newContext: async (options) => add(await browser.newContext(options)),
    newPage: async (options) => {
      const page = await browser.newPage(options);
      add(page.context());
      return page;
    },
    async close() {
      await Promise.all([...contexts].map((context) => context.close()));
      users -= 1;
      if (users === 0 && !keepOpen()) await closeSharedBrowser();
    },
  };
  return new Proxy(browser, {
    get: (target, name) => {
      const value: unknown = Reflect.get(name in own ? own : target, name);
      return typeof value === 'function' ? (value as () => unknown).bind(name in own ? own : target) : value;
    },
  });
}
