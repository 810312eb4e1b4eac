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

interface Loading {
  readonly widget: Promise<LoadedWidget>;
  readonly end: AbortController;
}

/** By what is loaded. A failure is forgotten, so that the next call tries again. */
const loads = new Map<string, Loading>();

/**
 * Loads the widget, once: by default from the chunk of this package that has it. Nothing is loaded before the first
 * call.
 */
export function loadWidget(source: WidgetSource, nonce?: string): Promise<LoadedWidget> {
  const { generation, script } = source;
  const key = keyOf(source);
  const known = loads.get(key);
  if (known) return known.widget;
  const end = new AbortController();
  const run = () => (script ? runWidgetScript(script, nonce, end.signal) : importWidget(generation));
  const loading = { widget: load(generation, run), end };
  loads.set(key, loading);
  loading.widget.catch(() => forget(key, loading));
  return loading.widget;
}

/** Gives up a load that neither ends nor fails. The next call asks anew. */
export function giveUpWidget(source: WidgetSource): void {
  const key = keyOf(source);
  const loading = loads.get(key);
  loading?.end.abort();
  forget(key, loading);
}

function forget(key: string, loading: Loading | undefined): void {
  if (loads.get(key) === loading) loads.delete(key);
}

/** A script may be said to be of the other generation the next time. */
function keyOf({ generation, script }: WidgetSource): string {
  return [generation, script?.url, script?.integrity].join(' ');
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
