import type { Attack, Outcome } from './attack.js';
import type { Section } from './attacks.js';

/** An attack that was run. */
export interface Result {
  readonly attack: Attack;
  /** Missing when the attack or its control did not end as it must. */
  readonly outcome: Outcome | undefined;
}

const headOf = ({ result }: Section) => ['attack', 'without', 'it then has', result, 'since'];

/** The line of an attack in the documentation. */
export function lineOf({ name, aim, without, defence }: Attack): string[] {
  return without ? [name, without, aim, 'stopped', defence ?? ''] : [name, '', '', `not stopped: has ${aim}`, ''];
}

/** The table of a run of one section. */
export function table(section: Section, results: readonly Result[]): string {
  const lines = results.map(({ attack, outcome }) => {
    if (!outcome) return [attack.name, attack.without ?? '', '', 'FAILED', ''];
    const { real, control } = outcome;
    return [
      attack.name,
      attack.without ?? '',
      control?.loot ?? '',
      real.loot ? `not stopped: has ${real.loot}` : `stopped: ${real.instead}`,
      attack.defence ?? '',
    ];
  });
  return align([headOf(section), ...lines])
    .map((line) => `  ${line.join('  ')}`.trimEnd())
    .join('\n');
}

/** The table of a section in the documentation. */
export function markdown(section: Section): string {
  const [head, ...lines] = align([headOf(section), ...section.attacks.map(lineOf)]);
  const rule = head!.map((cell) => '-'.repeat(cell.length));
  return [head!, rule, ...lines].map((line) => `| ${line.join(' | ')} |`).join('\n');
}

/** Pads every column to its widest cell. */
function align(grid: string[][]): string[][] {
  const widths = grid[0]!.map((_, column) => Math.max(3, ...grid.map((line) => line[column]!.length)));
  return grid.map((line) => line.map((cell, column) => cell.padEnd(widths[column]!)));
}
