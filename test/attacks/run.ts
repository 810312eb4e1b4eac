import type { Outcome } from '../support/runners/counts.js';
import { runRows, type TableOptions } from '../support/tables/rows.js';
import { run as runAttack } from './attack.js';
import { attacks, sections } from './attacks.js';
import { AttackFixture } from './fixture.js';
import { table } from './table.js';

const WORKERS = 3;

/** Runs the attacks with their controls and prints their table. */
export async function runAttacks({ words = [], retries }: TableOptions): Promise<Outcome> {
  const chosen = attacks.filter(({ name }) => words.every((word) => name.includes(word)));
  const fixture = await AttackFixture.open();
  try {
    const { results, outcome } = await runRows(chosen, {
      table: 'attacks',
      nameOf: ({ name }) => name,
      run: (attack) => runAttack(fixture, attack),
      workers: WORKERS,
      retries,
    });
    for (const section of sections) {
      const run = section.attacks.filter((attack) => chosen.includes(attack));
      if (run.length === 0) continue;
      const outcomes = run.map((attack) => ({ attack, outcome: results.get(attack) }));
      console.log(`\nAttacks ${section.title}\n${table(section, outcomes)}`);
    }
    const standing = [...results.keys()].filter(({ without }) => !without).length;
    console.log(
      `\n${results.size - standing} attacks stopped, and observed to succeed without the defence; ` +
        `${standing} not stopped, as documented`,
    );
    return outcome;
  } finally {
    await fixture.close();
  }
}
