import { parseAst } from 'rollup/parseAst';

/** Name of the Trusted Types policy that the widget's code makes for itself. */
export const HTML_POLICY = 'okta-elements-widget';

/**
 * The function every text passes that the widget writes as HTML. It is out of reach for the rest of the page, so the
 * page's other sinks stay as closed as its policy has them. Where the policy may not be made, and a text may not be
 * written without, it says what to change, before anything of the widget runs.
 */
const PRELUDE = `function __trustedHtml(html) {
  const self = __trustedHtml;
  if (!('policy' in self)) {
    try {
      self.policy = globalThis.trustedTypes?.createPolicy('${HTML_POLICY}', { createHTML: (text) => text });
    } catch {
      try {
        document.createElement('p').innerHTML = 'x';
        self.policy = undefined;
      } catch (cause) {
        throw Object.assign(new TypeError('Add ${HTML_POLICY} to trusted-types.', { cause }), { name: 'TrustedTypesError' });
      }
    }
  }
  return self.policy && typeof html === 'string' ? self.policy.createHTML(html) : html;
}
__trustedHtml('');
`;

/** Lines that {@link trustSinks} puts before the code; the others stay where they are, for source maps. */
export const PRELUDE_LINES = PRELUDE.split('\n').length - 1;

/** Where a text becomes HTML (Trusted Types, section 4): properties that are set, and methods with the argument meant. */
const PROPERTIES = new Set(['innerHTML', 'outerHTML']);
const METHODS = new Map([
  ['insertAdjacentHTML', 1],
  ['parseFromString', 0],
  ['createContextualFragment', 0],
]);
/** Sinks that the widget does not have. Were one to come with a new release, it would have to be thought about. */
const UNKNOWN = new Set(['srcdoc', 'setHTMLUnsafe']);

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

interface Member extends Node {
  readonly property: Node & { readonly name?: string; readonly value?: unknown };
  readonly computed: boolean;
}

interface Edit {
  readonly at: number;
  readonly remove?: number;
  readonly text: string;
}

/**
 * Lets the widget's code run where only trusted texts may be written as HTML (`require-trusted-types-for 'script'`):
 * each such place gets its text from a policy of the widget's own, which no other script can use. Nothing else of the
 * code changes. A policy that the code would make itself, under a further name, is left out.
 *
 * @param code an ES module
 * @throws Error when the code writes HTML in a way that is not known here
 */
export function trustSinks(code: string): string {
  const edits: Edit[] = [];
  const wrap = ({ start, end }: Node) => edits.push({ at: start, text: '__trustedHtml(' }, { at: end, text: ')' });
  visit(parseAst(code), (node) => {
    if (node.type === 'AssignmentExpression') {
      const { left, right, operator } = node as Node & { left: Node; right: Node; operator: string };
      const name = nameOf(left);
      if (name !== undefined && UNKNOWN.has(name)) throw new Error(`The widget sets ${name}.`);
      if (name === undefined || !PROPERTIES.has(name)) return;
      if (operator !== '=') throw new Error(`The widget sets ${name} with ${operator}.`);
      wrap(right);
    } else if (node.type === 'CallExpression') {
      const { callee, arguments: given } = node as Node & { callee: Node; arguments: Node[] };
      const argument = given[METHODS.get(nameOf(callee) ?? '') ?? -1];
      if (argument) wrap(argument);
    } else if (node.type === 'MemberExpression' && nameOf(node) === 'trustedTypes') {
      edits.push({ at: node.start, remove: node.end - node.start, text: 'undefined' });
    }
  });
  return PRELUDE + edited(code, edits);
}

/** Every node. */
function visit(root: Node, look: (node: Node) => void): void {
  const left: unknown[] = [root];
  while (left.length > 0) {
    const value = left.pop();
    if (Array.isArray(value)) for (const each of value as unknown[]) left.push(each);
    else if (typeof value === 'object' && value !== null) {
      if (typeof (value as Partial<Node>).type === 'string') look(value as Node);
      for (const each of Object.values(value) as unknown[]) left.push(each);
    }
  }
}

/** Name of the property in `object.name` or `object['name']`. */
function nameOf(node: Node): string | undefined {
  if (node.type !== 'MemberExpression') return undefined;
  const { property, computed } = node as Member;
  const name = computed ? property.value : property.name;
  return typeof name === 'string' ? name : undefined;
}

function edited(code: string, edits: readonly Edit[]): string {
  // At the same place, what closes goes before what opens; the sort is stable for the rest.
  const inOrder = edits
    .map((edit, index) => ({ ...edit, index }))
    .sort((a, b) => a.at - b.at || Number(b.text === ')') - Number(a.text === ')') || a.index - b.index);
  const parts: string[] = [];
  let at = 0;
  for (const edit of inOrder) {
    parts.push(code.slice(at, edit.at), edit.text);
    at = edit.at + (edit.remove ?? 0);
  }
  return parts.join('') + code.slice(at);
}
