/**
 * What an object says itself, and nothing that a script of the page has put on `Object.prototype`: that must not become
 * a setting by being left out here.
 */
export function own<T extends object>(said: T): T {
  return Object.assign(Object.create(null), said) as T;
}
