/** The language that an element is in (HTML Standard, "The lang and xml:lang attributes"), also out of shadow trees. */
export function languageAt(element: Element): string | undefined {
  for (let at: Element | undefined = element; at; at = parentOf(at)) {
    const language = at.getAttribute('lang')?.trim();
    if (language) return language;
  }
  return undefined;
}

/**
 * Calls `listener` when `lang` or `dir` changes on the element or anywhere around it.
 * @returns what ends that
 */
export function watchLanguage(element: Element, listener: () => void): () => void {
  const observer = new MutationObserver((changes) => {
    if (changes.some(({ target }) => isAround(element, target as Element))) listener();
  });
  for (let at: Element | undefined = element; at; at = hostOf(at)) {
    observer.observe(at.getRootNode(), { subtree: true, attributes: true, attributeFilter: ['lang', 'dir'] });
  }
  return () => observer.disconnect();
}

function isAround(element: Element, other: Element): boolean {
  for (let at: Element | undefined = element; at; at = parentOf(at)) if (at === other) return true;
  return false;
}

function parentOf(element: Element): Element | undefined {
  return element.parentElement ?? hostOf(element);
}

function hostOf(element: Element): Element | undefined {
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? root.host : undefined;
}
