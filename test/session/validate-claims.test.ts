import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { User } from '../../src/session/state.js';
import { CLOCK_SKEW, validateClaims, type Expectation } from '../../src/session/validate/claims.js';

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
  foreignIssuer: {
    refuses: {
      'another issuer': { is: { iss: 'https://evil.example' } },
      'a slash more': { is: { iss: `${issuer}/` } },
      'no issuer': { is: { iss: undefined } },
      'a list': { is: { iss: [issuer] } },
    },
    passes: { 'the configured issuer': {} },
  },
  foreignAudience: {
    refuses: {
      'another application': { is: { aud: 'other' } },
      'no audience': { is: { aud: undefined } },
      'an empty list': { is: { aud: [] } },
      'a list without us': { is: { aud: ['other', 'third'], azp: 'shop' } },
      'a list in a list': { is: { aud: [['shop', 'x']] } },
      'a longer name': { is: { aud: 'shop2' } },
    },
    passes: { 'our client id': {}, 'a list of only us': { is: { aud: ['shop'] } } },
  },
  sharedAudience: {
    refuses: { 'a list with others and no azp': { is: { aud: ['shop', 'other'] } } },
    passes: { 'a list with others, issued to us': { is: { aud: ['shop', 'other'], azp: 'shop' } } },
  },
  foreignAuthorizedParty: {
    refuses: {
      'issued to another': { is: { azp: 'other' } },
      'azp of another kind': { is: { azp: ['shop'] } },
      'azp null': { is: { azp: null } },
    },
    passes: { 'issued to us': { is: { azp: 'shop' } }, 'no azp': {} },
  },
  malformedSubject: {
    refuses: {
      'no sub': { is: { sub: undefined } },
      'an empty sub': { is: { sub: '' } },
      'a number': { is: { sub: 7 } },
      'more than 255 characters': { is: { sub: 'u'.repeat(256) } },
    },
    passes: { 'a sub': { is: { sub: '7' } }, '255 characters': { is: { sub: 'u'.repeat(255) } } },
  },
  withoutTimes: {
    refuses: {
      'no exp': { is: { exp: undefined } },
      'an exp that is text': { is: { exp: String(now + 3600) } },
      'an exp that is not a number': { is: { exp: NaN } },
      'an exp without end': { is: { exp: Infinity } },
      'a negative exp': { is: { exp: -1 } },
      'no iat': { is: { iat: undefined } },
      'an iat that is text': { is: { iat: String(now) } },
      'an iat of null': { is: { iat: null } },
    },
    passes: { 'fractions of a second': { is: { iat: now + 0.5, exp: now + 3600.5 } } },
  },
  expired: {
    refuses: { 'expired longer ago than clocks differ': { is: { exp: now - CLOCK_SKEW, iat: now - CLOCK_SKEW - 60 } } },
    passes: {
      'expired within the difference of clocks': { is: { exp: now - CLOCK_SKEW + 1, iat: now - CLOCK_SKEW } },
    },
  },
  issuedInTheFuture: {
    refuses: { 'issued further ahead than clocks differ': { is: { iat: now + CLOCK_SKEW + 1 } } },
    passes: { 'issued ahead within the difference of clocks': { is: { iat: now + CLOCK_SKEW } } },
  },
  issuedLongAgo: {
    refuses: {
      'issued longer ago than clocks differ and an answer takes': { is: { iat: now - CLOCK_SKEW - 31 } },
      'issued yesterday, however long it is good for': { is: { iat: now - 86_400, exp: now + 86_400 } },
      'issued long before, at renewal': { is: { iat: now - 86_400, nonce: undefined }, when: renewal },
    },
    passes: { 'issued within the difference of clocks': { is: { iat: now - CLOCK_SKEW - 30 } } },
  },
  expiredBeforeIssued: {
    refuses: {
      'expired when it was issued': { is: { exp: now, iat: now } },
      'expired before it was issued': { is: { exp: now, iat: now + 60 } },
    },
    passes: { 'good for a second': { is: { exp: now + 1, iat: now } } },
  },
  notYetValid: {
    refuses: {
      'valid only later': { is: { nbf: now + CLOCK_SKEW + 1 } },
      text: { is: { nbf: 'now' } },
      null: { is: { nbf: null } },
    },
    passes: { 'valid about now': { is: { nbf: now + CLOCK_SKEW } }, 'no nbf': {} },
  },
  foreignNonce: {
    refuses: {
      'another nonce': { is: { nonce: 'n2' } },
      'no nonce': { is: { nonce: undefined } },
      'a list that holds it': { is: { nonce: ['n1'] } },
      'no nonce where the transaction lost its own': { is: { nonce: undefined }, when: { nonce: undefined } },
      'an empty one where the transaction has an empty one': { is: { nonce: '' }, when: { nonce: '' } },
      'the first nonce at a renewal that sent its own': { is: { nonce: 'n0' }, when: { previous } },
      'no nonce at a renewal that sent its own': { is: { nonce: undefined }, when: { previous } },
    },
    passes: { 'the nonce that was sent': {}, 'the nonce that was sent at a renewal': { when: { previous } } },
  },
  weakerAuthentication: {
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
  olderAuthentication: {
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
  otherSubject: {
    refuses: {
      'another user at renewal': { is: { sub: 'u2', nonce: undefined }, when: renewal },
      'another user at a renewal that sent a nonce': { is: { sub: 'u2' }, when: { previous } },
    },
    passes: {
      'the same user at renewal': { is: { nonce: undefined }, when: renewal },
      'any user at sign-in': { is: { sub: 'u2' } },
    },
  },
  otherAuthenticationTime: {
    refuses: { 'another sign-in at renewal': { is: { auth_time: now, nonce: undefined }, when: renewal } },
    passes: {
      'the same sign-in at renewal': { is: { auth_time: now - 60, nonce: undefined }, when: renewal },
      'a renewal that does not say': { is: { nonce: undefined }, when: renewal },
      'a renewal where the first token did not say': {
        is: { auth_time: now, nonce: undefined },
        when: { nonce: undefined, previous: claims },
      },
      'a later sign-in of the same user, in a hidden frame': { is: { auth_time: now }, when: { previous } },
    },
  },
  otherAuthorizedParty: {
    refuses: {
      'an azp where there was none': { is: { azp: 'shop', nonce: undefined }, when: renewal },
      'no azp where there was one': {
        is: { nonce: undefined },
        when: { ...renewal, previous: { ...previous, azp: 'shop' } },
      },
    },
    passes: {
      'the same azp': {
        is: { azp: 'shop', nonce: undefined },
        when: { ...renewal, previous: { ...previous, azp: 'shop' } },
      },
    },
  },
  otherNonce: {
    refuses: {
      'another nonce at renewal': { is: { nonce: 'n2' }, when: renewal },
      'a nonce where there was none': { when: { nonce: undefined, previous: { ...claims, nonce: undefined } } },
    },
    passes: {
      'no nonce at renewal': { is: { nonce: undefined }, when: renewal },
      'the first nonce at renewal': { is: { nonce: 'n0' }, when: renewal },
    },
  },
};

for (const [name, { refuses, passes }] of Object.entries(checks)) {
  describe(`the check "${name}"`, () => {
    for (const [what, example] of Object.entries(refuses)) {
      it(`refuses ${what}`, () => {
        // Its own name in the message: no other check got there first.
        assert.throws(() => validate(example), {
          code: 'id_token_invalid',
          message: new RegExp(`\\(${name}\\): .+; .+\\.$`),
        });
      });
    }
    for (const [what, example] of Object.entries(passes)) it(`passes ${what}`, () => validate(example));
  });
}

describe('a clock that is wrong', () => {
  /** What a provider signs now, looked at by a browser whose clock is off. */
  const seenBy = (offset: number) => () => validate({ when: { now: now + offset } });

  for (const offset of [-CLOCK_SKEW, -120, 0, 120, CLOCK_SKEW]) {
    it(`works when it is off by ${offset} seconds`, seenBy(offset));
  }

  for (const offset of [-CLOCK_SKEW - 60, CLOCK_SKEW + 60, 1800, 7200, -7200, 86_400 * 365, -86_400 * 365]) {
    it(`is to blame, and named, when it is off by ${offset} seconds`, () => {
      assert.throws(seenBy(offset), { code: 'id_token_invalid', message: /; set the clock of this device/ });
    });
  }
});

it('an ID token that says nothing is refused, not stumbled over', () => {
  assert.throws(() => validateClaims({} as User, expected), { code: 'id_token_invalid' });
});

it('what a refusal quotes is short, however long or deep it came', () => {
  let deep: unknown = 'x';
  for (let level = 0; level < 50_000; level++) deep = [deep];
  for (const iss of ['x'.repeat(100_000), deep]) {
    assert.throws(
      () => validate({ is: { iss } }),
      (error: Error) => error.message.length < 500,
    );
  }
});
