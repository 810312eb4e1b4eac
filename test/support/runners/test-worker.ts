/**
 * A process that runs test files one after the other, as the runner names them over IPC. Files that share a worker
 * share its browser, see `test/support/pages/browser.ts`.
 */
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { BEGIN, END } from './test-reporter.js';

process.on('message', (file: string) => {
  if (file) void runFile(file);
  else void finish();
});
// The runner is gone, so nobody is left to read the results.
process.on('disconnect', () => process.exit());

/** Node starts a root test as soon as those before it have ended, so the marker at the end waits for the whole file. */
async function runFile(file: string): Promise<void> {
  await test(BEGIN + file, () => {});
  await import(pathToFileURL(file).href).catch((error: unknown) => {
    void test('the file loads', () => {
      throw error;
    });
  });
  await test(END + file, () => {});
}

async function finish(): Promise<void> {
  // Imported late: most files need no browser.
  if (process.env.TEST_WORKER) await (await import('../pages/browser.js')).closeSharedBrowser();
  process.disconnect();
}
