import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withoutPolyfills } from '../../src/widget/build/without-polyfills.js';

/** A script as webpack makes them. */
function bundle({ polyfills = 7 } = {}): string {
  const modules = [
    '1000:function(e,t,n){t.form=n(1001)+"form"}',
    '1001:function(e,t){e.exports="the "}',
    '1002:function(e,t){e.exports="data of a polyfill"}',
    ...Array.from(
      { length: polyfills },
      (_, index) =>
        `${2000 + index}:function(e,t,n){var r=n(1002);(0,n(1003).shouldPolyfill)()&&globalThis.replaced.push(r)}`,
    ),
    '1003:function(e,t){t.shouldPolyfill=function(){return!0}}',
    '3000:function(){"DateTimeFormat"in Intl&&Intl.DateTimeFormat.__addTZData&&Intl.DateTimeFormat.__addTZData({zones:"a|b"})}',
    ...Array.from({ length: 100 }, (_, index) => `${4000 + index}:function(e,t,n){}`),
  ];
  const asked = Array.from({ length: polyfills }, (_, index) => `n(${2000 + index});`).join('');
  return `var e={${modules.join(',')}},c={};function n(i){var m=c[i];if(m)return m.exports;m=c[i]={exports:{}};e[i](m,m.exports,n);return m.exports}${asked}n(3000);n(1000).form`;
}

describe('withoutPolyfills', () => {
  it('leaves the program that it was, without what only old browsers need', () => {
    const code = bundle();
    const result = withoutPolyfills(code);
    const run = (script: string) => {
      const replaced = ((globalThis as { replaced?: unknown[] }).replaced = []);
      return [(0, eval)(script), replaced.length] as unknown[];
    };
    assert.deepEqual(run(code), ['the form', 7]);
    assert.deepEqual(run(result), ['the form', 0]);
    assert.doesNotMatch(result, /data of a polyfill|zones/);
    assert.match(result, /2000:function\(\)\{\}/);
  });

  it('says so when a release of the widget has none, or is made in another way', () => {
    assert.throws(() => withoutPolyfills(bundle({ polyfills: 3 })), /4 polyfills; it had more/);
    assert.throws(() => withoutPolyfills('export default 1'), /webpack/);
  });
});
