import type { OktaElementsError } from './errors.js';
import { explain } from './explain.js';

/** Elements that start a sign-in, or load content, and show why it failed. */
const STARTERS = /^okta-(signin|guard)$/;

/** Which element started what failed. */
const starters = new WeakMap<OktaElementsError, Element>();
/** Which line of which element shows an error. */
const shown = new WeakMap<OktaElementsError, { readonly line: HTMLElement; readonly host: Element }>();

/** Remembers the element that reports an error as the one that shows it. */
export function noteStarter(error: OktaElementsError, where: object): void {
  if (STARTERS.test((where as Element).localName)) starters.set(error, where as Element);
}

/**
 * An error is shown once on a page: by the element that started what failed, else by the first visible one.
 * @returns whether this line is to show it
 */
export function claim(line: HTMLElement, host: Element, error: OktaElementsError): boolean {
  const starter = starters.get(error);
  const before = shown.get(error);
  const isTaken = starter?.isConnected
    ? starter !== host
    : before && before.line !== line && before.host.checkVisibility();
  if (isTaken) {
    line.textContent = '';
    return false;
  }
  if (before && before.line !== line) before.line.textContent = '';
  shown.set(error, { line, host });
  return true;
}

/** Shows the sentence for visitors in a line of an element. */
export async function show(line: HTMLElement, host: Element, error: OktaElementsError): Promise<void> {
  if (!claim(line, host, error)) return;
  await explain(error, host, undefined, false);
  // Another element may have claimed it meanwhile.
  if (shown.get(error)?.line !== line || !claim(line, host, error) || line.textContent === error.userMessage) return;
  line.lang = error.userMessageLanguage;
  line.textContent = error.userMessage;
}
