/** What our shadow roots are made of. A list: among all tags are our own elements, whose types would depend on themselves. */
type Tag = 'button' | 'div' | 'p' | 'slot' | 'span';

/** Makes an element of a shadow root: its attributes, then what is in it. Nothing is parsed, so no policy is needed. */
export function make<K extends Tag>(
  tag: K,
  attributes: Readonly<Record<string, string>> = {},
  ...content: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...content);
  return element;
}

/** Has a node show these, in this order, and nothing else. What stays is not touched, so it keeps the focus. */
export function arrange(parent: Node & ParentNode, ...content: (ChildNode | false | undefined)[]): void {
  const wanted = content.filter((node) => node instanceof Node);
  for (const node of [...parent.childNodes]) if (!wanted.includes(node)) node.remove();
  wanted.forEach((node, index) => {
    const { [index]: there = null } = parent.childNodes;
    if (there !== node) parent.insertBefore(node, there);
  });
}
