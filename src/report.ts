import type { OktaElementsError } from './errors.js';
import { OktaErrorEvent } from './events.js';
import type * as Texts from './explain.js';
import type { OktaClient } from './session/client.js';
import type { OktaConfig } from './session/config.js';
import { loaded } from './session/parts.js';

let texts: Promise<typeof Texts> | undefined;

/** Loads lazily what a developer or a visitor reads. One promise, because browsers settle several imports in any order. */
export const loadTexts = (): Promise<typeof Texts> =>
  (texts ??= loaded(import('./explain.js')).catch((error: unknown) => {
    texts = undefined;
    throw error;
  }));

/**
 * Writes an error to the console, once, and gives it a sentence for visitors. Never rejects: when the texts cannot be
 * loaded, the error keeps its general English sentence.
 * @param where the element, document or client that the error concerns; its language is used
 * @param config the configuration in use; default that of `where`
 */
export async function explainError(
  error: OktaElementsError,
  where?: EventTarget | OktaClient,
  config?: OktaConfig,
): Promise<void> {
  await loadTexts()
    .then(({ explain }) => explain(error, where, config))
    .catch(() => {});
}

/** Explains an error, then dispatches it as `okta-error`; on the document if the element is gone by then. Never rejects. */
export async function reportError(target: EventTarget, error: OktaElementsError, config?: OktaConfig): Promise<void> {
  await explainError(error, target, config);
  const { isConnected = true } = target as Node;
  (isConnected ? target : document).dispatchEvent(new OktaErrorEvent(error));
}
