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
  /** Names of the script it may be in. Default: the one with the conversation between page and frame. */
  readonly script?: RegExp;
}

const EAGER = /^okta-elements\.js$/;

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
  /** `<okta-config>` with a setting that extends trust is not rejected. */
  'markup may extend trust': { script: EAGER, from: /\["allowed-origins","frame-src",[^\]]*\]/, to: '[]' },
  /** Its attributes set these, too. */
  'markup extends trust': {
    script: EAGER,
    from: /\.elementProperties\.keys\(\),"nonce"\]\.map\(([\w$]+)=>\[\1,this\[\1\]\]\)/,
    to: '.elementProperties.keys(),"nonce","allowedOrigins","widgetSrc","widgetCss","frameSrc"].map(n=>[n,this[n]??this.getAttribute(n.replace(/[A-Z]/g,"-$$&").toLowerCase())])',
  },
  /** Tags configure a page that a script configures. */
  'no seal': { script: EAGER, from: /([\w$]+)\.isSealed\|\|\(\1\.isSealed=!0,[\w$]+\(\)\)/, to: '0' },
  /** Two configurations are never in conflict. */
  'no conflict': {
    script: EAGER,
    from: /=[\w$]+\.find\(\(\[,([\w$]+)\]\)=>[\w$]+\([\w$]+,\1\)\)/,
    to: '=!1',
  },
  /** Of two configurations of a name, the last one counts. */
  'the last one counts': {
    script: EAGER,
    from: /if\([\w$]+\.has\([\w$]+\)\)\{[^}]{1,40};continue\}(const [\w$]+=[\w$]+\.find\(|const [\w$]+=!1)/,
    to: '$1',
  },
  /** A second tag changes the settings of the first. */
  'any tag changes settings': {
    script: EAGER,
    from: /&&![\w$]+\(\)\.includes\([\w$]+\)(&&\(Object\.assign\([\w$]+\.config)/,
    to: '$1',
  },
  /** Markup can hide the scripts of the document. */
  'the document as markup names it': {
    script: EAGER,
    from: /[\w$]+\("querySelectorAll"\)\.call\(document,("[^"]*"|[\w$]+)\)/,
    to: '[...document.scripts].filter(n=>n.matches("[data-okta-config]"))',
  },
  /** The script of a template that was stamped configures the page. */
  'stamped scripts configure': {
    script: EAGER,
    from: /for\(const (\w+) of \w+\.querySelectorAll\("\[data-okta-config\]"\)\)\1\.remove\(\);/,
    to: '',
  },
  /** The user may be sent anywhere after sign-in. */
  'no look at return-to': {
    script: /^verbs\./,
    from: /function ([\w$]+)\(([\w$]+),([\w$]+)\)\{const\{origin:[\w$]+\}=new URL\(\3\),.{1,200}?\.hash\}`\}/,
    to: 'function $1($2){return $2}',
  },
  /** Addresses of the configuration are relative to `<base>`. */
  'addresses by base': {
    script: EAGER,
    from: /(popup-timeout.{1,80}?\}\)\([\w$]+,)(?:[\w$]+\(\)\.)?location\.href\)/,
    to: '$1document.baseURI)',
  },
  /** So is the address of the settings file. */
  'settings file by base': {
    script: /^settings-file\./,
    from: /new URL\(([\w$]+),location\.href\)/,
    to: 'new URL($1,document.baseURI)',
  },
  /** The access token goes to any origin. */
  'no look at the origin of a request': {
    script: /^fetch\./,
    from: /if\([\w$]+\.origin!==[\w$]+\.location\.origin&&/,
    to: 'if(!1&&',
  },
  /** A fragment is inserted as it comes. */
  'no sanitizer': {
    script: /^guard-fragment\./,
    from: /[\w$]+\(window\)\.sanitize\(([\w$]+),\{[^}]*\}\)/,
    to: 'document.createRange().createContextualFragment($1)',
  },
  /** Forms of a fragment may post anywhere. */
  'no look at forms': {
    script: /^guard-fragment\./,
    from: /\.querySelectorAll\("\[action\]"\)/,
    to: '.querySelectorAll("none")',
  },
  /** An authorization response counts anywhere. */
  'no look at the redirect URI': {
    script: /^(verbs|transaction|callback)\./,
    from: /(foreignAddress\([\w$]+,\{[^}]*\}\)\{return)/,
    to: '$1!1&&',
  },
} as const satisfies Record<string, Change>;
export type Weakness = keyof typeof weaknesses;

export const built = (folder: 'cdn' | 'frame'): string =>
  fileURLToPath(new URL(`../../dist/${folder}/`, import.meta.url));

/** Makes a copy of a built folder with these changes. @throws Error when the code does not look as it did */
export function weakened(folder: 'cdn' | 'frame', names: readonly Weakness[]): string {
  const copy = mkdtempSync(join(tmpdir(), 'weakened-'));
  cpSync(built(folder), copy, { recursive: true, filter: (path) => !path.endsWith('.map') });
  const hashes = JSON.parse(readFileSync(join(copy, 'integrity.json'), 'utf8')) as Record<string, string>;
  for (const name of names) {
    const { from, to, script }: Change = weaknesses[name];
    const scripts = folder === 'frame' ? /^frame\.js$/ : (script ?? /^embedded-frame\./);
    const found = readdirSync(copy)
      .filter((file) => file.endsWith('.js') && scripts.test(file))
      .map((file) => ({ file, code: readFileSync(join(copy, file), 'utf8') }))
      .flatMap(({ file, code }) => (code.match(new RegExp(from, 'g')) ?? []).map(() => ({ file, code })));
    const [place] = found;
    if (!place || found.length > 1)
      throw new Error(
        `"${name}": dist/${folder} has ${found.length} places that look so; mend test/attacks/weaken.ts.`,
      );
    const weaker = place.code.replace(from, to);
    writeFileSync(join(copy, place.file), weaker);
    hashes[place.file] = `sha384-${createHash('sha384').update(weaker).digest('base64')}`;
  }
  writeFileSync(join(copy, 'integrity.json'), JSON.stringify(hashes));
  return copy;
}
