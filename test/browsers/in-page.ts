/* Functions that run in a page. They see each other and nothing else of this file. */

/** The first visible element that matches. `host >>> inner` looks for `inner` in the shadow root of `host`. */
export function findVisible(selector: string): Element | undefined {
  const [outer = '', inner] = selector.split(' >>> ');
  const all = [...document.querySelectorAll(outer)];
  const candidates = inner ? all.flatMap(({ shadowRoot }) => [...(shadowRoot?.querySelectorAll(inner) ?? [])]) : all;
  return candidates.find((element) => element.checkVisibility({ visibilityProperty: true }));
}

/** The text of an element as it is shown: that of shadow roots in place of that of their hosts. */
export function textOf(node: Node): string {
  if (node instanceof HTMLStyleElement || node instanceof HTMLScriptElement) return '';
  if (node instanceof HTMLSlotElement && node.assignedNodes().length > 0) {
    return node.assignedNodes().map(textOf).join('');
  }
  if (node.nodeType === Node.TEXT_NODE) return node.textContent ?? '';
  return [...((node as Element).shadowRoot ?? node).childNodes].map(textOf).join('');
}

/** Source of an expression that calls a function with arguments that are JSON. */
export function call<A extends unknown[]>(fn: (...args: A) => unknown, ...args: A): string {
  const declarations = [findVisible, textOf].map(String).join('\n');
  // tsx has functions call __name to keep their names, also those that run in a page.
  return `(() => {
    const __name = (value) => value;
    ${declarations}
    return (${fn.toString()})(...${JSON.stringify(args)});
  })()`;
}
