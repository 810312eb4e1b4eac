import type { OktaElementsError } from '../errors.js';
import type { HttpRequestClient } from './http.js';

/**
 * Notices when a request of the widget fails in a way that ends the sign-in. The widget is told nothing of it: it would
 * go on, and remember the sign-in.
 * @param endIn what the sign-in ends with, where a failure ends it
 */
export function watchFailures(
  client: HttpRequestClient,
  endIn: (failure: unknown) => OktaElementsError | undefined,
): { client: HttpRequestClient; failed: Promise<never> } {
  let fail: (error: OktaElementsError) => void;
  const failed = new Promise<never>((_, reject) => (fail = reject));
  // Mostly nothing fails, and nobody waits for it any more.
  failed.catch(() => {});
  return {
    failed,
    async client(method, url, request) {
      try {
        return await client(method, url, request);
      } catch (failure) {
        const error = endIn(failure);
        if (!error) throw failure;
        fail(error);
        return new Promise(() => {});
      }
    },
  };
}
