import { takeJQuery, type WidgetConstructor } from './generation-2.js';

/** The widget's code, loaded. */
export interface LoadedWidget {
  Widget: WidgetConstructor;
  /** The copy of jQuery that generation 2 works with. */
  jQuery: unknown;
}

let loading: Promise<LoadedWidget> | undefined;

/**
 * Loads generation 2 of the widget from npm, in a chunk of its own, once. Nothing is loaded before the first call. A
 * failure is forgotten, so that the next call tries again.
 */
export function loadWidget(): Promise<LoadedWidget> {
  loading ??= importWidget().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function importWidget(): Promise<LoadedWidget> {
  const { default: Widget } = await import('@okta/okta-signin-widget/oie');
  return { Widget: Widget as unknown as WidgetConstructor, jQuery: takeJQuery() };
}
