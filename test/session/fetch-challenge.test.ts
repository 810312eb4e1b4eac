import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findStepUp, parseChallenges } from '../../src/session/challenge.js';

const read = (header: string | null) =>
  parseChallenges(header).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)]);

describe('a WWW-Authenticate header', () => {
  const cases: [header: string | null, challenges: unknown][] = [
    [null, []],
    ['', []],
    ['Bearer', [['bearer', {}]]],
    ['bEaReR ReAlM="x"', [['bearer', { realm: 'x' }]]],
    ['Bearer error=invalid_token', [['bearer', { error: 'invalid_token' }]]],
    ['Bearer realm = "a" ,  error\t=\t"b"', [['bearer', { realm: 'a', error: 'b' }]]],
    ['Bearer realm="a, Basic error=\\"b\\"", error="c"', [['bearer', { realm: 'a, Basic error="b"', error: 'c' }]]],
    ['Bearer realm="", scope=""', [['bearer', { realm: '', scope: '' }]]],
    ['Bearer error="first", error="second"', [['bearer', { error: 'first' }]]],
    [
      'Bearer error="a", DPoP algs="ES256 RS256", error="b"',
      [
        ['bearer', { error: 'a' }],
        ['dpop', { algs: 'ES256 RS256', error: 'b' }],
      ],
    ],
    [
      ', Basic realm="x" ,, Bearer , DPoP error=c,',
      [
        ['basic', { realm: 'x' }],
        ['bearer', {}],
        ['dpop', { error: 'c' }],
      ],
    ],
    [
      'Negotiate YWJj/+==, Bearer error="a"',
      [
        ['negotiate', {}],
        ['bearer', { error: 'a' }],
      ],
    ],
    ['Negotiate YWJj', [['negotiate', {}]]],
    ['Bearer constructor="x", __proto__="y"', [['bearer', { constructor: 'x', ['__proto__']: 'y' }]]],
    // Where it is malformed, it ends.
    ['Bearer error="a', [['bearer', {}]]],
    ['Bearer error="a"b, x="y"', [['bearer', {}]]],
    ['="x"', []],
    ['"', []],
  ];
  for (const [header, challenges] of cases) {
    it(`of ${JSON.stringify(header)} has ${(challenges as unknown[]).length} challenges`, () => {
      assert.deepEqual(read(header), challenges);
    });
  }

  it('is read in no time, whatever it is', () => {
    const start = performance.now();
    for (const piece of ['"', '\\"', 'a=', 'a ', ',', ' ', 'a="\\']) read(`Bearer ${piece.repeat(20_000)}`);
    assert.ok(performance.now() - start < 2000, `${performance.now() - start} ms`);
  });
});

describe('a step-up', () => {
  const find = (header: string) => findStepUp(parseChallenges(header));
  const error = 'error="insufficient_user_authentication"';

  it('names context classes, an age, both or neither', () => {
    assert.deepEqual(find(`Bearer ${error}`), { acrValues: [], maxAge: undefined });
    assert.deepEqual(find(`Bearer ${error}, max_age=0`), { acrValues: [], maxAge: 0 });
    assert.deepEqual(find(`Bearer ${error}, acr_values=" a  b "`), { acrValues: ['a', 'b'], maxAge: undefined });
    assert.deepEqual(find(`DPoP max_age="5", acr_values=a, ${error}`), { acrValues: ['a'], maxAge: 5 });
  });

  it('has an age only where that is one', () => {
    for (const age of ['', '-1', '1.5', 'soon', '1e3']) {
      assert.equal(find(`Bearer ${error}, max_age="${age}"`)?.maxAge, undefined, age);
    }
  });

  it('is nothing else than that error', () => {
    assert.equal(find('Bearer error="invalid_token", acr_values="a"'), undefined);
    assert.equal(find('Bearer error_description="insufficient_user_authentication"'), undefined);
    assert.equal(find(''), undefined);
  });
});
