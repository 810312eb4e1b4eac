import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Test files below a folder whose name ends with `ending` and whose path contains every one of `words`. */
export function testFiles(folder: string, ending: string, words: string[] = []): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => join(folder, file).replaceAll('\\', '/'))
    .filter((file) => file.endsWith(ending) && words.every((word) => file.includes(word)))
    .sort();
}
