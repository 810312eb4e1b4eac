import type { PropertyDeclaration, PropertyDeclarations } from '@lit/reactive-element';

/** Name of the attribute of a property. */
export function attributeOf(property: string): string {
  return property.replace(/[A-Z]/g, '-$&').toLowerCase();
}

/** Properties that are text, each with an attribute of the same name in kebab-case. */
export function texts(...names: string[]): PropertyDeclarations {
  return Object.fromEntries(names.map((name) => [name, { attribute: attributeOf(name) }]));
}

/**
 * A property that an element computes, reflected for CSS. To write to it, or to its attribute, changes nothing: what
 * renders a page anew may take the attribute away, and it comes back.
 */
export const output: PropertyDeclaration = { reflect: true, hasChanged: () => true };
