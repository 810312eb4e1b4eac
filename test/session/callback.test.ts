import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ErrorCode } from '../../src/errors.js';
import { oauthError, readResponse, withoutResponse } from '../../src/session/callback.js';

const issuer = 'https://shop.okta.com/oauth2/default';
const at = (query: string) => `https://shop.example/back?${query}`;
const read = (query: string, naming = false) =>
  readResponse(at(query), {
    provider: { issuer, authorization_response_iss_parameter_supported: naming },
    state: 's1',
    redirectUri: 'https://shop.example/back',
  });
const iss = `iss=${encodeURIComponent(issuer)}`;

describe('an answer that is well formed', () => {
  for (const query of [
    'code=c1&state=s1',
    `state=s1&code=c1&${iss}`,
    'code=c1&state=s1&session_state=x&page=2&page=3',
  ]) {
    it(`is read: ${query}`, () => assert.deepEqual(read(query), { code: 'c1', state: 's1' }));
  }

  it('is read from a provider that always names itself', () => {
    assert.deepEqual(read(`code=c1&state=s1&${iss}`, true), { code: 'c1', state: 's1' });
  });

  it('keeps the characters of a code', () => {
    assert.equal(read('code=a%2Bb%2F%3D%25&state=s1').code, 'a+b/=%');
  });
});

/** What each check refuses. Its own name in the message: no other got there first. */
const refusals: Record<string, { code: ErrorCode; queries: string[]; naming?: boolean }> = {
  repeatedParameter: {
    code: 'callback_invalid',
    queries: [
      'code=c1&code=c2&state=s1',
      'code=c1&code=c1&state=s1',
      'code=c1&c%6fde=c1&state=s1',
      'code=c1&state=s1&state=s2',
      'error=a&error=b&state=s1',
      'error=a&error_description=x&error_description=y&state=s1',
      `code=c1&state=s1&${iss}&${iss}`,
    ],
  },
  oversizedParameter: {
    code: 'callback_invalid',
    queries: ['code', 'state', 'iss', 'error_description'].map((name) => `${name}=${'x'.repeat(8193)}`),
  },
  missingState: { code: 'callback_invalid', queries: ['code=c1', 'code=c1&state=', 'error=access_denied'] },
  neitherCodeNorError: { code: 'callback_invalid', queries: ['state=s1', 'code=&state=s1', 'error=&state=s1'] },
  codeBesideError: {
    code: 'callback_invalid',
    queries: ['code=c1&error=access_denied&state=s1', 'code=&error=access_denied&state=s1', 'code=c1&error=&state=s1'],
  },
  foreignState: { code: 'state_mismatch', queries: ['code=c1&state=s2', 'error=access_denied&state=S1'] },
  foreignIssuer: {
    code: 'issuer_mismatch',
    queries: ['https://evil.example', `${issuer}/`, '', issuer.toUpperCase()]
      .map((other) => `iss=${encodeURIComponent(other)}`)
      .flatMap((named) => [`code=c1&state=s1&${named}`, `error=access_denied&state=s1&${named}`]),
  },
  missingIssuer: {
    code: 'issuer_mismatch',
    naming: true,
    queries: ['code=c1&state=s1', 'error=access_denied&state=s1', 'error=access_denied&error_description=x&state=s1'],
  },
};

for (const [name, { code, queries, naming }] of Object.entries(refusals)) {
  describe(`the check "${name}" of an answer`, () => {
    for (const query of queries) {
      it(`refuses ${query.length < 200 ? query : `${query.slice(0, 30)}…`}`, () => {
        assert.throws(() => read(query, naming), { code, message: new RegExp(`\\(${name}\\): .+; .+\\.$`) });
      });
    }
  });
}

describe('the check "foreignAddress" of an authorization response', () => {
  const readAt = (address: string) =>
    readResponse(`${address}?code=c1&state=s1`, {
      provider: { issuer },
      state: 's1',
      redirectUri: 'https://shop.example/back',
    });

  for (const address of ['https://shop.example/', 'https://shop.example/back/end', 'https://shop.example/Back']) {
    it(`rejects one that came to ${address}`, () => {
      assert.throws(() => readAt(address), { code: 'callback_invalid', message: /redirect URI .*; set redirect-uri/ });
    });
  }

  for (const address of ['https://shop.example/back/', 'https://shop.example/back/index.html']) {
    it(`accepts the spelling of a server: ${address}`, () => assert.equal(readAt(address).code, 'c1'));
  }
});

it('an answer whose encoding is broken is refused without throwing anything raw', () => {
  assert.throws(() => read('error=%E0%A4%A&state=s1'), { name: 'OktaElementsError' });
});

describe('an error of the provider', () => {
  for (const [error, code] of [
    ['access_denied', 'access_denied'],
    ['unmet_authentication_requirements', 'access_denied'],
    ['login_required', 'login_required'],
    ['interaction_required', 'login_required'],
    ['consent_required', 'login_required'],
    ['account_selection_required', 'login_required'],
    ['server_error', 'server_error'],
    ['temporarily_unavailable', 'server_error'],
    ['invalid_scope', 'callback_invalid'],
    ['constructor', 'callback_invalid'],
    ['__proto__', 'callback_invalid'],
  ] as const) {
    it(`${error} becomes ${code}, with and without a description`, () => {
      assert.throws(() => read(`error=${error}&state=s1`), { code, message: new RegExp(error) });
      assert.throws(() => read(`error=${error}&state=s1&error_description=Not+today`), { code, message: /Not today;/ });
    });
  }

  it('is told as one sentence, however long or dotted its description', () => {
    assert.equal(
      oauthError('access_denied', 'User is not assigned.. ', 'callback_invalid').message,
      'Okta answered: User is not assigned; ask whoever runs this site for access, or sign in as somebody else.',
    );
    assert.match(oauthError('x', 'y'.repeat(5000), 'callback_invalid').message, /: y{300};/);
  });

  it('keeps its name when it has no code of its own', () => {
    const advice = 'sign in again, and check the settings of the application in Okta';
    for (const [description, message] of [
      ['No such scope.', `Okta answered: No such scope; ${advice} (invalid_scope).`],
      [undefined, `Okta answered: invalid_scope; ${advice}.`],
      ['', `Okta answered: invalid_scope; ${advice}.`],
    ] as const) {
      const error = oauthError('invalid_scope', description, 'token_exchange_failed');
      assert.deepEqual([error.code, error.message], ['token_exchange_failed', message]);
    }
  });
});

describe('withoutResponse', () => {
  for (const [before, after] of [
    ['https://shop.example/?code=c&state=s', 'https://shop.example/'],
    ['https://shop.example/#code=c', 'https://shop.example/#code=c'],
    [at('code=c&state=s&iss=i&session_state=x'), 'https://shop.example/back'],
    [at('error=e&error_description=d&error_uri=u&state=s&page=2#x'), 'https://shop.example/back?page=2#x'],
    [at('c%6fde=c&state=s&page=2'), 'https://shop.example/back?page=2'],
    [at('q=a%20b&code=c&flag&state=s&r=c%2Bd+e'), 'https://shop.example/back?q=a%20b&flag&r=c%2Bd+e'],
    [at('code=1&code=2&states=3'), 'https://shop.example/back?states=3'],
    [at('interaction_code=c&state=s'), 'https://shop.example/back'],
  ] as const) {
    it(`makes ${after} of ${before}`, () => assert.equal(withoutResponse(before), after));
  }
});
