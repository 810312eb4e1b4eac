import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Seconds one code is shown for (RFC 6238, section 4.1). */
export const TOTP_PERIOD_SECONDS = 30;
const DIGITS = 6;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Base32 without padding (RFC 4648, section 6), as authenticator apps take it. */
export function encodeBase32(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(value >>> bits) & 31];
    }
    value &= (1 << bits) - 1;
  }
  if (bits > 0) text += ALPHABET[(value << (5 - bits)) & 31];
  return text;
}

/**
 * Reads base32. Case, spaces, hyphens and padding do not matter, because people type these.
 *
 * @throws RangeError when another character occurs or nothing is left
 */
export function decodeBase32(text: string): Uint8Array {
  const clean = text.replace(/[\s-]|=+$/g, '').toUpperCase();
  if (clean === '') throw new RangeError('A base32 secret must not be empty.');
  const bytes: number[] = [];
  let bits = 0;
  let value = 0;
  for (const character of clean) {
    const digit = ALPHABET.indexOf(character);
    if (digit < 0) throw new RangeError('A base32 secret has only the letters A to Z and the digits 2 to 7.');
    value = (value << 5) | digit;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((value >>> bits) & 255);
      value &= (1 << bits) - 1;
    }
  }
  return Uint8Array.from(bytes);
}

/** A new secret of 160 bits, the length RFC 4226 recommends, as base32. */
export function generateTotpSecret(): string {
  return encodeBase32(randomBytes(20));
}

/** Number of the period that a moment falls into. */
export function totpCounter(now: number): number {
  return Math.floor(now / 1000 / TOTP_PERIOD_SECONDS);
}

/** The code of one period: HMAC-SHA-1, dynamic truncation, six digits (RFC 4226, section 5.3). */
export function totpCode(secret: string, counter: number): string {
  const message = Buffer.alloc(8);
  message.writeBigUInt64BE(BigInt(counter));
  const mac = createHmac('sha1', decodeBase32(secret)).update(message).digest();
  const offset = mac[mac.length - 1]! & 15;
  const number = (mac.readUInt32BE(offset) & 0x7fffffff) % 10 ** DIGITS;
  return String(number).padStart(DIGITS, '0');
}

/**
 * Finds the period a code belongs to: the current one or one beside it, to allow for clocks that differ and slow typing
 * (RFC 6238, section 5.2). All three are always compared, in constant time.
 *
 * @param now milliseconds since the epoch
 * @returns the period's number, or undefined when the code is wrong
 */
export function matchTotp(secret: string, code: string, now: number): number | undefined {
  const given = Buffer.from(code.padEnd(DIGITS).slice(0, DIGITS + 1));
  const current = totpCounter(now);
  let found: number | undefined;
  for (const counter of [current - 1, current, current + 1]) {
    if (counter < 0) continue;
    const expected = Buffer.from(totpCode(secret, counter));
    if (given.length === expected.length && timingSafeEqual(given, expected)) found = counter;
  }
  return found;
}

/** The URI an authenticator app reads from a QR code. */
export function totpUri(secret: string, issuer: string, account: string): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(account)}`;
  const parameters = [
    `secret=${secret}`,
    `issuer=${encodeURIComponent(issuer)}`,
    'algorithm=SHA1',
    `digits=${DIGITS}`,
    `period=${TOTP_PERIOD_SECONDS}`,
  ];
  return `otpauth://totp/${label}?${parameters.join('&')}`;
}
