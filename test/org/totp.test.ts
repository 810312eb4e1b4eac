import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  decodeBase32,
  encodeBase32,
  generateTotpSecret,
  matchTotp,
  totpCode,
  totpCounter,
  totpUri,
} from '../../src/org/totp.js';

describe('One-time passwords', () => {
  /** The secret of RFC 6238, appendix B. */
  const secret = encodeBase32(Buffer.from('12345678901234567890'));

  it('are those of RFC 6238, appendix B', () => {
    const vectors: [number, string][] = [
      [59, '287082'],
      [1111111109, '081804'],
      [1111111111, '050471'],
      [1234567890, '005924'],
      [2000000000, '279037'],
      [20000000000, '353130'],
    ];
    for (const [seconds, code] of vectors) assert.equal(totpCode(secret, totpCounter(seconds * 1000)), code);
  });

  it('are found in the period before and after, and no further', () => {
    const now = 1_000_000_000_000;
    const counter = totpCounter(now);
    for (const shift of [-1, 0, 1])
      assert.equal(matchTotp(secret, totpCode(secret, counter + shift), now), counter + shift);
    for (const shift of [-2, 2]) assert.equal(matchTotp(secret, totpCode(secret, counter + shift), now), undefined);
    for (const junk of ['', '12345', '1234567', 'abcdef', `${totpCode(secret, counter)}0`, 'é'.repeat(6)]) {
      assert.equal(matchTotp(secret, junk, now), undefined, junk);
    }
  });

  it('have secrets in base32, as in RFC 4648', () => {
    const vectors: [string, string][] = [
      ['f', 'MY'],
      ['fo', 'MZXQ'],
      ['foo', 'MZXW6'],
      ['foob', 'MZXW6YQ'],
      ['fooba', 'MZXW6YTB'],
      ['foobar', 'MZXW6YTBOI'],
    ];
    for (const [text, base32] of vectors) {
      assert.equal(encodeBase32(Buffer.from(text)), base32);
      assert.equal(Buffer.from(decodeBase32(base32)).toString(), text);
    }
    assert.deepEqual(decodeBase32('mzxw 6ytb-oi======'), decodeBase32('MZXW6YTBOI'));
    assert.throws(() => decodeBase32('MZXW1'), RangeError);
    assert.throws(() => decodeBase32(' '), RangeError);
    assert.equal(decodeBase32(generateTotpSecret()).length, 20);
    assert.notEqual(generateTotpSecret(), generateTotpSecret());
  });

  it('are set up with a URI that names the org and the account', () => {
    const uri = new URL(totpUri('MZXW6YTBOI', 'Snacks & Co', 'sally@example.com'));
    assert.equal(uri.protocol, 'otpauth:');
    assert.equal(decodeURIComponent(uri.pathname), '/Snacks & Co:sally@example.com');
    assert.deepEqual(Object.fromEntries(uri.searchParams), {
      secret: 'MZXW6YTBOI',
      issuer: 'Snacks & Co',
      algorithm: 'SHA1',
      digits: '6',
      period: '30',
    });
  });
});
