/**
 * Tells when the page may look otherwise at an element: an attribute changed on it or on what is around it, such as a
 * class that switches the theme, or the user prefers another colour scheme now.
 */
export function watchPage(element: Element, signal: AbortSignal, changed: () => void): void {
  const observer = new MutationObserver(changed);
  for (let at: Element | null = element; at; at = around(at)) observer.observe(at, { attributes: true });
  signal.addEventListener('abort', () => observer.disconnect());
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', changed, { signal });
}

/** What an element is in, out of shadow trees too. */
function around(element: Element): Element | null {
  return element.assignedSlot ?? element.parentElement ?? (element.getRootNode() as Partial<ShadowRoot>).host ?? null;
}
