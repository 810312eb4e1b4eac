import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { frameAddress } from '../../../src/widget/frame/address.js';

const page = 'https://app.example.com/sign-in';

describe('frame-src', () => {
  it('is an https address of another origin, or one on loopback', () => {
    assert.equal(frameAddress('https://signin.example.com', page).href, 'https://signin.example.com/');
    assert.equal(frameAddress(' //signin.example.com/f/ ', page).href, 'https://signin.example.com/f/');
    assert.equal(frameAddress('http://signin.localhost:1/', 'http://localhost:1/').port, '1');
  });

  const wrong: [string, unknown, RegExp][] = [
    ['is missing', undefined, /needs frame-src/],
    ['is empty', ' ', /needs frame-src/],
    ['is no text', 7, /needs frame-src/],
    ['is not https', 'http://signin.example.com/', /https/],
    ['is a script', 'javascript:alert(1)', /https/],
    ['is data', 'data:text/html,x', /https/],
    ['has a password', 'https://a:b@signin.example.com/', /https/],
    ['is on the page’s origin', 'https://app.example.com/frame/', /another origin/],
    ['is a path', '/frame/', /another origin/],
  ];
  for (const [name, said, message] of wrong) {
    it(`is refused when it ${name}`, () => {
      assert.throws(() => frameAddress(said, page), { code: 'config_invalid', message });
    });
  }
});
