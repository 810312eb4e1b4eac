import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pinSizes } from '../../src/widget/build/pin-sizes.js';

const many = Array.from({ length: 20 }, (_, index) => `s${index}="${index}rem"`).join(',');

describe('pinSizes', () => {
  it('turns measures in rem into px, and nothing else', () => {
    const code = `var a="2.85714286rem",b={width:"-.5rem"},c="1rem solid",d="prem";${many}`;
    assert.ok(pinSizes(code).startsWith('var a="45.714px",b={width:"-8px"},c="1rem solid",d="prem";s0="0px"'));
  });

  it('says so when a release of the widget has them elsewhere', () => {
    assert.throws(() => pinSizes('var a="1rem"'), /1 measures in rem/);
  });
});
