import { showGeneration2 } from './generation-2.js';
import { readGlobals, takeGlobals, type Globals } from './globals.js';
import type { WidgetConfig } from './options.js';
import { runWidgetScript } from './script.js';
import type { WidgetGeneration, WidgetSource } from './source.js';
import type { Stage, WidgetAnswer } from './stage.js';

/** How a generation is shown. */
export type ShowWidget = (
  widget: LoadedWidget,
  config: WidgetConfig,
  stage: Stage,
  assetBase: string,
) => Promise<WidgetAnswer>;

/** The widget's code, loaded. */
export interface LoadedWidget {
  /** The class of generation 2 or 3. */
  Widget: unknown;
  /** Globals that it looks for while it is shown, such as the copy of jQuery that generation 2 works with. */
  globals: Globals;
  /** Shows what `Widget` is said to be. */
  show: ShowWidget;
}

/** By what is loaded. A failure is forgotten, so that the next call tries again. */
const loads = new Map<string, Promise<LoadedWidget>>();

/**
 * Loads the widget, once: by default from the chunk of this package that has it. Nothing is loaded before the first
 * call.
 */
export function loadWidget({ generation, script }: WidgetSource, nonce?: string): Promise<LoadedWidget> {
  // A script may be said to be of the other generation the next time.
  const key = [generation, script?.url, script?.integrity].join(' ');
  let loading = loads.get(key);
  if (!loading) {
    loading = load(generation, () => (script ? runWidgetScript(script, nonce) : importWidget(generation))).catch(
      (error: unknown) => {
        loads.delete(key);
        throw error;
      },
    );
    loads.set(key, loading);
  }
  return loading;
}

/** Takes the widget's globals away as soon as it has run, whatever else is still on its way. */
async function load(generation: WidgetGeneration, run: () => Promise<unknown>): Promise<LoadedWidget> {
  const before = readGlobals();
  const loading = run().then((Widget) => ({ Widget, globals: takeGlobals(before) }));
  const [widget, show] = await Promise.all([loading, showerOf(generation)]);
  return { ...widget, show };
}

/** Generation 3 takes more, which is not loaded for generation 2. */
async function showerOf(generation: WidgetGeneration): Promise<ShowWidget> {
  return generation === 3 ? (await import('./generation-3.js')).showGeneration3 : showGeneration2;
}

async function importWidget(generation: 2 | 3): Promise<unknown> {
  return (await (generation === 3 ? import('../cdn/widget-3.js') : import('@okta/okta-signin-widget/oie'))).default;
}
