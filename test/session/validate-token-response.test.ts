import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Expectation } from '../../src/session/validate/claims.js';
import { LONGEST_LIFETIME, parseTokenResponse, type TokenResponse } from '../../src/session/validate/token-response.js';

const now = 1_800_000_000;
const expected: Expectation = {
  issuer: 'https://shop.okta.com/oauth2/default',
  clientId: 'shop',
  scopes: ['openid', 'email'],
  nonce: 'n1',
  now,
};

const answer = {
  token_type: 'Bearer',
  expires_in: 3600,
  access_token: 'a1',
  id_token: 'i1',
  refresh_token: 'r1',
  scope: 'openid groups',
};
const parse = (change: Record<string, unknown>) => parseTokenResponse({ ...answer, ...change }, expected);

describe('a token response', () => {
  it('becomes a token set', () => {
    assert.deepEqual(parse({}), {
      accessToken: 'a1',
      tokenType: 'Bearer',
      idToken: 'i1',
      refreshToken: 'r1',
      scopes: ['openid', 'groups'],
      clockSkew: undefined,
      expiresAt: now + 3600,
    });
  });

  it('grants no scope when its scope is empty', () => {
    for (const scope of ['', ' ']) assert.deepEqual(parse({ scope }).scopes, []);
  });

  it('may leave out the refresh token, and the scopes when they are those asked for', () => {
    const { refreshToken, scopes } = parse({ refresh_token: undefined, scope: undefined });
    assert.deepEqual([refreshToken, scopes], [undefined, ['openid', 'email']]);
  });

  it('may write its type in any case and its lifetime as text', () => {
    assert.equal(parse({ token_type: 'bEARER', expires_in: '60' }).expiresAt, now + 60);
  });

  it('is looked at for what it has itself, not for what the page has put on every object', () => {
    const polluted = Object.prototype as { access_token?: string };
    polluted.access_token = 'planted';
    try {
      const { access_token: _, ...rest } = answer;
      assert.throws(() => parseTokenResponse(rest, expected), { message: /missingAccessToken/ });
    } finally {
      delete polluted.access_token;
    }
  });

  for (const [said, counts] of [
    [86_400, 86_400],
    [86_401, LONGEST_LIFETIME],
    [3_600_000, LONGEST_LIFETIME],
    [Number.MAX_VALUE, LONGEST_LIFETIME],
    ['9'.repeat(400), undefined],
    [59.9, 59],
  ] as const) {
    it(`that says ${String(said).slice(0, 20)} seconds ${counts ? `counts for ${counts}` : 'is refused'}`, () => {
      if (counts) assert.equal(parse({ expires_in: said }).expiresAt, now + counts);
      else assert.throws(() => parse({ expires_in: said }), { message: /endlessToken/ });
    });
  }

  it('is bound to a key of this browser when that was asked for', () => {
    const asked = { ...expected, tokenType: 'DPoP' as unknown as 'Bearer' };
    assert.equal(parseTokenResponse({ ...answer, token_type: 'dpop' }, asked).tokenType, 'DPoP');
    assert.throws(() => parseTokenResponse(answer, asked), { message: /otherTokenType.*dpop/ });
  });

  /** What each check refuses. Its own name in the message: no other got there first. */
  const refusals: Record<string, Record<string, Record<string, unknown>>> = {
    pollutingMember: {
      __proto__: JSON.parse('{"__proto__": {"access_token": "planted"}}') as Record<string, unknown>,
      constructor: { constructor: { prototype: {} } },
      'a prototype, deep inside': { extra: [{ prototype: 1 }] },
    },
    missingAccessToken: {
      'no access token': { access_token: undefined },
      'an access token of null': { access_token: null },
      'an empty access token': { access_token: '' },
    },
    missingIdToken: { 'no ID token': { id_token: undefined }, 'an empty ID token': { id_token: '' } },
    malformedToken: {
      'an access token that is no text': { access_token: { toString: 'x' } },
      'an access token that would break a header': { access_token: 'a1\r\nx-evil: 1' },
      'an access token with a space': { access_token: 'a1 a2' },
      'an access token beyond ASCII': { access_token: 'ä1' },
      'an ID token that is no text': { id_token: 7 },
      'a refresh token that is no text': { refresh_token: ['r1'] },
      'a refresh token of false': { refresh_token: false },
    },
    oversizedToken: {
      'a huge access token': { access_token: 'a'.repeat(65_537) },
      'a huge ID token': { id_token: 'a'.repeat(65_537) },
      'a huge refresh token': { refresh_token: 'a'.repeat(65_537) },
    },
    otherTokenType: {
      'no type': { token_type: undefined },
      'another type': { token_type: 'DPoP' },
      'a type that is no text': { token_type: ['Bearer'] },
    },
    endlessToken: {
      'no lifetime': { expires_in: undefined },
      'a lifetime of null': { expires_in: null },
      'a lifetime of nothing': { expires_in: 0 },
      'a lifetime below nothing': { expires_in: -60 },
      'a lifetime that is no number': { expires_in: 'never' },
      'a lifetime without end': { expires_in: 'Infinity' },
      'a lifetime in other digits': { expires_in: '0x10' },
      'a list': { expires_in: [60] },
    },
    malformedScope: { 'a list of scopes': { scope: ['openid'] }, 'scopes in an object': { scope: { openid: true } } },
  };

  for (const [name, changes] of Object.entries(refusals)) {
    for (const [what, change] of Object.entries(changes)) {
      it(`with ${what} is refused (${name})`, () => {
        assert.throws(() => parseTokenResponse(Object.assign(Object.create(null), answer, change), expected), {
          code: 'token_exchange_failed',
          message: new RegExp(`\\(${name}\\): .+; .+\\.$`),
        });
      });
    }
  }

  for (const nothing of [null, undefined, '', 'eyJhbGciOi', 7, true, []]) {
    it(`that is ${JSON.stringify(nothing) ?? 'nothing'} is refused in words, which do not repeat it`, () => {
      assert.throws(
        () => parseTokenResponse(nothing as unknown as TokenResponse, expected),
        (error: Error & { code?: string }) =>
          error.code === 'token_exchange_failed' && !error.message.includes('eyJhbGciOi'),
      );
    });
  }
});

describe('a token response to a renewal', () => {
  const before = parse({});
  const renew = (change: Record<string, unknown>) => {
    const { token_type, expires_in } = answer;
    const response = { token_type, expires_in, access_token: 'a2', ...change };
    return parseTokenResponse(response, { ...expected, now: now + 100 }, before);
  };

  it('keeps what the provider leaves out', () => {
    assert.deepEqual(renew({}), { ...before, accessToken: 'a2', expiresAt: now + 3700 });
  });

  it('takes what the provider sends', () => {
    const renewed = renew({ id_token: 'i2', refresh_token: 'r2', scope: 'openid' });
    const { idToken, refreshToken, scopes } = renewed;
    assert.deepEqual([idToken, refreshToken, scopes], ['i2', 'r2', ['openid']]);
  });

  it('must bring a new access token', () => {
    assert.throws(() => renew({ access_token: undefined }), { code: 'token_exchange_failed' });
  });
});
