import { OktaElementsError } from '../errors.js';
import type { HttpRequestClient } from './http.js';

/**
 * Notices when Okta does not answer in time what is asked before the first form. Later the form that is there says so;
 * before, the widget has its own ideas of that, from an empty box to none.
 */
export function watchForSilence(
  client: HttpRequestClient,
  isShown: () => boolean,
): { client: HttpRequestClient; silent: Promise<never> } {
  let give: (error: OktaElementsError) => void;
  const silent = new Promise<never>((_, reject) => (give = reject));
  // Mostly nobody waits for it any more.
  silent.catch(() => {});
  return {
    silent,
    async client(method, url, request) {
      try {
        return await client(method, url, request);
      } catch (error) {
        if (isShown() || !(error instanceof OktaElementsError)) throw error;
        give(error);
        return new Promise(() => {});
      }
    },
  };
}
