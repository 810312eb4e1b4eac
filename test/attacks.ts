/**
 * `npm run attacks [-- WORD… --markdown]`: attacks on the sign-in frame of `isolation="frame"`, in a real browser. Each
 * has a control: the same attack, with the defence taken away. Prints what became of every one, and fails when an attack
 * succeeds or a control does not. With words, only the attacks whose name contains them all. With `--markdown`, prints
 * the table of the documentation instead.
 */
import { play } from './attacks/attack.js';
import { attacks } from './attacks/attacks.js';
import { AttackFixture } from './attacks/fixture.js';
import { markdown, table, type Result } from './attacks/table.js';
import { ensureBuilt } from './support/runners/build.js';

const arguments_ = process.argv.slice(2);
const words = arguments_.filter((argument) => argument !== '--markdown');
const chosen = attacks.filter(({ name }) => words.every((word) => name.includes(word)));

if (arguments_.includes('--markdown')) console.log(markdown(chosen));
else await run();

async function run(): Promise<void> {
  await ensureBuilt();
  const fixture = await AttackFixture.open();
  const results: Result[] = [];
  try {
    for (const attack of chosen) results.push(await tried(fixture, attack));
  } finally {
    await fixture.close();
  }
  const failed = results.filter(({ outcome }) => !outcome).length;
  const standing = results.filter(({ attack, outcome }) => outcome && !attack.without).length;
  const stopped = results.length - failed - standing;
  console.log(
    `${table(results)}\n\n${stopped} attacks stopped, and seen to succeed without the defence; ` +
      `${standing} not stopped, as documented; ${failed} failed`,
  );
  process.exitCode = failed > 0 || results.length === 0 ? 1 : 0;
}

async function tried(fixture: AttackFixture, attack: Result['attack']): Promise<Result> {
  try {
    return { attack, outcome: await play(fixture, attack) };
  } catch (error) {
    console.error(`${attack.name}\n  ${error instanceof Error ? error.message : String(error)}\n`);
    return { attack };
  }
}
