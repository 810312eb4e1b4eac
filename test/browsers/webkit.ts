import type { Client } from 'webdriver';
import { startWebKit } from '../support/runners/webkit.js';
import { COMMAND_LIMIT_MS, type Content, type Driver, type Profile, type Tab } from './driver.js';

/** The key of an element's reference in the WebDriver protocol. */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

// webdriver reads these when it is loaded. It advises against commands of the protocol that webdriverio wraps, and
// these tests do without webdriverio.
process.env.DISABLE_WEBDRIVERIO_DEPRECATION_WARNINGS = 'true';
process.env.WDIO_LOG_LEVEL = 'silent';
const { default: WebDriver } = await import('webdriver');

/** Drives WebKitGTK's MiniBrowser over WebDriver. */
export async function startWebKitDriver(program: string): Promise<Driver> {
  const webkit = await startWebKit(program);
  return {
    // The driver has one session at a time, and each is a MiniBrowser of its own, which keeps nothing.
    newProfile: async () => profile(await newSession(webkit.env)),
    close: async () => webkit.stop(),
  };
}

function newSession(env: NodeJS.ProcessEnv): Promise<Client> {
  return WebDriver.newSession({
    hostname: '127.0.0.1',
    port: Number(env.WEBKIT_DRIVER_PORT),
    path: '/',
    logLevel: 'silent',
    connectionRetryTimeout: COMMAND_LIMIT_MS,
    connectionRetryCount: 0,
    capabilities: {
      browserName: 'MiniBrowser',
      'wdio:enforceWebDriverClassic': true,
      'webkitgtk:browserOptions': { binary: env.WEBKIT_BROWSER_PATH, args: ['--automation'] },
    } as WebdriverIO.Capabilities,
  });
}

function profile(session: Client): Profile {
  let opened = 0;
  return {
    async newTab() {
      // A session begins with an empty tab. A tab in the same window would count as hidden, even in front.
      const first = opened++ === 0;
      return tab(session, first ? await session.getWindowHandle() : (await session.createWindow('window')).handle);
    },
    close: () => session.deleteSession(),
  };
}

function tab(session: Client, handle: string): Tab {
  const front = async (): Promise<void> => {
    await session.switchToWindow(handle);
    await session.switchToFrame(null);
  };
  return {
    ...content(session, front),
    open: async (url) => front().then(() => session.navigateTo(url)),
    reload: async () => front().then(() => session.refresh()),
    back: async () => front().then(() => session.back()),
    forward: async () => front().then(() => session.forward()),
    frame: (element) =>
      content(session, async () => {
        await front();
        await session.switchToFrame({ [ELEMENT]: await find(session, element) });
      }),
  };
}

/** @param enter makes the document that is meant the one that commands go to */
function content(session: Client, enter: () => Promise<void>): Content {
  return {
    async evaluate(expression) {
      await enter();
      return session.executeScript(`return ${expression}`, []);
    },
    async click(element) {
      await enter();
      await session.elementClick(await find(session, element));
    },
    async type(element, text) {
      await enter();
      const reference = await find(session, element);
      // WebKitGTK types into a field in a frame only when it has the focus.
      await session.elementClick(reference);
      await session.elementSendKeys(reference, text);
    },
  };
}

/** Reference of the element that an expression evaluates to. */
async function find(session: Client, element: string): Promise<string> {
  const found = (await session.executeScript(`return ${element}`, [])) as Record<string, string> | null;
  const reference = found?.[ELEMENT];
  if (!reference) throw new Error('The expression evaluates to no element.');
  return reference;
}
