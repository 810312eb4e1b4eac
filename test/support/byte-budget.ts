/** Bytes, with brotli, of all code that a page loads before intent: the first flight of a connection (RFC 6928). */
export const BYTE_BUDGET = 13_000;
