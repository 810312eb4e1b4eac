/**
 * `npm run attacks [-- WORD… --markdown]`: attacks on the sign-in frame of `isolation="frame"`, and attacks of an author
 * who may write tags into a page, in a real browser. Each has a control: the same attack, with the defence taken away. Prints what each led to, and fails when an attack
 * succeeds or a control does not. With words, only the attacks whose name contains them all. With `--markdown`, prints
 * the tables of the documentation instead.
 */
import { sections } from './attacks/attacks.js';
import { runAttacks } from './attacks/run.js';
import { markdown } from './attacks/table.js';
import { ensureBuilt } from './support/runners/build.js';
import { conclude } from './support/runners/counts.js';

const words = process.argv.slice(2);
if (words.includes('--markdown')) console.log(sections.map(markdown).join('\n\n'));
else {
  await ensureBuilt();
  process.exitCode = conclude([await runAttacks({ words })]);
}
