import type { PropertyDeclaration, PropertyDeclarations } from '@lit/reactive-element';

/** Properties that are text, each with an attribute of the same name in kebab-case. */
export function texts(...names: string[]): PropertyDeclarations {
  return Object.fromEntries(names.map((name) => [name, { attribute: name.replace(/[A-Z]/g, '-$&').toLowerCase() }]));
}

/**
 * A property that an element computes, reflected for CSS. To write to it, or to its attribute, changes nothing: what
 * renders a page anew may take the attribute away, and it comes back.
 */
export const output: PropertyDeclaration = { reflect: true, hasChanged: () => true };
