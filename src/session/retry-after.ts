/** A wait that is longer is the caller's to decide about, milliseconds. */
const LONGEST_WAIT = 10_000;
/** What may be sent twice without being done twice (RFC 9110 section 9.2.2). */
const IDEMPOTENT = ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE'];

/**
 * How long to wait before an answer of "too many requests" or "unavailable" is asked for again, where the server says
 * so (`Retry-After`, RFC 9110 section 10.2.3): a 429 was not acted upon; of a 503 that is certain for no method, so that
 * only what may be repeated is.
 * @param now epoch milliseconds
 * @returns milliseconds; undefined: not at all
 */
export function retryDelay(request: Request, response: Response, now: number): number | undefined {
  const mayRepeat = response.status === 429 || (response.status === 503 && IDEMPOTENT.includes(request.method));
  const after = response.headers.get('retry-after')?.trim();
  if (!mayRepeat || !after) return undefined;
  // Browsers read more as a date than HTTP writes as one.
  const date = after.endsWith(' GMT') ? Math.max(Date.parse(after) - now, 0) : NaN;
  const delay = /^\d+$/.test(after) ? Number(after) * 1000 : date;
  return delay <= LONGEST_WAIT ? delay : undefined;
}
