import type { OktaElementsError } from '../errors.js';

/** Properties, each with a pattern for the values that need no further look. */
export type Patterns = Readonly<Record<string, string>>;

/** Whether each property has a value of its pattern. Null, of a removed attribute, and undefined mean the default. */
export function isUnderstood(host: object, patterns: Patterns): boolean {
  return Object.entries(patterns).every(([name, pattern]) => {
    const value = (host as Record<string, unknown>)[name] ?? undefined;
    const entries = [value].flat();
    return (
      value === undefined ||
      (entries.length && entries.every((one) => new RegExp(`^(${pattern})$`).test(one as string)))
    );
  });
}

/** Finds the property that has none of its values. Does nothing when the code for that cannot be loaded. */
export function reportChoice(host: Element, report: (error: OktaElementsError) => void): void {
  import('./choices.js')
    .then(({ findWrongChoice }) => findWrongChoice(host))
    .then((error) => error && report(error))
    .catch(() => {});
}
