import type { ChildProcess } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from './ports.js';
import { start, stop } from './processes.js';
import { startXvfb } from './screen.js';

/**
 * Starts an X server that shows nothing and WebKit's driver on it, and gives the environment that
 * {@link launcher} needs to reach them.
 */
export async function startWebKit(driver: string): Promise<{ env: NodeJS.ProcessEnv; stop(): void }> {
  const browser = miniBrowser();
  const screen = await startXvfb();
  let webdriver: ChildProcess | undefined;
  const stopAll = (): void => {
    if (webdriver) stop(webdriver);
    screen.stop();
  };
  try {
    const port = await freePort();
    webdriver = start(driver, [`--port=${port}`], { env: { ...screen.env, GDK_BACKEND: 'x11' } });
    await listening(port);
    return { env: { WEBKIT_DRIVER_PORT: String(port), WEBKIT_BROWSER_PATH: browser }, stop: stopAll };
  } catch (error) {
    stopAll();
    throw error;
  }
}

/** MiniBrowser is beside WebKit's libraries, whose folder has the architecture and the version in its path. */
function miniBrowser(): string {
  const named = process.env.WEBKIT_BROWSER_PATH;
  if (named) return named;
  const folders = readdirSync('/usr/lib', { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const candidates = ['/usr/lib', '/usr/libexec', ...folders.map(({ name }) => `/usr/lib/${name}`)].flatMap((folder) =>
    ['webkitgtk-6.0', 'webkit2gtk-4.1', 'webkit2gtk-4.0'].map((version) => `${folder}/${version}/MiniBrowser`),
  );
  const found = candidates.find((path) => existsSync(path));
  if (!found) throw new Error("WebKit's MiniBrowser was not found. Set WEBKIT_BROWSER_PATH to its path.");
  return found;
}

/** Waits until the driver answers. */
async function listening(port: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const answer = await fetch(`http://127.0.0.1:${port}/status`).catch(() => undefined);
    if (answer?.ok) return;
    await delay(100);
  }
  throw new Error(`WebKitWebDriver did not answer on port ${port} within 10 s.`);
}
