import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  authorAssetBase,
  widgetConfig,
  type WidgetSettings,
  type WidgetTransaction,
} from '../../src/widget/options.js';

const transaction: WidgetTransaction = {
  issuer: 'https://login.example.com/oauth2/default',
  clientId: 'shop',
  redirectUri: 'https://shop.example.com/',
  scopes: ['openid', 'email'],
  state: 'our-state',
  nonce: 'our-nonce',
  codeChallenge: 'our-challenge',
  codeChallengeMethod: 'S256',
};

const config = (settings: Partial<WidgetSettings> = {}) => widgetConfig({ transaction, ...settings }, '/assets');

describe('widgetConfig', () => {
  it('says the transaction, and that Identity Engine finishes it by handing over a code', () => {
    assert.deepEqual(config(), {
      ...transaction,
      useClassicEngine: false,
      authScheme: 'OAUTH2',
      redirect: 'never',
      features: { setPageTitle: false, rememberMe: false },
      assets: { baseUrl: '/assets' },
      authParams: {},
    });
  });

  it('says the flow, the language, the name to fill in and the nonce', () => {
    const said = config({ flow: 'signup', language: 'de-CH', loginHint: 'ada@example.com', cspNonce: 'n' });
    assert.equal(said.flow, 'signup');
    assert.equal(said.language, 'de');
    assert.equal(said.username, 'ada@example.com');
    assert.equal(said.cspNonce, 'n');
  });

  it('knows a language that the author has texts for, in i18n or as files', () => {
    assert.equal(config({ language: 'cy-GB', widgetOptions: { i18n: { cy: {} } } }).language, 'cy');
    assert.equal(config({ language: 'cy-GB', widgetOptions: { assets: { languages: ['en', 'cy'] } } }).language, 'cy');
    assert.equal(config({ language: 'cy-GB' }).language, undefined);
  });

  it('offers the identity provider that was asked for first', () => {
    const { idps, idpDisplay } = config({ idp: '0oa1' });
    assert.deepEqual(idps, [{ id: '0oa1', text: '0oa1' }]);
    assert.equal(idpDisplay, 'PRIMARY');
  });

  it('passes on the age and class a sign-in must have', () => {
    assert.deepEqual(config({ transaction: { ...transaction, acrValues: 'urn:a urn:b', maxAge: 60 } }).authParams, {
      acrValues: 'urn:a urn:b',
      maxAge: '60',
    });
  });

  it('passes on an age of nought, and takes prompt=login for it', () => {
    assert.deepEqual(config({ transaction: { ...transaction, maxAge: 0 } }).authParams, { maxAge: '0' });
    assert.deepEqual(config({ transaction: { ...transaction, prompt: 'login', maxAge: 60 } }).authParams, {
      maxAge: '0',
    });
    assert.deepEqual(config({ transaction: { ...transaction, prompt: 'consent' } }).authParams, {});
  });

  it('lets the author change looks and texts, also those the tag says', () => {
    const i18n = { ar: { 'primaryauth.title': 'x' } };
    const said = config({
      flow: 'login',
      language: 'ar',
      loginHint: 'ada',
      widgetOptions: { logo: '/logo.svg', features: { rememberMe: true }, i18n, username: 'bob' },
    });
    assert.equal(said.logo, '/logo.svg');
    assert.deepEqual(said.features, { setPageTitle: false, rememberMe: true });
    assert.deepEqual(said.i18n, i18n);
    assert.equal(said.username, 'bob');
    assert.equal(said.language, 'ar');
  });

  const bound: Record<string, unknown> = {
    issuer: 'https://evil.example',
    baseUrl: 'https://evil.example',
    clientId: 'other',
    redirectUri: 'https://evil.example/',
    scopes: ['all'],
    state: 'other',
    nonce: 'other',
    codeChallenge: 'other',
    codeChallengeMethod: 'plain',
    codeVerifier: 'other',
    authClient: {},
    authScheme: 'SESSION',
    useClassicEngine: true,
    stateToken: 'other',
    redirect: 'always',
    el: '#other',
    proxyIdxResponse: {},
    globalSuccessFn: () => {},
    globalErrorFn: () => {},
  };
  for (const [name, value] of Object.entries(bound)) {
    it(`does not let the author change ${name}`, () => {
      assert.deepEqual(config({ widgetOptions: { [name]: value } }), config());
    });
  }

  it('does not let the author change it in the options of the widget’s HTTP client, nor with a dotted name', () => {
    const authParams = {
      ...bound,
      clientSecret: 's',
      pkce: false,
      tokenUrl: 'https://evil.example',
      ignoreSignature: true,
    };
    assert.deepEqual(config({ widgetOptions: { authParams, 'authParams.issuer': 'https://evil.example' } }), config());
  });

  it('lets the author add request headers and interceptors', () => {
    const authParams = { headers: { 'X-Trace': '1' }, httpRequestInterceptors: [] };
    assert.deepEqual(config({ widgetOptions: { authParams } }).authParams, authParams);
  });

  it('looks for the assets where the author says, in either spelling, and keeps the rest of what is said of them', () => {
    const rewrite = (path: string) => path;
    assert.deepEqual(config({ widgetOptions: { assets: { baseUrl: '/mine/', rewrite } } }).assets, {
      baseUrl: '/mine',
      rewrite,
    });
    assert.deepEqual(config({ widgetOptions: { assets: { rewrite } } }).assets, { baseUrl: '/assets', rewrite });
    const dotted = config({ widgetOptions: { 'assets.baseUrl': '/mine' } });
    assert.deepEqual(dotted.assets, { baseUrl: '/mine' });
    assert.equal('assets.baseUrl' in dotted, false);
    assert.equal(authorAssetBase({}), undefined);
  });

  it('does not change what it is given', () => {
    const widgetOptions = Object.freeze({ assets: Object.freeze({}), authParams: Object.freeze({}) });
    config({ widgetOptions, transaction: Object.freeze({ ...transaction }) });
  });
});
