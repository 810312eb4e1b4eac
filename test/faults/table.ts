import { endpoints, faultKinds } from './faults.js';
import { rows, type Cell } from './matrix.js';
import type { Outcome, Row } from './row.js';

/** A cell that was run. */
export interface Result {
  cell: Cell;
  /** Missing when the cell did not end as it must. */
  outcome: Outcome | undefined;
}

/** A table for each endpoint: a line for each fault, a column for each moment. */
export function tables(results: readonly Result[], form: 'text' | 'markdown'): string {
  const parts = endpoints.map((endpoint) => {
    const columns = rows.filter((row) => row.endpoint === endpoint && results.some(({ cell }) => cell.row === row));
    if (columns.length === 0) return [];
    const lines = faultKinds
      .map((kind) => [kind, ...columns.map((row) => show(results, row, kind))])
      .filter(([, ...cells]) => cells.some(Boolean));
    const grid = align([['fault', ...columns.map(({ moment }) => moment)], ...lines]);
    return form === 'markdown' ? [`### ${endpoint}`, markdown(grid)] : [endpoint, text(grid)];
  });
  return parts.flat().join('\n\n');
}

function show(results: readonly Result[], row: Row, kind: string): string {
  const result = results.find(({ cell }) => cell.row === row && cell.kind === kind);
  if (!result) return '';
  if (!result.outcome) return 'FAILED';
  const { ending, after, retry } = result.outcome;
  return [ending, `${(after / 1000).toFixed(1)} s`, retry].join(' · ');
}

/** Pads every column to its widest cell. */
function align(grid: string[][]): string[][] {
  const widths = grid[0]!.map((_, column) => Math.max(3, ...grid.map((line) => line[column]!.length)));
  return grid.map((line) => line.map((cell, column) => cell.padEnd(widths[column]!)));
}

function text(grid: string[][]): string {
  return grid.map((line) => `  ${line.join('  ')}`.trimEnd()).join('\n');
}

function markdown([head, ...lines]: string[][]): string {
  const rule = head!.map((cell) => '-'.repeat(cell.length));
  return [head!, rule, ...lines].map((line) => `| ${line.join(' | ')} |`).join('\n');
}
