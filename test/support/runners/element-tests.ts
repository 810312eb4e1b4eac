import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBrowser, type BrowserName } from './browsers.js';
import { judge, type Outcome } from './counts.js';
import { run } from './processes.js';
import { startWebKit } from './webkit.js';

const runner = 'node_modules/@web/test-runner/dist/bin.js';
const limit = 15 * 60_000;

/** Runs element tests with Web Test Runner in one browser, in a process of its own. */
export async function runElementTests(browser: BrowserName, files: string[]): Promise<Outcome> {
  const program = await ensureBrowser(browser);
  const webkit = browser === 'webkit' ? await startWebKit(program) : undefined;
  const folder = mkdtempSync(join(tmpdir(), 'element-tests-'));
  const report = join(folder, 'outcome.json');
  try {
    const env = { ELEMENT_TESTS_BROWSER: browser, ELEMENT_TESTS_REPORT: report, ...webkit?.env };
    const ended = await run(process.execPath, [runner, '--files', ...files], limit, env);
    const outcome = read(report);
    const judged = judge(`elements in ${browser}`, outcome?.counts, ended);
    const problems = outcome?.problems.length ? outcome.problems : judged.problems;
    return { counts: judged.counts, problems, failures: outcome?.failures };
  } finally {
    webkit?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function read(report: string): Outcome | undefined {
  try {
    return JSON.parse(readFileSync(report, 'utf8')) as Outcome;
  } catch {
    return undefined;
  }
}
