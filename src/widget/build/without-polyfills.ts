import { parseAst } from 'rollup/parseAst';

/** What webpack makes of a script: functions by number, in one object. */
interface Module {
  readonly id: string;
  readonly text: string;
}

/** Puts an `Intl` of its own in place of the browser's, where that lacks something. */
const REPLACES = /\bshouldPolyfill\)\(\)&&/;
/** Brings what such an `Intl` needs to know: languages, and the clock changes of every time zone since 1900. */
const INFORMS = /^function\(\)\{[^{]*\bIntl\.\w+\.__add\w+Data\(/;

/**
 * Takes out of generation 3 what only browsers need that are older than those this package is for: nearly half of the
 * script, and a fifth of what is sent. Okta leaves it in, also in the build that has `no-polyfill` in its name. Every
 * browser with `light-dark()` has the `Intl` that is looked for, so none of it would run.
 *
 * @param code of the widget, as webpack bundled it
 * @throws Error when it is not in there: then it is to be seen what has taken its place
 */
export function withoutPolyfills(code: string): string {
  const { modules, start, end } = modulesOf(code);
  const polyfills = new Set(modules.filter(({ text }) => REPLACES.test(text) || INFORMS.test(text)));
  if (polyfills.size < 7) throw new Error(`The widget has ${polyfills.size} polyfills; it had more.`);

  const byId = new Map(modules.map((module) => [module.id, module]));
  const needed = new Set<Module>();
  // Any number that is a module's counts as its name: too much is kept rather than too little.
  const need = (text: string) => {
    for (const [id] of text.matchAll(/\b\d{2,}\b/g)) {
      const module = byId.get(id);
      if (!module || needed.has(module)) continue;
      needed.add(module);
      if (!polyfills.has(module)) need(module.text);
    }
  };
  const [before, after] = [code.slice(0, start), code.slice(end)];
  need(before);
  need(after);
  const kept = [...needed].map((module) => `${module.id}:${polyfills.has(module) ? 'function(){}' : module.text}`);
  return `${before}{${kept.join(',')}}${after}`;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

interface ObjectExpression extends Node {
  readonly properties: readonly (Node & { readonly key: Node & { readonly value?: unknown }; readonly value: Node })[];
}

/** Webpack's modules, and where in the script the object is that has them. */
function modulesOf(code: string): { modules: Module[]; start: number; end: number } {
  const found = modulesBelow(parseAst(code));
  if (!found) throw new Error('The widget is not made of webpack’s modules, as it was.');
  const modules = found.properties.map(({ key, value }) => ({
    id: String(key.value),
    text: code.slice(value.start, value.end),
  }));
  return { modules, start: found.start, end: found.end };
}

/** The outermost object of a hundred functions or more, all with a number for a name. */
function modulesBelow(node: unknown): ObjectExpression | undefined {
  if (typeof node !== 'object' || node === null) return undefined;
  const { type, properties } = node as Partial<ObjectExpression>;
  const isModules =
    type === 'ObjectExpression' &&
    properties!.length >= 100 &&
    properties!.every(({ key, value }) => /^\d+$/.test(String(key?.value)) && value.type.includes('Function'));
  if (isModules) return node as ObjectExpression;
  for (const child of Object.values(node)) {
    const found = modulesBelow(child);
    if (found) return found;
  }
  return undefined;
}
