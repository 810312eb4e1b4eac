/**
 * The copy of jQuery that generation 2 works with, which the widget leaves in a global when its code is loaded. Takes
 * the global away again.
 */
export function takeJQuery(): unknown {
  const global = globalThis as { jQueryCourage?: unknown };
  const jQuery = global.jQueryCourage;
  delete global.jQueryCourage;
  return jQuery;
}
