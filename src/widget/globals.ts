/** What the widget's code leaves in the global scope when it is loaded, and looks for there when it runs. */
const NAMES = ['jQueryCourage', 'SelectParser', 'AbstractChosen', 'Chosen', 'regeneratorRuntime'] as const;

export type Globals = Partial<Record<(typeof NAMES)[number], unknown>>;

/** What is there under the names that the widget uses. */
export function readGlobals(): Globals {
  const global = globalThis as Globals;
  return Object.fromEntries(NAMES.filter((name) => name in global).map((name) => [name, global[name]]));
}

/**
 * Puts back what was there before the widget was loaded.
 * @returns what the widget brought
 */
export function takeGlobals(before: Globals): Globals {
  const brought = Object.entries(readGlobals()).filter(([name, value]) => value !== before[name as keyof Globals]);
  writeGlobals(before);
  return Object.fromEntries(brought);
}

/**
 * Gives the widget its globals while it is shown.
 * @returns what takes them away again
 */
export function lendGlobals(brought: Globals): () => void {
  const before = readGlobals();
  writeGlobals({ ...before, ...brought });
  return () => writeGlobals(before);
}

function writeGlobals(values: Globals): void {
  const global = globalThis as Globals;
  for (const name of NAMES) {
    if (name in values) global[name] = values[name];
    else delete global[name];
  }
}
