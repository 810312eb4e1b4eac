import type { OktaElementsError } from './errors.js';
import { explain } from './explain.js';

/** Elements that start a sign-in, or load content, and show why it failed. */
const STARTERS = /^okta-(signin|guard)$/;

/** Which element started what failed. */
const starters = new WeakMap<OktaElementsError, Element>();
/** Which line on the page shows an error. */
const lines = new WeakMap<OktaElementsError, HTMLElement>();

/** Remembers the element that reports an error as the one that shows it. */
export function noteStarter(error: OktaElementsError, where: object): void {
  if (STARTERS.test((where as Element).localName)) starters.set(error, where as Element);
}

/** The element in whose shadow root a line is; undefined for a line that is not in the page. */
function hostOf(line: HTMLElement | undefined): Element | undefined {
  return line && (line.getRootNode() as Partial<ShadowRoot>).host;
}

/**
 * An error is shown once on a page: by the element that started what failed, else by the first visible one.
 * @returns whether this line is to show it
 */
export function claim(line: HTMLElement, host: Element, error: OktaElementsError): boolean {
  const starter = starters.get(error);
  const before = lines.get(error);
  const isTaken = starter?.isConnected
    ? starter !== host
    : before !== line && hostOf(before)?.checkVisibility() === true;
  if (isTaken) {
    line.textContent = '';
    return false;
  }
  if (before && before !== line) before.textContent = '';
  lines.set(error, line);
  return true;
}

/** Shows the sentence for visitors in a line of an element. */
export async function show(line: HTMLElement, host: Element, error: OktaElementsError): Promise<void> {
  if (!claim(line, host, error)) return;
  await explain(error, host, undefined, false);
  // Another element may have claimed it meanwhile.
  if (lines.get(error) !== line || !claim(line, host, error) || line.textContent === error.userMessage) return;
  line.lang = error.userMessageLanguage;
  line.textContent = error.userMessage;
}
