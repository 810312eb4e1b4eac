import { OktaElementsError } from '../errors.js';
import type * as Verbs from './verbs.js';

/** How long a part may take to arrive, milliseconds. */
const ARRIVAL = 30_000;

/**
 * A part of this package that is fetched when it is needed.
 * @throws OktaElementsError when it cannot be had. Browsers remember that, so trying again does not help
 */
export function loaded<T>(part: Promise<T>, code: 'network' | 'widget_load_failed' = 'network'): Promise<T> {
  let timer: ReturnType<typeof setTimeout>;
  const late = new Promise<never>((_, reject) => (timer = setTimeout(reject, ARRIVAL)));
  return Promise.race([part, late])
    .finally(() => clearTimeout(timer))
    .catch((cause: unknown) => {
      throw new OktaElementsError(
        code,
        'A part of okta-elements could not be loaded; check the connection, then reload the page.',
        { cause },
      );
    });
}

/** What changes a session. */
export function loadVerbs(): Promise<typeof Verbs> {
  return loaded(import('./verbs.js'));
}
