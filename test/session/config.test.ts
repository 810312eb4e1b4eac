import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { OktaElementsError } from '../../src/errors.js';
import { withAdvice } from '../../src/session/config-advice.js';
import { parseConfig, parseList, type ConfigInput, type OktaConfig } from '../../src/session/config.js';

const page = 'https://shop.example/basket?open=1#top';
const needed = { issuer: 'https://shop.okta.com/oauth2/default', clientId: 'shop' };

/** As a page does it: the message of an error is completed when it is explained. */
function parse(input: ConfigInput): OktaConfig {
  try {
    return parseConfig({ ...needed, ...input }, page);
  } catch (error) {
    (error as OktaElementsError).message = withAdvice(error as OktaElementsError);
    throw error;
  }
}

/** What JSON can say and the types cannot. */
const hostile = (input: Record<string, unknown>) => input as ConfigInput;

describe('a configuration with only what is required', () => {
  it('takes every default', () => {
    const { said, ...config } = parseConfig(needed, page);
    assert.deepEqual({ ...said }, needed);
    assert.deepEqual(config, {
      ...needed,
      redirectUri: 'https://shop.example/',
      postLogoutRedirectUri: 'https://shop.example/',
      scopes: ['openid', 'profile', 'email'],
      storage: 'local',
      renew: 'auto',
      callback: 'auto',
      allowedOrigins: [],
      nonce: undefined,
      dpop: false,
      idleTimeout: undefined,
      requestTimeout: 10_000,
      silentTimeout: 10_000,
      popupTimeout: 60_000,
    });
  });

  it('is all it takes', () => {
    for (const name of ['issuer', 'clientId'] as const) {
      assert.throws(() => parse({ [name]: undefined }), { code: 'config_invalid' });
      assert.throws(() => parse({ [name]: '  ' }), { code: 'config_invalid' });
    }
  });
});

describe('the issuer', () => {
  for (const [issuer, taken] of [
    ['https://shop.okta.com', 'https://shop.okta.com'],
    ['https://shop.okta.com/', 'https://shop.okta.com'],
    ['https://shop.okta.com/oauth2/default//', 'https://shop.okta.com/oauth2/default'],
    ['  https://login.shop.example/oauth2/aus1 ', 'https://login.shop.example/oauth2/aus1'],
    ['https://shop-administration.okta.com', 'https://shop-administration.okta.com'],
    ['http://localhost:7100/oauth2/default', 'http://localhost:7100/oauth2/default'],
    ['http://login.shop.localhost:7100', 'http://login.shop.localhost:7100'],
    ['http://127.0.0.1:7100', 'http://127.0.0.1:7100'],
    ['http://[::1]:7100', 'http://[::1]:7100'],
  ] as const) {
    it(`may be ${issuer}`, () => assert.equal(parse({ issuer }).issuer, taken));
  }

  for (const [issuer, advice] of [
    ['shop.okta.com', /set an https URL/],
    ['http://shop.okta.com', /https/],
    ['http://localhost.evil.example', /https/],
    ['http://127.0.0.1.evil.example', /https/],
    ['http://1270.0.0.1.example', /https/],
    ['ftp://localhost', /https/],
    ['javascript:alert(1)', /https/],
    ['//evil.example', /set an https URL/],
    ['data:,x', /https/],
    ['https://me:secret@shop.okta.com', /^issuer="https:\/\/…@shop.okta.com": .*user name/],
    ['https://me@shop.okta.com', /user name/],
    ['https://:secret@shop.okta.com', /user name/],
    ['', /^issuer="": set your/],
    ['https://shop.okta.com?tenant=1', /query/],
    ['https://shop.okta.com/?', /query/],
    ['https://shop.okta.com/#/default', /fragment/],
    ['https://shop-admin.okta.com/oauth2/default', /Admin Console/],
    ['https://shop-admin.oktapreview.com', /Admin Console/],
    ['https://Shop-Admin.okta.com', /Admin Console/],
    ['https://{yourOktaDomain}/oauth2/default', /placeholder/],
    ['https://${yourOktaDomain}/oauth2/default', /placeholder/],
    ['https://<your-domain>/oauth2/default', /placeholder/],
    ['https://%7ByourOktaDomain%7D/oauth2/default', /placeholder/],
  ] as const) {
    it(`may not be ${issuer}`, () => {
      assert.throws(() => parse({ issuer }), { code: 'config_invalid', message: advice });
    });
  }
});

describe('the client id', () => {
  it('loses the spaces around it', () => assert.equal(parse({ clientId: ' shop\n' }).clientId, 'shop'));

  it('may not be the placeholder of an example', () => {
    for (const clientId of ['{yourClientId}', '${clientId}', '<client id>']) {
      assert.throws(() => parse({ clientId }), { code: 'config_invalid', message: /client-id/ });
    }
  });
});

describe('an address on this site', () => {
  for (const [address, taken] of [
    ['', 'https://shop.example/'],
    ['/signed-in?from=okta', 'https://shop.example/signed-in?from=okta'],
    ['back', 'https://shop.example/back'],
    ['https://shop.example/back', 'https://shop.example/back'],
  ] as const) {
    it(`may be "${address}"`, () => {
      const config = parse({ redirectUri: address, postLogoutRedirectUri: address });
      assert.deepEqual([config.redirectUri, config.postLogoutRedirectUri], [taken, taken]);
    });
  }

  for (const address of [
    'https://evil.example/',
    'http://shop.example/',
    'https://shop.example:8443/',
    '//evil.example/',
    '/\\evil.example/',
    '\\\\evil.example/',
    'javascript:alert(1)',
    'data:,x',
    '/back#fragment',
    'https://[',
  ]) {
    it(`may not be "${address}"`, () => {
      assert.throws(() => parse({ redirectUri: address }), { code: 'config_invalid', message: /^redirect-uri/ });
      assert.throws(() => parse({ postLogoutRedirectUri: address }), { message: /^post-logout-redirect-uri/ });
    });
  }
});

describe('scopes', () => {
  it('are a list, or words between spaces', () => {
    const expected = ['openid', 'groups', 'offline_access'];
    assert.deepEqual(parse({ scopes: ' openid  groups\toffline_access ' }).scopes, expected);
    assert.deepEqual(parse({ scopes: expected }).scopes, expected);
  });

  it('must say openid', () => {
    assert.throws(() => parse({ scopes: 'profile' }), { code: 'config_invalid', message: /openid/ });
    assert.throws(() => parse({ scopes: '' }), { message: /openid/ });
  });
});

describe('a choice', () => {
  for (const [name, attribute, choices] of [
    ['storage', 'storage', ['local', 'session', 'memory']],
    ['renew', 'renew', ['auto', 'on-demand', 'off']],
    ['callback', 'callback', ['auto', 'manual']],
  ] as const) {
    it(`of ${attribute} is one of ${choices.join(', ')}; empty is the first`, () => {
      for (const choice of choices) assert.equal(parse({ [name]: choice })[name], choice);
      assert.equal(parse({ [name]: '' })[name], choices[0]);
    });

    it(`of ${attribute} is nothing else`, () => {
      for (const value of ['cookie', choices[0].toUpperCase(), 'toString']) {
        assert.throws(() => parse({ [name]: value }), {
          code: 'config_invalid',
          message: new RegExp(`^${attribute}="\\w+": set one of`),
        });
      }
    });
  }
});

describe('allowed origins', () => {
  it('are origins, whatever path they were written with', () => {
    const { allowedOrigins } = parse({ allowedOrigins: 'https://api.example/v1  http://localhost:8080' });
    assert.deepEqual(allowedOrigins, ['https://api.example', 'http://localhost:8080']);
  });

  for (const origin of [
    'api.example',
    'localhost:8080',
    'api.example:443',
    'http://api.example',
    'https://*.example',
    '*',
    'null',
    'data:text/plain,x',
    'javascript:1',
  ]) {
    it(`may not be ${origin}`, () => {
      assert.throws(() => parse({ allowedOrigins: ['https://fine.example', origin] }), {
        code: 'config_invalid',
        message: /allowed-origins/,
      });
    });
  }
});

describe('the request timeout', () => {
  it('is a number of milliseconds, in any writing', () => {
    assert.equal(parse({ requestTimeout: 250 }).requestTimeout, 250);
    assert.equal(parse({ requestTimeout: '250' }).requestTimeout, 250);
  });

  it('has one for frames, one for popups and one for idle users', () => {
    const { silentTimeout, popupTimeout, idleTimeout } = parse({
      silentTimeout: '500',
      popupTimeout: 30_000,
      idleTimeout: '900',
    });
    assert.deepEqual([silentTimeout, popupTimeout, idleTimeout], [500, 30_000, 900]);
  });

  for (const idleTimeout of [0, -1, 'soon', '0']) {
    it(`of an idle user may not be ${JSON.stringify(idleTimeout)}`, () => {
      assert.throws(() => parse({ idleTimeout }), { code: 'config_invalid', message: /idle-timeout/ });
    });
  }

  for (const requestTimeout of [0, -1, NaN, Infinity, 2 ** 31, 'soon', 'never', '']) {
    it(`may not be ${JSON.stringify(requestTimeout)}`, () => {
      assert.throws(() => parse({ requestTimeout }), { code: 'config_invalid', message: /request-timeout/ });
    });
  }
});

describe('a configuration file with anything in it', () => {
  for (const value of [5, true, {}, [], [[]]]) {
    it(`is refused in words when the issuer is ${JSON.stringify(value)}`, () => {
      assert.throws(() => parse(hostile({ issuer: value })), { name: 'OktaElementsError', code: 'config_invalid' });
    });
  }

  for (const name of ['clientId', 'storage', 'requestTimeout', 'scopes']) {
    it(`is refused in words when ${name} is an object`, () => {
      assert.throws(() => parse(hostile({ [name]: { a: 1 } })), { name: 'OktaElementsError', code: 'config_invalid' });
    });
  }
});

describe('dpop', () => {
  for (const [said, meant] of [
    ['', true],
    ['dpop', true],
    [true, true],
    [false, false],
    ['false', false],
    [undefined, false],
  ] as const) {
    it(`${JSON.stringify(said)} means ${meant}`, () => assert.equal(parse({ dpop: said }).dpop, meant));
  }
});

describe('parseList', () => {
  it('copies a list and leaves its entries whole', () => {
    const list = ['Warehouse staff', 'Members'];
    assert.deepEqual(parseList(list), list);
    assert.notEqual(parseList(list), list);
  });

  it('finds nothing in nothing', () => {
    for (const nothing of [undefined, null, '', ' \n']) assert.deepEqual(parseList(nothing), []);
  });
});
