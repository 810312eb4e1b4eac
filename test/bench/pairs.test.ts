import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compare, median, orderOf, quantile } from './pairs.js';

describe('figures of a benchmark', () => {
  it('have a median and quartiles', () => {
    assert.equal(median([3, 1, 2]), 2);
    assert.equal(median([4, 1, 2, 3]), 2.5);
    assert.equal(quantile([1, 2, 3, 4, 5], 0.25), 2);
    assert.throws(() => median([]), RangeError);
  });

  it('are compared round by round, so that a slow round counts for both', () => {
    const { ours, theirs, ratio, spread } = compare([10, 100, 12], [20, 200, 24]);
    assert.deepEqual([ours, theirs, ratio, spread], [12, 24, 0.5, [0.5, 0.5]]);
    assert.throws(() => compare([1], [1, 2]), RangeError);
  });

  it('may both be nothing', () => {
    assert.equal(compare([0, 0], [0, 0]).ratio, 1);
    assert.equal(compare([1], [0]).ratio, Infinity);
    assert.deepEqual(compare([1, 1, 1], [0, 0, 0]).spread, [Infinity, Infinity]);
  });

  it('are taken in turns', () => {
    assert.deepEqual(
      [0, 1, 2, 3].map((round) => orderOf(['a', 'b', 'c'], round).join('')),
      ['abc', 'bca', 'cab', 'abc'],
    );
  });
});
