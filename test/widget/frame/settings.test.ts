import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseFrameSettings } from '../../../src/widget/frame/settings.js';

const right = {
  issuer: 'https://login.example.com/oauth2/default',
  clientId: '0oa1',
  redirectUri: 'https://app.example.com/callback',
  parents: ['https://app.example.com'],
};

describe('the settings of a sign-in frame', () => {
  it('have defaults', () => {
    assert.deepEqual(parseFrameSettings(right), {
      ...right,
      scopes: ['openid', 'profile', 'email'],
      generation: 2,
      requestTimeout: 10_000,
      widgetOptions: {},
    });
  });

  it('may say more', () => {
    const more = { $schema: 'x', scopes: 'openid groups', generation: '3', widgetOptions: { i18n: {} } };
    const { scopes, generation, widgetOptions } = parseFrameSettings({ ...right, ...more });
    assert.deepEqual([scopes, generation, widgetOptions], [['openid', 'groups'], 3, { i18n: {} }]);
    assert.deepEqual(parseFrameSettings({ ...right, scopes: ['openid', 'x'] }).scopes, ['openid', 'x']);
    assert.equal(parseFrameSettings({ ...right, requestTimeout: 3000 }).requestTimeout, 3000);
    assert.deepEqual(
      parseFrameSettings({ ...right, parents: ['https://app.example.com:443/'] }).parents,
      right.parents,
    );
  });

  const wrong: [string, unknown, RegExp][] = [
    ['are no object', null, /redirectUri/],
    ['have a name that there is not', { ...right, redirectUrl: 'x' }, /"redirectUrl" is no setting/],
    ['have no issuer', { ...right, issuer: undefined }, /issuer/],
    ['have an issuer without https', { ...right, issuer: 'http://login.example.com' }, /issuer/],
    ['have no client', { ...right, clientId: '' }, /client/i],
    ['have a redirect URI that is a path', { ...right, redirectUri: '/callback' }, /redirectUri/],
    ['name nobody', { ...right, parents: [] }, /parents lists the origins/],
    ['name everybody', { ...right, parents: ['*'] }, /"\*"/],
    ['name everybody below a domain', { ...right, parents: ['https://*.example.com'] }, /not an origin/],
    ['name a path', { ...right, parents: ['https://app.example.com/shop'] }, /not an origin/],
    ['name an origin without https', { ...right, parents: ['http://app.example.com'] }, /not an origin/],
    ['say more than an origin', { ...right, parents: ['https://app.example.com; script-src *'] }, /not an origin/],
    ['have another generation', { ...right, generation: 4 }, /generation is 2 or 3/],
    [
      'have a time limit that is none',
      { ...right, requestTimeout: 0 },
      /request-timeout=0: set a number of milliseconds/,
    ],
    ['have options that are a list', { ...right, widgetOptions: [] }, /widgetOptions is an object/],
  ];
  for (const [name, said, message] of wrong) {
    it(`are refused when they ${name}`, () => {
      assert.throws(() => parseFrameSettings(said), { code: 'config_invalid', message });
    });
  }
});
