/**
 * `npm run size`: the byte budget. What a signed-out page with hosted sign-in loads before anyone shows intent is
 * `okta-elements.js` and all it imports statically; auth-js and the widget must not be among it.
 */
import { readFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';
import { parseAst } from 'rollup/parseAst';
import { BYTE_BUDGET } from './support/byte-budget.js';
import { ensureBuilt } from './support/runners/build.js';

const folder = 'dist/cdn';
const entry = 'okta-elements.js';
const lazyPackages = ['@okta/okta-auth-js', '@okta/okta-signin-widget'];

await ensureBuilt();

const eager = staticGraph(entry);
const sizes = eager.map((file) => ({ file, ...measure(file) }));
const total = sizes.reduce((sum, { brotli }) => sum + brotli, 0);

for (const { file, raw, brotli } of sizes) print(file, raw, brotli);
console.log('\nloaded when needed');
for (const file of javascriptFiles().filter((name) => !eager.includes(name))) {
  const { raw, brotli } = measure(file);
  print(file, raw, brotli);
}

const strays = lazyPackages.filter((name) =>
  eager.some((file) => sourcesOf(file).some((source) => source.includes(`node_modules/${name}/`))),
);
for (const name of strays) console.log(`\n${name} is part of the eager code.`);

const within = total <= BYTE_BUDGET;
console.log(`\neager code: ${total} bytes with brotli, ${within ? 'within' : 'ABOVE'} the budget of ${BYTE_BUDGET}`);
process.exitCode = within && strays.length === 0 ? 0 : 1;

/** A file and everything it imports statically, each once. */
function staticGraph(file: string, seen: string[] = []): string[] {
  if (seen.includes(file)) return seen;
  seen.push(file);
  for (const node of parseAst(readFileSync(`${folder}/${file}`, 'utf8')).body) {
    const imports =
      node.type === 'ImportDeclaration' ||
      node.type === 'ExportAllDeclaration' ||
      node.type === 'ExportNamedDeclaration';
    if (imports && node.source) staticGraph(String(node.source.value).replace(/^\.\//, ''), seen);
  }
  return seen;
}

function measure(file: string): { raw: number; brotli: number } {
  const content = readFileSync(`${folder}/${file}`);
  const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  return { raw: content.length, brotli: brotliCompressSync(content, { params: quality }).length };
}

function javascriptFiles(): string[] {
  const hashes = JSON.parse(readFileSync(`${folder}/integrity.json`, 'utf8')) as Record<string, string>;
  return Object.keys(hashes).filter((file) => file.endsWith('.js'));
}

function sourcesOf(file: string): string[] {
  return (JSON.parse(readFileSync(`${folder}/${file}.map`, 'utf8')) as { sources: string[] }).sources;
}

function print(file: string, raw: number, brotli: number): void {
  console.log(`${file.padEnd(40)} ${String(raw).padStart(9)} bytes ${String(brotli).padStart(8)} with brotli`);
}
