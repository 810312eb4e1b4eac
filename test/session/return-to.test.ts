import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { safeReturnTo } from '../../src/session/return-to.js';

const page = 'https://shop.example/boxes/7?size=l#reviews';

describe('an address on the page’s own origin', () => {
  for (const [address, taken] of [
    [page, '/boxes/7?size=l#reviews'],
    ['/', '/'],
    ['/a%20b/%2F?q=a+b&q=%2B&flag#x=1&y', '/a%20b/%2F?q=a+b&q=%2B&flag#x=1&y'],
    ['https://shop.example:443/members', '/members'],
    ['HTTPS://SHOP.EXAMPLE/Members', '/Members'],
    ['../members', '/members'],
    ['?size=s', '/boxes/7?size=s'],
    ['#top', '/boxes/7?size=l#top'],
    ['', '/boxes/7?size=l'],
    ['members', '/boxes/members'],
  ] as const) {
    it(`"${address}" is where the user comes back to, to the letter`, () => {
      assert.equal(safeReturnTo(address, page), taken);
    });
  }
});

describe('an address anywhere else', () => {
  for (const address of [
    'https://evil.example/',
    'http://shop.example/',
    'https://shop.example:8443/',
    'https://shop.example@evil.example/',
    'https://shop.example.evil.example/',
    '//evil.example',
    '\\\\evil.example',
    '/\\evil.example',
    '\t//evil.example',
    'javascript:alert(document.domain)',
    'JaVaScRiPt://shop.example/%0aalert(1)',
    'java\nscript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'file:///etc/passwd',
    'about:blank',
    'https://',
    'https://[',
  ]) {
    it(`${JSON.stringify(address)} becomes the site's root`, () => assert.equal(safeReturnTo(address, page), '/'));
  }
});

describe('whatever comes out', () => {
  for (const address of [
    '/.//evil.example',
    '/..//evil.example',
    'https://shop.example//evil.example',
    '/./\\evil.example',
  ]) {
    it(`stays on this origin when it is followed: ${address}`, () => {
      const taken = safeReturnTo(address, page);
      assert.match(taken, /^\/[^/\\]/);
      assert.equal(new URL(taken, page).origin, 'https://shop.example');
    });
  }

  it('stays on this origin even when the address is a blob of this origin', () => {
    const taken = safeReturnTo('blob:https://shop.example/1f2e', page);
    assert.equal(new URL(taken, page).origin, 'https://shop.example');
    assert.equal(new URL(taken, page).protocol, 'https:');
  });
});
