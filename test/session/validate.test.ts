import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { User } from '../../src/session/state.js';
import {
  CLOCK_SKEW,
  parseTokenResponse,
  validateClaims,
  type Expectation,
  type TokenResponse,
} from '../../src/session/validate.js';

const now = 1_800_000_000;
const issuer = 'https://shop.okta.com/oauth2/default';
const expected: Expectation = { issuer, clientId: 'shop', scopes: ['openid', 'email'], nonce: 'n1', now };
const claims = { iss: issuer, aud: 'shop', sub: 'u1', exp: now + 3600, iat: now, nonce: 'n1' };
const previous: User = { ...claims, auth_time: now - 60, nonce: 'n0' };
/** A renewal asks for no nonce; what came before is what it is measured by. */
const renewal: Partial<Expectation> = { nonce: undefined, previous };

interface Case {
  readonly is?: Record<string, unknown>;
  readonly when?: Partial<Expectation>;
}

function validate({ is, when }: Case): void {
  validateClaims({ ...claims, ...is }, { ...expected, ...when });
}

/** Each check with what it refuses, and the nearest neighbours that pass. */
const checks: Record<string, { refuses: Record<string, Case>; passes: Record<string, Case> }> = {
  issuer: {
    refuses: {
      'another issuer': { is: { iss: 'https://evil.example' } },
      'a slash more': { is: { iss: `${issuer}/` } },
      'no issuer': { is: { iss: undefined } },
      'a list': { is: { iss: [issuer] } },
    },
    passes: { 'the configured issuer': {} },
  },
  audience: {
    refuses: {
      'another application': { is: { aud: 'other' } },
      'no audience': { is: { aud: undefined } },
      'an empty list': { is: { aud: [] } },
      'a list without us': { is: { aud: ['other', 'third'], azp: 'shop' } },
      'a longer name': { is: { aud: 'shop2' } },
    },
    passes: { 'our client id': {}, 'a list of only us': { is: { aud: ['shop'] } } },
  },
  furtherAudiences: {
    refuses: { 'a list with others and no azp': { is: { aud: ['shop', 'other'] } } },
    passes: { 'a list with others, issued to us': { is: { aud: ['shop', 'other'], azp: 'shop' } } },
  },
  authorizedParty: {
    refuses: {
      'issued to another': { is: { azp: 'other' } },
      'azp of another kind': { is: { azp: ['shop'] } },
      'azp null': { is: { azp: null } },
    },
    passes: { 'issued to us': { is: { azp: 'shop' } }, 'no azp': {} },
  },
  subject: {
    refuses: {
      'no sub': { is: { sub: undefined } },
      'an empty sub': { is: { sub: '' } },
      'a number': { is: { sub: 7 } },
    },
    passes: { 'a sub': { is: { sub: '7' } } },
  },
  expiry: {
    refuses: {
      'expired longer ago than clocks differ': { is: { exp: now - CLOCK_SKEW } },
      'no exp': { is: { exp: undefined } },
      text: { is: { exp: String(now + 3600) } },
      'not a number': { is: { exp: NaN } },
      endless: { is: { exp: Infinity } },
      negative: { is: { exp: -1 } },
    },
    passes: { 'expired within the difference of clocks': { is: { exp: now - CLOCK_SKEW + 1 } } },
  },
  issuedAt: {
    refuses: {
      'issued further ahead than clocks differ': { is: { iat: now + CLOCK_SKEW + 1 } },
      'no iat': { is: { iat: undefined } },
      text: { is: { iat: String(now) } },
    },
    passes: {
      'issued ahead within the difference of clocks': { is: { iat: now + CLOCK_SKEW } },
      'issued long ago': { is: { iat: 1 } },
    },
  },
  notBefore: {
    refuses: {
      'valid only later': { is: { nbf: now + CLOCK_SKEW + 1 } },
      text: { is: { nbf: 'now' } },
      null: { is: { nbf: null } },
    },
    passes: { 'valid about now': { is: { nbf: now + CLOCK_SKEW } }, 'no nbf': {} },
  },
  nonce: {
    refuses: {
      'another nonce': { is: { nonce: 'n2' } },
      'no nonce': { is: { nonce: undefined } },
      'no nonce where the transaction lost its own': { is: { nonce: undefined }, when: { nonce: undefined } },
      'an empty one where the transaction has an empty one': { is: { nonce: '' }, when: { nonce: '' } },
      'another nonce at renewal': { is: { nonce: 'n2' }, when: renewal },
    },
    passes: {
      'the nonce that was sent': {},
      'no nonce at renewal': { is: { nonce: undefined }, when: renewal },
      'the first nonce at renewal': { is: { nonce: 'n0' }, when: renewal },
    },
  },
  contextClass: {
    refuses: {
      'another class than was asked for': { is: { acr: 'pwd' }, when: { acrValues: ['mfa', 'phr'] } },
      'no class though one was asked for': { when: { acrValues: ['mfa'] } },
      'a list that holds it': { is: { acr: ['mfa'] }, when: { acrValues: ['mfa'] } },
    },
    passes: {
      'one of those asked for': { is: { acr: 'phr' }, when: { acrValues: ['mfa', 'phr'] } },
      'any when none was asked for': { is: { acr: 'pwd' }, when: { acrValues: [] } },
    },
  },
  authenticationTime: {
    refuses: {
      'an older sign-in': { is: { auth_time: now - CLOCK_SKEW - 61 }, when: { maxAge: 60 } },
      'an older sign-in than right now': { is: { auth_time: now - CLOCK_SKEW - 1 }, when: { maxAge: 0 } },
      'no auth_time': { when: { maxAge: 60 } },
      text: { is: { auth_time: String(now) }, when: { maxAge: 60 } },
    },
    passes: {
      'recent enough': { is: { auth_time: now - CLOCK_SKEW - 60 }, when: { maxAge: 60 } },
      'any when it was not asked for': { is: { auth_time: 1 } },
    },
  },
  sameSubject: {
    refuses: { 'another user at renewal': { is: { sub: 'u2', nonce: undefined }, when: renewal } },
    passes: {
      'the same user at renewal': { is: { nonce: undefined }, when: renewal },
      'any user at sign-in': { is: { sub: 'u2' } },
    },
  },
  sameAuthentication: {
    refuses: { 'another sign-in at renewal': { is: { auth_time: now, nonce: undefined }, when: renewal } },
    passes: {
      'the same sign-in at renewal': { is: { auth_time: now - 60, nonce: undefined }, when: renewal },
      'a renewal that does not say': { is: { nonce: undefined }, when: renewal },
      'a renewal where the first token did not say': {
        is: { auth_time: now, nonce: undefined },
        when: { nonce: undefined, previous: claims },
      },
    },
  },
};

for (const [name, { refuses, passes }] of Object.entries(checks)) {
  describe(`the check "${name}"`, () => {
    for (const [what, example] of Object.entries(refuses)) {
      it(`refuses ${what}`, () => {
        // Its own name in the message: no other check got there first.
        assert.throws(() => validate(example), { code: 'id_token_invalid', message: new RegExp(`\\(${name}\\)`) });
      });
    }
    for (const [what, example] of Object.entries(passes)) it(`passes ${what}`, () => validate(example));
  });
}

describe('a token that was refused for its times', () => {
  it('says that the clock may be to blame', () => {
    for (const is of [{ exp: now - 3600 }, { iat: now + 3600 }, { nbf: now + 3600 }]) {
      assert.throws(() => validate({ is }), { message: /clock/ });
    }
  });
});

describe('an ID token that is no object', () => {
  it('is refused, not stumbled over', () => {
    assert.throws(() => validateClaims({} as User, expected), { code: 'id_token_invalid' });
  });
});

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
      expiresAt: now + 3600,
    });
  });

  it('may leave out the refresh token, and the scopes when they are those asked for', () => {
    const { refreshToken, scopes } = parse({ refresh_token: undefined, scope: undefined });
    assert.deepEqual([refreshToken, scopes], [undefined, ['openid', 'email']]);
  });

  it('may write its type in any case and its lifetime as text', () => {
    assert.equal(parse({ token_type: 'bEARER', expires_in: '60' }).expiresAt, now + 60);
  });

  for (const [what, change, said] of [
    ['no access token', { access_token: undefined }, /access_token/],
    ['an empty access token', { access_token: '' }, /access_token/],
    ['an access token that is no text', { access_token: { toString: 'x' } }, /access_token/],
    ['no ID token', { id_token: undefined }, /id_token/],
    ['an ID token that is no text', { id_token: 7 }, /id_token/],
    ['a refresh token that is no text', { refresh_token: ['r1'] }, /refresh_token/],
    ['no type', { token_type: undefined }, /token_type/],
    ['another type', { token_type: 'DPoP' }, /type/],
    ['no lifetime', { expires_in: undefined }, /expires_in/],
    ['a lifetime of nothing', { expires_in: 0 }, /expires_in/],
    ['a lifetime below nothing', { expires_in: -60 }, /expires_in/],
    ['a lifetime that is no number', { expires_in: 'never' }, /expires_in/],
    ['a lifetime without end', { expires_in: 'Infinity' }, /expires_in/],
  ] as const) {
    it(`with ${what} is refused`, () => {
      assert.throws(() => parse(change), { code: 'token_exchange_failed', message: said });
    });
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
