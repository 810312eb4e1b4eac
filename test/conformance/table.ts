import type { Expected, Module, OtherModule } from './modules.js';
import type { Observation } from './observe.js';

/** One module, and what the two pages made of it. */
export interface Row {
  readonly module: Module;
  /** What is wrong with ours; empty when it passed. */
  readonly problems: readonly string[];
  readonly ours: Observation;
  readonly theirs: Observation;
}

const hasUser = ({ answer }: Observation) => answer.startsWith('{');
const hasRenewed = ({ answer }: Observation) => /renewed|200/.test(answer);

/** It sent the user to sign in though the discovery document was reason enough to stop. */
const wentAhead = ({ lies }: Module, { provider }: Observation) =>
  lies?.discovery !== undefined && provider.requests.includes('authorize');

/** What a page made of a module, in a few words. */
export function describe(module: Module, seen: Observation): string {
  const { steps, expected } = module;
  const { signedIn, error, answer, keepsToken, stranded } = seen;
  if (!signedIn) {
    if (error) return `refused${wentAhead(module, seen) ? ' after the sign-in' : ''}: ${short(error)}`;
    const kept = keepsToken ? ', with tokens left in the storage' : '';
    return (stranded ? 'left at an address that is not there' : answer ? 'session ended' : 'not signed in') + kept;
  }
  if (steps === 'signs in and renews') return hasRenewed(seen) ? 'signed in, renewed' : `signed in; ${short(answer)}`;
  if (!hasUser(seen)) return `signed in; userinfo refused: ${short(answer)}`;
  return expected.is === 'signed in, userinfo refused' ? 'signed in; userinfo taken' : 'signed in';
}

/** Whether a page did what the module itself asks for; ours has to do more, as `judge` says. */
export function complies(module: Module, seen: Observation): boolean {
  const { expected, steps, optional } = module;
  const fully = seen.signedIn && (steps === 'signs in and renews' ? hasRenewed(seen) : hasUser(seen));
  switch (expected.is) {
    case 'refused':
    case 'session ended':
      return (!seen.signedIn && !wentAhead(module, seen)) || (optional === true && fully);
    case 'signed in, userinfo refused':
      return seen.signedIn && !hasUser(seen);
    case 'signed in':
      return fully;
  }
}

/** An error in the words that matter: its code and the check that refused, or its beginning. */
function short(error: string): string {
  const [, code, by] = /^(\w+): .*\((\w+)\): /.exec(error) ?? [];
  if (code) return `${code}, ${by}`;
  const text = error.replace(/http:\/\/127[^\]\s]*?provider-\d+/g, 'issuer').replace(/\s+/g, ' ');
  return text.length > 90 ? `${text.slice(0, 90).replace(/ \S*$/, '')} …` : text;
}

const plans: Readonly<Record<Expected['is'], string>> = {
  'signed in': 'sign in',
  refused: 'refuse',
  'signed in, userinfo refused': 'refuse the claims',
  'session ended': 'refuse, and end the session',
};

/** The table for a terminal: one module a paragraph. */
export function printRow({ module, problems, ours, theirs }: Row): string {
  return [
    `${problems.length === 0 ? '✔' : '✖'} ${module.name} (${module.plan})`,
    `    the provider ${module.provider}; the client has to ${module.optional ? 'sign in, or to ' : ''}${plans[module.expected.is]}`,
    `    okta-elements: ${describe(module, ours)}`,
    ...problems.map((problem) => `      ${problem}`),
    `    auth-js: ${describe(module, theirs)}${complies(module, theirs) ? '' : '  <- not what the module asks for'}`,
  ].join('\n');
}

/** The table for the documentation. */
export function markdown(rows: readonly Row[], others: readonly OtherModule[], authJsVersion: string): string {
  const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
  const mark = (passed: boolean) => (passed ? '✔' : '✖');
  return [
    `| module | the provider | okta-elements | auth-js ${authJsVersion} by itself |`,
    '| --- | --- | --- | --- |',
    ...rows.map(({ module, problems, ours, theirs }) =>
      [
        `| \`${module.name}\` (${module.plan})`,
        module.provider,
        `${mark(problems.length === 0)} ${cell(describe(module, ours))}`,
        `${mark(complies(module, theirs))} ${cell(describe(module, theirs))} |`,
      ].join(' | '),
    ),
    '',
    '| module that does not apply | why |',
    '| --- | --- |',
    ...others.map(({ name, plan, reason }) => `| \`${name}\` (${plan}) | ${reason} |`),
  ].join('\n');
}
