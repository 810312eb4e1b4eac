import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/* Copies of what is built, each without one of its defences: what an attack must succeed against. */

/** A change of the code. */
interface Change {
  readonly from: RegExp;
  readonly to: string;
}

export const weaknesses = {
  /** The frame takes the page around it for one of its own, whatever the browser says. */
  'no look at ancestors': {
    from: /location\.ancestorOrigins\?\[\.\.\.location\.ancestorOrigins\]:void 0/,
    to: 'void 0',
  },
  /** The frame answers whoever asks. */
  'no look at who connects': {
    from: /if\([\w$]+!==[\w$]+\|\|![\w$]+\.includes\([\w$]+\)\|\|!([\w$]+)\)return/,
    to: 'if(!$1)return',
  },
  /** The frame answers any window of an allowed origin. */
  'no look at the window that connects': {
    from: /if\([\w$]+!==[\w$]+\|\|(![\w$]+\.includes\([\w$]+\)\|\|![\w$]+\)return)/,
    to: 'if($1',
  },
  /** The frame says what is typed. */
  'a frame that tells': {
    from: /^/,
    to: 'addEventListener("input",({target})=>parent.postMessage(target.value,"*"),true);',
  },
  /** The page answers any window that says hello. */
  'no look at who says hello': { from: /[\w$]+===[\w$]+\.contentWindow&&[\w$]+===[\w$]+\.origin&&/, to: 'true&&' },
  /** The page answers whatever document is in the frame. */
  'no look at the origin that says hello': {
    from: /([\w$]+===[\w$]+\.contentWindow)&&[\w$]+===[\w$]+\.origin&&/,
    to: '$1&&',
  },
  /** It also speaks to whatever document is there. */
  'no target origin': { from: /(\.contentWindow\.postMessage\([^[]{1,120},)[\w$]+\.origin,\[/, to: '$1"*",[' },
} as const satisfies Record<string, Change>;
export type Weakness = keyof typeof weaknesses;

export const built = (folder: 'cdn' | 'frame'): string =>
  fileURLToPath(new URL(`../../dist/${folder}/`, import.meta.url));

/** Makes a copy of a built folder with these changes. @throws Error when the code does not look as it did */
export function weakened(folder: 'cdn' | 'frame', names: readonly Weakness[]): string {
  const copy = mkdtempSync(join(tmpdir(), 'weakened-'));
  cpSync(built(folder), copy, { recursive: true });
  const scripts = readdirSync(copy).filter((name) =>
    (folder === 'frame' ? /^frame\.js$/ : /^embedded-frame\..*\.js$/).test(name),
  );
  const [script] = scripts;
  if (!script || scripts.length > 1)
    throw new Error(`Expected one script to weaken in dist/${folder}, found ${scripts.length}.`);
  let code = readFileSync(join(copy, script), 'utf8');
  for (const name of names) {
    const { from, to }: Change = weaknesses[name];
    const found = code.match(new RegExp(from, 'g'))?.length ?? 0;
    if (found !== 1)
      throw new Error(`"${name}": ${script} has ${found} places that look so; mend test/attacks/weaken.ts.`);
    code = code.replace(from, to);
  }
  writeFileSync(join(copy, script), code);
  const hashes = JSON.parse(readFileSync(join(copy, 'integrity.json'), 'utf8')) as Record<string, string>;
  hashes[script] = `sha384-${createHash('sha384').update(code).digest('base64')}`;
  writeFileSync(join(copy, 'integrity.json'), JSON.stringify(hashes));
  return copy;
}
