/** Properties of the page that the form in the frame takes over, and the CSS property whose values they have. */
const PROPERTIES: Readonly<Record<string, string>> = {
  '--okta-color-primary': 'color',
  '--okta-color-on-primary': 'color',
  '--okta-color-surface': 'color',
  '--okta-color-text': 'color',
  '--okta-color-border': 'color',
  '--okta-color-danger': 'color',
  '--okta-color-focus': 'color',
  '--okta-font-family': 'font-family',
  '--okta-font-size': 'font-size',
  '--okta-radius': 'border-radius',
  '--okta-space': 'width',
  '--okta-max-width': 'max-width',
  'color-scheme': 'color-scheme',
};

/** How the page looks where the form is to be. */
export function looksAt(element: Element): Record<string, string> {
  const style = getComputedStyle(element);
  const values = Object.keys(PROPERTIES).map((name) => [name, style.getPropertyValue(name).trim()] as const);
  return Object.fromEntries(values.filter(([, value]) => value));
}

/** Has a document look like that. What is no such value, or would load something, is left out. */
export function applyLooks(looks: Readonly<Record<string, string>>, { style }: HTMLElement): void {
  for (const [name, property] of Object.entries(PROPERTIES)) {
    const value = Object.hasOwn(looks, name) ? looks[name]! : '';
    const harmless = value.length < 300 && !/url\(|image|var\(|attr\(|[{};\\]/i.test(value);
    if (harmless && CSS.supports(property, value)) style.setProperty(name, value);
    else style.removeProperty(name);
  }
}
