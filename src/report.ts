import type { OktaElementsError } from './errors.js';
import { OktaErrorEvent } from './events.js';

/**
 * Writes an error to the console and gives it a sentence for visitors. Both texts are loaded lazily. Never rejects: when
 * they cannot be loaded, the error keeps its general English sentence.
 * @param where the element or document that the error concerns; its language is used
 */
export async function explainError(error: OktaElementsError, where?: EventTarget): Promise<void> {
  try {
    const { explain } = await import('./explain.js');
    explain(error, where);
  } catch {
    // Offline, or a deployment without this file.
  }
}

/** Explains an error, then dispatches it as `okta-error`. Never rejects. */
export async function reportError(target: EventTarget, error: OktaElementsError): Promise<void> {
  await explainError(error, target);
  target.dispatchEvent(new OktaErrorEvent(error));
}
