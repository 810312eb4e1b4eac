import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseJwt } from '../../src/session/validate/jwt.js';

const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const jwt = (header: unknown, claims: unknown = { sub: 'u1' }) => `${encode(header)}.${encode(claims)}.c2ln`;
const rs256 = { alg: 'RS256', kid: 'k1' };

describe('a JWT', () => {
  it('is taken apart', () => {
    const { header, claims, signed, signature } = parseJwt(jwt(rs256, { sub: 'u1', name: 'Zoë' }));
    assert.deepEqual({ ...header }, rs256);
    assert.deepEqual({ ...claims }, { sub: 'u1', name: 'Zoë' });
    assert.equal(Buffer.from(signed).toString(), `${encode(rs256)}.${encode({ sub: 'u1', name: 'Zoë' })}`);
    assert.equal(Buffer.from(signature).toString(), 'sig');
  });

  for (const header of [{ alg: 'RS256' }, { ...rs256, typ: 'JWT' }, { ...rs256, typ: 'jwt' }, { ...rs256, x5t: 'x' }]) {
    it(`may have the header ${JSON.stringify(header)}`, () => void parseJwt(jwt(header)));
  }

  it('has the claims it has itself, not those that the page has put on every object', () => {
    const polluted = Object.prototype as { sub?: string };
    polluted.sub = 'admin';
    try {
      assert.equal(parseJwt(jwt(rs256, {})).claims.sub, undefined);
    } finally {
      delete polluted.sub;
    }
  });
});

/** A JSON object in so many others that reading it by recursion would break. */
const deep = `${'{"a":'.repeat(20_000)}{"constructor":1}${'}'.repeat(20_000)}`;

/** What each check refuses. Its own name in the message: no other got there first. */
const refusals: Record<string, Record<string, string>> = {
  notAJwt: {
    nothing: '',
    'one part': 'x',
    'two parts': `${encode(rs256)}.${encode({})}`,
    'four parts': `${jwt(rs256)}.x`,
    'five parts, as an encrypted one has': `${jwt(rs256)}.x.y`,
    'a part that is not base64url': jwt(rs256).replace('.c2ln', '.c2+/'),
    padding: `${jwt(rs256)}=`,
    'a signature of impossible length': jwt(rs256).replace('.c2ln', '.c'),
    'a header that is no JSON': jwt('x'),
    'a header that is a list': jwt([]),
    'claims that are no JSON': jwt(rs256, '{'),
    'claims that are null': jwt(rs256, null),
    'claims that are text': jwt(rs256, '"sub"'),
    'claims that are a list': jwt(rs256, []),
    'claims that are not UTF-8': `${encode(rs256)}.${Buffer.from('{"sub":"\xe4"}', 'latin1').toString('base64url')}.c2ln`,
  },
  otherAlgorithm: {
    'no algorithm': jwt({}),
    'no signature': `${encode({ alg: 'none' })}.${encode({ sub: 'u1' })}.`,
    'none in other letters': jwt({ alg: 'nOnE' }),
    HS256: jwt({ alg: 'HS256' }),
    ES256: jwt({ alg: 'ES256' }),
    PS256: jwt({ alg: 'PS256' }),
    'a list': jwt({ alg: ['RS256'] }),
    'other letters': jwt({ alg: 'rs256' }),
  },
  criticalExtension: {
    'an extension': jwt({ ...rs256, crit: ['b64'], b64: false }),
    'an empty list': jwt({ ...rs256, crit: [] }),
    null: jwt({ ...rs256, crit: null }),
  },
  otherKindOfToken: {
    'an access token': jwt({ ...rs256, typ: 'at+jwt' }),
    'an access token by its full name': jwt({ ...rs256, typ: 'application/at+JWT' }),
    'a logout token': jwt({ ...rs256, typ: 'logout+jwt' }),
    'a proof of possession': jwt({ ...rs256, typ: 'dpop+jwt' }),
    'a type that is no text': jwt({ ...rs256, typ: ['JWT'] }),
  },
  malformedKeyId: { 'a number': jwt({ ...rs256, kid: 1 }), null: jwt({ ...rs256, kid: null }) },
  pollutingClaim: {
    __proto__: jwt(rs256, '{"__proto__": {"admin": true}}'),
    constructor: jwt(rs256, { sub: 'u1', constructor: 1 }),
    'a prototype, deep inside': jwt(rs256, { sub: 'u1', address: { lines: [{ prototype: {} }] } }),
    'a name in escapes': jwt(rs256, '{"\\u005f_proto__": 1}'),
    'a name very deep inside': jwt(rs256, deep),
  },
};

for (const [name, tokens] of Object.entries(refusals)) {
  describe(`the check "${name}" of an ID token`, () => {
    for (const [what, token] of Object.entries(tokens)) {
      it(`refuses ${what}`, () => {
        assert.throws(() => parseJwt(token), {
          name: 'OktaElementsError',
          code: 'id_token_invalid',
          message: new RegExp(`\\(${name}\\): .+; .+\\.$`),
        });
      });
    }
  });
}
