import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { canInstall, install } from './apt.js';
import { findProgram } from './browsers.js';
import { start, stop } from './processes.js';

/** Where a browser can show its windows. */
export interface Screen {
  /** For the browser's environment. */
  readonly env: NodeJS.ProcessEnv;
  stop(): void;
}

/**
 * A screen that nobody sees: an X server on Linux, installed first when that is possible; elsewhere the screen there is.
 * @returns nothing where there is none to be had
 */
export async function findScreen(): Promise<Screen | undefined> {
  if (process.platform !== 'linux') return { env: {}, stop: () => {} };
  if (!findProgram('Xvfb') && canInstall()) await install(['xvfb']);
  return findProgram('Xvfb') ? startXvfb() : undefined;
}

/** Starts an X server that shows nothing. It must not reset: it would refuse a browser that starts as another one ends. */
export async function startXvfb(): Promise<Screen> {
  const xvfb = start('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp', '-noreset'], {
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  });
  try {
    return { env: { DISPLAY: `:${await firstLine(xvfb)}` }, stop: () => stop(xvfb) };
  } catch (error) {
    stop(xvfb);
    throw error;
  }
}

/** Xvfb writes the number of the display it took to file descriptor 3. */
async function firstLine(xvfb: ChildProcess): Promise<string> {
  const ended = once(xvfb, 'exit').then(() => {
    throw new Error('Xvfb ended before it had a display.');
  });
  const [data] = (await Promise.race([once(xvfb.stdio[3]!, 'data'), ended])) as [Buffer];
  return data.toString().trim();
}
