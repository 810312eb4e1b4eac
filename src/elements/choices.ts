import { OktaElementsError } from '../errors.js';
import { attributeOf } from './properties.js';

/** Properties with a fixed list of values, by tag. Each tag also has these as a pattern, to know them without this file. */
const CHOICES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'okta-guard': {
    when: 'signed-in signed-out',
    match: 'any all',
    unauthenticated: 'show redirect',
    stepUp: 'prompt redirect off',
  },
  'okta-signin': {
    mode: 'hosted embedded',
    display: 'redirect popup',
    theme: 'auto light dark',
    flow: 'login signup resetPassword unlockAccount',
    isolation: 'page shadow frame',
  },
  'okta-signout': { scope: 'global app local' },
};

/**
 * Describes the first property of an element that has none of its values. A removed attribute is null and means the
 * default. Loaded when there is such a property.
 */
export function findWrongChoice(host: Element): OktaElementsError | undefined {
  const tag = host.localName;
  for (const [name, values] of Object.entries(CHOICES[tag] ?? {})) {
    const value = (host as unknown as Record<string, unknown>)[name];
    if (value === undefined || value === null || values.split(' ').includes(value as string)) continue;
    return new OktaElementsError(
      tag === 'okta-guard' ? 'guard_invalid' : 'config_invalid',
      `<${tag} ${attributeOf(name)}="${value as string}">: set it to one of "${values.replaceAll(' ', '", "')}", or remove it.`,
    );
  }
  return undefined;
}
