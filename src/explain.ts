import type { OktaElementsError } from './errors.js';

const explained = new WeakSet<OktaElementsError>();

/**
 * Writes an error to the console, once, and sets its `userMessage` to a sentence in the language of the page.
 * @param where the element or document that the error concerns
 */
export function explain(error: OktaElementsError, where?: EventTarget): void {
  if (explained.has(error)) return;
  explained.add(error);
  // eslint-disable-next-line no-console -- developers read here which setting to change
  console.error(`okta-elements: ${error.message} (${error.code})`, where ?? '');
}
