import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBrowser, type BrowserName } from './browsers.js';
import { add, isBroken, judge, none, type Outcome } from './counts.js';
import type { ElementReport } from './element-reporter.js';
import { run } from './processes.js';
import { secondTries } from './second-tries.js';
import { startWebKit } from './webkit.js';

const runner = 'node_modules/@web/test-runner/dist/bin.js';
const limit = 15 * 60_000;

/**
 * Runs element tests with Web Test Runner in one browser, in a process of its own.
 *
 * @param again Whether files that failed are run once more. The second result counts.
 */
export async function runElementTests(browser: BrowserName, files: string[], again = false): Promise<Outcome> {
  const first = await runOnce(browser, files);
  const broken = Object.keys(first.report).filter((file) => isBroken(first.report[file]!));
  const retried = again ? secondTries(broken) : [];
  if (retried.length === 0) return sum(first);

  console.log(`\nAgain: ${retried.join(', ')}`);
  const second = await runOnce(browser, retried);
  const mended = retried.filter((file) => second.report[file] && !isBroken(second.report[file]));
  return {
    ...sum({ report: { ...first.report, ...second.report }, problems: [...first.problems, ...second.problems] }),
    unsteady: mended.flatMap((file) => [...first.report[file]!.failures, ...first.report[file]!.problems]),
  };
}

/** What one run of the runner left, and what went wrong with the runner itself. */
interface Run {
  report: ElementReport;
  problems: string[];
}

async function runOnce(browser: BrowserName, files: readonly string[]): Promise<Run> {
  const program = await ensureBrowser(browser);
  const webkit = browser === 'webkit' ? await startWebKit(program) : undefined;
  const folder = mkdtempSync(join(tmpdir(), 'element-tests-'));
  const file = join(folder, 'report.json');
  try {
    const env = { ELEMENT_TESTS_BROWSER: browser, ELEMENT_TESTS_REPORT: file, ...webkit?.env };
    const ended = await run(process.execPath, [runner, '--files', ...files], limit, env);
    const report = read(file);
    const outcomes = Object.values(report ?? {});
    if (outcomes.some(isBroken)) return { report: report!, problems: [] };
    const counts = report && outcomes.reduce((all, outcome) => add(all, outcome.counts), none);
    return { report: report ?? {}, problems: judge(`elements in ${browser}`, counts, ended).problems };
  } finally {
    webkit?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function sum({ report, problems }: Run): Outcome {
  const files = Object.values(report);
  return {
    counts: files.reduce((all, { counts }) => add(all, counts), none),
    problems: [...problems, ...files.flatMap((file) => file.problems)],
    failures: files.flatMap((file) => file.failures),
  };
}

function read(file: string): ElementReport | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ElementReport;
  } catch {
    return undefined;
  }
}
