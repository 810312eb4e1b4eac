import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { followDirection } from '../../src/widget/build/follow-direction.js';

describe('followDirection', () => {
  const cases = {
    'a{margin-left:1px}': 'a{margin-inline-start:1px}',
    'a{padding-right:1px!important}': 'a{padding-inline-end:1px!important}',
    'a{left:0;right:auto}': 'a{inset-inline-start:0;inset-inline-end:auto}',
    'a{border-left:1px solid;border-right-width:0}': 'a{border-inline-start:1px solid;border-inline-end-width:0}',
    'a{float:left;clear:right;text-align:left}': 'a{float:inline-start;clear:inline-end;text-align:start}',
    'a{border-top-left-radius:1px;border-bottom-right-radius:2px}':
      'a{border-start-start-radius:1px;border-end-end-radius:2px}',
    'a{border-radius:4px 0 0 4px}':
      'a{border-start-start-radius:4px;border-start-end-radius:0;border-end-end-radius:0;border-end-start-radius:4px}',
    'a{padding:5px 35px 5px calc(1px + 2px)}': 'a{padding-block:5px 5px;padding-inline:calc(1px + 2px) 35px}',
  };
  for (const [css, expected] of Object.entries(cases)) {
    it(`says ${css} by the direction of the text`, () => assert.equal(followDirection(css), expected));
  }

  it('leaves what is the same on both sides, and pictures', () => {
    for (const css of [
      'a{margin:0 auto;padding:1px 2px 3px 2px;border-radius:4px;border-radius:4px 4px 0 0}',
      'a{background-position:left center;text-align:center;float:none;width:50%}',
    ]) {
      assert.equal(followDirection(css), css);
    }
  });
});
