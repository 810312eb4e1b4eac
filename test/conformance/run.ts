import { createRequire } from 'node:module';
import type { Outcome } from '../support/runners/counts.js';
import { runRows, type TableOptions } from '../support/tables/rows.js';
import { startFixture } from './fixture.js';
import { judge } from './judge.js';
import { modules, otherModules, type Module } from './modules.js';
import { observe } from './observe.js';
import { authJs, oktaElements } from './parties.js';
import { markdown, printRow, type Row } from './table.js';

/** Each runs two pages at a time. */
const WORKERS = 2;

/** Runs the conformance modules with our page and with one of auth-js, and prints their table. */
export async function runConformance({
  words = [],
  retries,
  form = 'text',
}: TableOptions & { form?: 'text' | 'markdown' }): Promise<Outcome> {
  const chosen = modules.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
  const fixture = await startFixture();
  const rows = new Map<Module, Row>();
  try {
    const { outcome } = await runRows(chosen, {
      table: 'conformance',
      nameOf: ({ name }) => name,
      workers: WORKERS,
      retries,
      async run(module) {
        const parties = [oktaElements, authJs].map((party) => observe(fixture, party, module));
        const [ours, theirs] = (await Promise.all(parties)) as [Row['ours'], Row['theirs']];
        const problems = judge(module, ours);
        rows.set(module, { module, problems, ours, theirs });
        if (problems.length > 0) throw new Error(problems.join('\n  '));
      },
    });
    const table = chosen.flatMap((module) => rows.get(module) ?? []);
    const { version } = createRequire(import.meta.url)('@okta/okta-auth-js/package.json') as { version: string };
    if (form === 'markdown') console.log(markdown(table, otherModules, version));
    else {
      for (const row of table) console.log(printRow(row));
      for (const { name, plan, reason } of otherModules) {
        console.log(`- ${name} (${plan}) does not apply: ${reason}`);
      }
    }
    return outcome;
  } finally {
    await fixture.close();
  }
}
