/** Marks what this package has put into light DOM. */
const MARK = 'data-okta-stamped';
/** What each of those comes from. Any that is not here is a leftover: of a saved page, or of a clone. */
const sources = new WeakMap<Element, Element>();

/**
 * Wraps what is in a slot for a while. The wrapper has no box of its own.
 * @param source what it comes from, if that is not the wrapper itself
 */
export function wrap(content: Node, slot: string, source?: Element): HTMLElement {
  const wrapper = document.createElement('div');
  wrapper.setAttribute(MARK, '');
  if (slot) wrapper.slot = slot;
  wrapper.append(content);
  sources.set(wrapper, source ?? wrapper);
  return wrapper;
}

/**
 * Stamps the `<template>` children of an element for one slot (empty for the default one) into its light DOM, where the
 * page's styles reach them, and removes what is there for any other. What is not stamped is not in the document: not
 * rendered, loaded or found. What is stamped already stays as it is.
 */
export function stamp(host: Element, slot?: string): void {
  const children = [...host.children];
  const stamped = new Set<Element>();
  for (const child of children) {
    if (!child.hasAttribute(MARK)) continue;
    const source = sources.get(child);
    if (source && source.slot === slot && source.parentNode === host) stamped.add(source);
    else child.remove();
  }
  for (const child of children) {
    if (!(child instanceof HTMLTemplateElement) || child.slot !== slot || stamped.has(child)) continue;
    const content = document.importNode(child.content, true);
    // Filters of HTML leave templates alone, and a template must not configure the page.
    for (const script of content.querySelectorAll('[data-okta-config]')) script.remove();
    child.after(wrap(content, slot, child));
  }
}
