/** Has taken the focus over from an element that was hidden, and gives it back when that is shown again. */
let keeper: { readonly holder: HTMLElement; readonly element: Element } | undefined;

const isShown = (element: Element): boolean => element.isConnected && element.checkVisibility();

/** An element and what is around it, across shadow roots, from the inside out. */
function around(element: Element): Element[] {
  const parent = element.assignedSlot ?? element.parentNode;
  const next = parent instanceof ShadowRoot ? parent.host : parent;
  return [element, ...(next instanceof Element ? around(next) : [])];
}

/** What has the focus, in whichever shadow root; undefined when that is the page itself. */
function focused(): Element | undefined {
  let { activeElement } = document;
  while (activeElement?.shadowRoot?.activeElement) ({ activeElement } = activeElement.shadowRoot);
  return activeElement && activeElement !== document.body ? activeElement : undefined;
}

/** Focuses something that usually takes no focus, for as long as it has it. */
function lend(holder: HTMLElement): void {
  if (!holder.hasAttribute('tabindex')) {
    holder.tabIndex = -1;
    holder.addEventListener('blur', () => holder.removeAttribute('tabindex'), { once: true });
  }
  holder.focus({ preventScroll: true });
}

/**
 * Sees to it that the focus is not lost with what a guard has just hidden: it goes to the guard, or to what is around it
 * where the guard has no box, and from there Tab leads to what is shown instead. When what had the focus is shown again,
 * and nobody has moved it meanwhile, it goes back there.
 * @param before what had the focus in the guard before it changed
 */
export function keepFocus(guard: Element, before: Element | null | false): void {
  const now = focused();
  if (keeper && now === keeper.holder && isShown(keeper.element)) {
    (keeper.element as HTMLElement).focus({ preventScroll: true });
    keeper = undefined;
  }
  // The user has gone elsewhere already.
  if (!before || (now && isShown(now))) return;
  const holder = around(guard).find(isShown);
  if (!(holder instanceof HTMLElement) || holder === document.body) return;
  lend(holder);
  keeper = { holder, element: before };
}
