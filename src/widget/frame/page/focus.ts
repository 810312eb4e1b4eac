/** Milliseconds for which the focus may be taken when nothing wants it yet. */
const WAIT = 1000;

/**
 * The widget focuses the first field of every form. From a frame that would take the focus away from whatever the user
 * is at on the page around it. So it only counts while the focus is in the frame.
 * @returns to be called when nothing else has the focus: what last wanted it, or wants it shortly, has it after all
 */
export function keepFocusOut(): () => void {
  const { focus } = HTMLElement.prototype;
  const turn: { wanted?: HTMLElement; until: number } = { until: 0 };
  HTMLElement.prototype.focus = function (this: HTMLElement, options?: FocusOptions) {
    if (document.hasFocus() || performance.now() < turn.until) focus.call(this, options);
    else turn.wanted = this;
  };
  return () => {
    if (document.hasFocus()) return;
    if (turn.wanted?.isConnected) focus.call(turn.wanted);
    else turn.until = performance.now() + WAIT;
  };
}
