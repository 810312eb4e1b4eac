import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './processes.js';

const sources = ['src', 'package-lock.json', 'rollup.config.mjs', 'tsconfig.json', 'tsconfig.build.json'];
const lastWritten = 'dist/frame/integrity.json';
const limit = 5 * 60_000;

/** Builds dist/, unless it is newer than everything it is made from. Ends this process when the build fails. */
export async function ensureBuilt(): Promise<void> {
  if (modified(lastWritten) > Math.max(...sources.map(newest))) return;
  console.log('Building dist/');
  for (const args of [
    ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'],
    ['node_modules/rollup/dist/bin/rollup', '-c', '--silent'],
  ]) {
    const { code } = await run(process.execPath, args, limit);
    if (code === 0) continue;
    console.error(`The build failed: ${args.join(' ')} ended with code ${code}`);
    process.exit(1);
  }
}

/** A deleted file shows in its folder's time. */
function newest(path: string): number {
  if (!statSync(path).isDirectory()) return modified(path);
  const entries = readdirSync(path, { recursive: true, encoding: 'utf8' });
  return Math.max(modified(path), ...entries.map((entry) => modified(join(path, entry))));
}

function modified(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
