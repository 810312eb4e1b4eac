/** Bytes, with brotli, of all code that a page loads before anyone shows intent. */
export const BYTE_BUDGET = 12_000;
