import { OktaElementsError } from '../errors.js';
import type * as Verbs from './verbs.js';

/** How long a part may take to arrive, milliseconds. */
const ARRIVAL = 30_000;

/**
 * A part of this package that is fetched when it is needed.
 * @throws OktaElementsError when it cannot be loaded within thirty seconds; `offline` in place of `network` offline.
 * Browsers may remember a failure until the page is loaded again
 */
export function loaded<T>(part: Promise<T>, code: 'network' | 'widget_load_failed' = 'network'): Promise<T> {
  const limit = AbortSignal.timeout(ARRIVAL);
  const late = new Promise<never>((_, reject) => (limit.onabort = () => reject(limit.reason as Error)));
  return Promise.race([part, late])
    .finally(() => (limit.onabort = null))
    .catch((cause: unknown) => {
      const offline = code === 'network' && globalThis.navigator?.onLine === false;
      throw new OktaElementsError(offline ? 'offline' : code, 'A file of okta-elements could not be loaded', { cause });
    });
}

/** What changes a session. */
export function loadVerbs(): Promise<typeof Verbs> {
  return loaded(import('./verbs.js'));
}
