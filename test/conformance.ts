/**
 * `npm run conformance [-- --markdown] [-- MODULE…]`: the modules of the OpenID Foundation's conformance suite for
 * relying parties that concern a public client in a browser, against a hostile provider of our own; beside ours, a page
 * with auth-js alone. With `--markdown`, the table as it is in the documentation. With words, the modules whose name
 * contains one of them.
 */
import { createRequire } from 'node:module';
import { judge } from './conformance/judge.js';
import { modules, otherModules } from './conformance/modules.js';
import { authJs, oktaElements } from './conformance/parties.js';
import { observe } from './conformance/run.js';
import { startFixture } from './conformance/fixture.js';
import { markdown, printRow, type Row } from './conformance/table.js';
import { ensureBrowser } from './support/runners/browsers.js';
import { ensureBuilt } from './support/runners/build.js';
import { closingLine } from './support/runners/counts.js';

const asMarkdown = process.argv.includes('--markdown');
const words = process.argv.slice(2).filter((word) => word !== '--markdown');
const { version } = createRequire(import.meta.url)('@okta/okta-auth-js/package.json') as { version: string };

process.env.CHROME_PATH = await ensureBrowser('chromium');
await ensureBuilt();
const fixture = await startFixture();
const rows: Row[] = [];
try {
  for (const module of modules) {
    if (words.length > 0 && !words.some((word) => module.name.includes(word))) continue;
    const [ours, theirs] = await Promise.all([
      observe(fixture, oktaElements, module),
      observe(fixture, authJs, module),
    ]);
    const row = { module, problems: judge(module, ours), ours, theirs };
    rows.push(row);
    if (!asMarkdown) console.log(printRow(row));
  }
} finally {
  await fixture.close();
}

if (asMarkdown) console.log(markdown(rows, otherModules, version));
else for (const { name, plan, reason } of otherModules) console.log(`- ${name} (${plan}) does not apply: ${reason}`);

const failed = rows.filter(({ problems }) => problems.length > 0).length;
console.log(`\n${closingLine({ passed: rows.length - failed, failed, skipped: 0 })}`);
process.exitCode = failed > 0 || rows.length === 0 ? 1 : 0;
