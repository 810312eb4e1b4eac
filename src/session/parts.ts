import { OktaElementsError } from '../errors.js';
import type * as Verbs from './verbs.js';

/** How long a part may take to arrive, milliseconds. */
const ARRIVAL = 30_000;

/**
 * A part of this package that is fetched when it is needed.
 * @param code of the error; default `offline` on a device without a connection, otherwise `network`
 * @throws OktaElementsError when it cannot be loaded within thirty seconds.
 * Browsers may remember a failure until the page is loaded again
 */
export function loaded<T>(part: Promise<T>, code?: 'widget_load_failed'): Promise<T> {
  const limit = AbortSignal.timeout(ARRIVAL);
  const late = new Promise<never>((_, reject) => (limit.onabort = () => reject(limit.reason as Error)));
  return Promise.race([part, late]).catch((cause: unknown) => {
    const reason = code ?? (globalThis.navigator?.onLine === false ? 'offline' : 'network');
    throw new OktaElementsError(reason, 'A file of okta-elements could not be loaded', { cause });
  });
}

/** What changes a session. */
export function loadVerbs(): Promise<typeof Verbs> {
  return loaded(import('./verbs.js'));
}
