import { readGlobals, takeGlobals, type Globals } from './globals.js';
import { runWidgetScript } from './script.js';
import type { WidgetSource } from './source.js';

/** The widget's code, loaded. */
export interface LoadedWidget {
  /** The class of generation 2 or 3. */
  Widget: unknown;
  /** Globals that it looks for while it is shown, such as the copy of jQuery that generation 2 works with. */
  globals: Globals;
}

/** By what is loaded. A failure is forgotten, so that the next call tries again. */
const loads = new Map<string, Promise<LoadedWidget>>();

/**
 * Loads the widget, once: by default from the chunk of this package that has it. Nothing is loaded before the first
 * call.
 */
export function loadWidget({ generation, script }: WidgetSource, nonce?: string): Promise<LoadedWidget> {
  const key = script ? `${script.url} ${script.integrity}` : String(generation);
  let loading = loads.get(key);
  if (!loading) {
    const before = readGlobals();
    loading = (script ? runWidgetScript(script, nonce) : importWidget(generation)).then(
      (Widget) => ({ Widget, globals: takeGlobals(before) }),
      (error: unknown) => {
        loads.delete(key);
        throw error;
      },
    );
    loads.set(key, loading);
  }
  return loading;
}

async function importWidget(generation: 2 | 3): Promise<unknown> {
  return (await (generation === 3 ? import('../cdn/widget-3.js') : import('@okta/okta-signin-widget/oie'))).default;
}
