/**
 * `npm run conformance [-- --markdown] [-- MODULE…]`: the modules of the OpenID Foundation's conformance suite for
 * relying parties that concern a public client in a browser, against a hostile provider of our own, beside a page with
 * auth-js alone. With `--markdown`, the table of the documentation. With words, the modules whose name contains one of
 * them.
 */
import { runConformance } from './conformance/run.js';
import { ensurePageBrowser } from './support/runners/browsers.js';
import { ensureBuilt } from './support/runners/build.js';
import { conclude } from './support/runners/counts.js';

const arguments_ = process.argv.slice(2);
const words = arguments_.filter((argument) => argument !== '--markdown');
const form = words.length < arguments_.length ? 'markdown' : 'text';

await ensurePageBrowser();
await ensureBuilt();
process.exitCode = conclude([await runConformance({ words, form })]);
