import type { OktaElementsError } from '../errors.js';

/** Properties, each with a pattern for the values that need no further look. */
export type Patterns = Readonly<Record<string, string>>;

/** Whether each property has a value of its pattern. Null, of a removed attribute, and undefined mean the default. */
export function isUnderstood(host: object, patterns: Patterns): boolean {
  return Object.entries(patterns).every(([name, pattern]) => {
    const value = (host as Record<string, unknown>)[name] ?? undefined;
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return value === undefined || new RegExp(`^(${pattern})$`).test(text);
  });
}

/** Reports a property with a fixed list of values that has none of them. Never rejects. */
export function reportChoice(host: Element): Promise<OktaElementsError | undefined> {
  return import('./choices.js').then(
    ({ findWrongChoice }) => findWrongChoice(host),
    () => undefined,
  );
}
