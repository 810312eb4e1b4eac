/** Tells how high the form is, in CSS pixels, now and whenever that changes. */
export function watchHeight(form: Element, tell: (height: number) => void): void {
  let last = 0;
  new ResizeObserver(() => {
    const height = Math.ceil(form.getBoundingClientRect().height);
    if (height !== last) tell((last = height));
  }).observe(form);
}
