/**
 * Stamps the `<template>` children of an element, one slot at a time, into its light DOM, where the page's styles
 * reach them, and removes them again. What is not stamped is not in the document: not rendered, loaded or found.
 */
export class Templates {
  readonly #host: HTMLElement;
  #slot: string | undefined;
  #stamped: HTMLElement[] = [];

  constructor(host: HTMLElement) {
    this.#host = host;
  }

  /** Shows the templates of one slot (empty for the default one) in place of those shown before. */
  show(slot: string): void {
    if (slot === this.#slot) return;
    this.clear();
    this.#slot = slot;
    for (const template of this.#host.querySelectorAll<HTMLTemplateElement>(':scope > template')) {
      if (template.slot !== slot) continue;
      const stamp = document.createElement('div');
      stamp.dataset.oktaStamped = '';
      if (slot) stamp.slot = slot;
      stamp.append(document.importNode(template.content, true));
      template.after(stamp);
      this.#stamped.push(stamp);
    }
  }

  clear(): void {
    for (const stamp of this.#stamped) stamp.remove();
    this.#stamped = [];
    this.#slot = undefined;
  }
}
