/**
 * `npm run faults [-- WORD… --markdown]`: the fault matrix. Every endpoint of an Okta org fails in every way, at every
 * moment at which a page requests it, in a real browser. Prints how each fault ended, and fails when one did not end as
 * it must. With words, only the cells whose name contains them all. With `--markdown`, the tables of the documentation.
 */
import { runFaults } from './faults/run.js';
import { ensureBuilt } from './support/runners/build.js';
import { conclude } from './support/runners/counts.js';

const arguments_ = process.argv.slice(2);
const words = arguments_.filter((argument) => argument !== '--markdown');
const form = words.length < arguments_.length ? 'markdown' : 'text';

await ensureBuilt();
process.exitCode = conclude([await runFaults({ words, form })]);
