import type { Case, Figure } from './case.js';
import type { Comparison } from './pairs.js';

/** What a case came to: for each figure, ours against each peer. */
export interface Result {
  readonly of: Case;
  readonly rounds: number;
  readonly figures: readonly {
    readonly figure: Figure;
    readonly ours: number;
    readonly peers: Readonly<Record<string, Comparison>>;
  }[];
}

/** One line of `--json`. */
export interface Line {
  name: string;
  unit: Figure['unit'];
  ours: number;
  peers: Record<string, number>;
  /** Median of the ratios ours to theirs, by peer; `null` in the file where theirs is nothing. */
  ratio: Record<string, number>;
  /** First and third quartile of these ratios, by peer. */
  spread: Record<string, [number, number]>;
}

export function lines({ of, figures }: Result): Line[] {
  const pick = <Value>(peers: Readonly<Record<string, Comparison>>, value: (one: Comparison) => Value) =>
    Object.fromEntries(Object.entries(peers).map(([name, one]) => [name, value(one)]));
  return figures.map(({ figure, ours, peers }) => ({
    name: `${of.name} ${figure.name}`,
    unit: figure.unit,
    ours,
    peers: pick(peers, ({ theirs }) => theirs),
    ratio: pick(peers, ({ ratio }) => ratio),
    spread: pick(peers, ({ spread }) => spread),
  }));
}

/** What is above its bound, a sentence each. */
export function excesses({ of, figures }: Result): string[] {
  return figures.flatMap(({ figure, ours, peers }) => {
    const { bound } = figure;
    const what = `${of.name}: ${figure.name}`;
    const all: string[] = [];
    if (bound?.ours !== undefined && ours > bound.ours) {
      all.push(`${what} is ${round(ours)} ${figure.unit}, above ${bound.ours}`);
    }
    for (const [name, { ratio }] of Object.entries(peers)) {
      if (bound?.ratio !== undefined && ratio > bound.ratio) {
        all.push(`${what} is ${ratio.toFixed(2)} of ${name}, above ${bound.ratio}`);
      }
    }
    return all;
  });
}

/** A table in Markdown. */
export function table({ of, rounds, figures }: Result): string {
  const rows = figures.flatMap(({ figure, ours, peers }) =>
    Object.entries(peers).map(
      ([
        name,
        {
          theirs,
          ratio,
          spread: [low, high],
        },
      ]) => [
        figure.name,
        figure.unit,
        round(ours),
        name,
        round(theirs),
        `**${share(ratio)}**`,
        `${share(low)}–${share(high)}`,
      ],
    ),
  );
  const lonely = figures
    .filter(({ peers }) => Object.keys(peers).length === 0)
    .map(({ figure, ours }) => [figure.name, figure.unit, round(ours), '', '', '', '']);
  const head = ['', 'unit', 'ours', 'peer', 'theirs', 'ratio', 'quartiles'];
  const body = [head, head.map(() => '---'), ...rows, ...lonely].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  const said = [`${of.title}.`, rounds === 1 ? 'One round.' : `Medians of ${rounds} rounds.`, ...(of.absent ?? [])];
  return `### ${of.name}\n\n${said.join(' ')}\n\n${body}\n`;
}

/** Something against nothing has no ratio. */
function share(ratio: number): string {
  return Number.isFinite(ratio) ? ratio.toFixed(2) : '∞';
}

function round(value: number): string {
  return value >= 100 || Number.isInteger(value) ? String(Math.round(value)) : value.toFixed(1);
}
