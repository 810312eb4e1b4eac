import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { cells, nameOf } from './matrix.js';

/** How each cell ends, by its name, as the tables of the documentation have it. */
function documented(): Record<string, string> {
  const text = readFileSync(new URL('../../stories/docs/faults.md', import.meta.url), 'utf8');
  const endings: Record<string, string> = {};
  for (const [, endpoint, table] of text.matchAll(/^### (\w+)\n\n((?:\|.*\n)+)/gm)) {
    const [head, , ...lines] = table!.trim().split('\n').map(cellsOf);
    for (const [kind, ...found] of lines) {
      found.forEach((cell, column) => {
        if (cell) endings[`${endpoint}, ${head![column + 1]}: ${kind}`] = cell.split(' · ')[0]!;
      });
    }
  }
  return endings;
}

function cellsOf(line: string): string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

it('the documentation says how every fault ends', () => {
  const expected = cells.map((cell) => [nameOf(cell), cell.row.endings[cell.kind]]);
  assert.deepEqual(documented(), Object.fromEntries(expected), 'run npm run faults -- --markdown');
});
