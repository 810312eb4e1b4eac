import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findSettingFault, type GuardSettings } from '../../src/guard/settings.js';

const INVALID: [GuardSettings, keyof GuardSettings, RegExp][] = [
  [{ groups: '' }, 'groups', /empty/],
  [{ groups: ' \n' }, 'groups', /empty/],
  [{ groups: '[]' }, 'groups', /list is empty/],
  [{ groups: [] }, 'groups', /list is empty/],
  [{ groups: '[broken' }, 'groups', /JSON/],
  [{ groups: '["a" "b"]' }, 'groups', /JSON/],
  [{ groups: '[1]' }, 'groups', /every entry/],
  [{ groups: '["a", ""]' }, 'groups', /every entry/],
  [{ groups: ['a', ' '] }, 'groups', /every entry/],
  [{ groups: ['a', null] }, 'groups', /every entry/],
  [{ groups: { Members: true } }, 'groups', /text or an array/],
  [{ groups: 7 }, 'groups', /text or an array/],
  [{ groups: true }, 'groups', /text or an array/],
  [{ scopes: '' }, 'scopes', /empty/],
  [{ scopes: '[x' }, 'scopes', /JSON/],
  [{ acrValues: '' }, 'acrValues', /empty/],
  [{ acrValues: [] }, 'acrValues', /empty/],
  [{ claim: '' }, 'claim', /empty/],
  [{ claim: 5 }, 'claim', /empty/],
  [{ claim: 'tier', value: ' ' }, 'value', /empty/],
  [{ value: 'gold' }, 'value', /claim/],
  [{ src: '' }, 'src', /empty/],
  [{ maxAge: '' }, 'maxAge', /number/],
  [{ maxAge: ' ' }, 'maxAge', /number/],
  [{ maxAge: 'soon' }, 'maxAge', /number/],
  [{ maxAge: '15m' }, 'maxAge', /number/],
  [{ maxAge: '-1' }, 'maxAge', /number/],
  [{ maxAge: -1 }, 'maxAge', /number/],
  [{ maxAge: NaN }, 'maxAge', /number/],
  [{ maxAge: 'Infinity' }, 'maxAge', /number/],
  [{ maxAge: true }, 'maxAge', /number/],
];

const VALID: GuardSettings[] = [
  {},
  { groups: null, scopes: undefined, claim: null, value: null, maxAge: null, src: null, acrValues: undefined },
  { groups: 'Members' },
  { groups: ' Members\n Staff ' },
  { groups: '["Warehouse staff"]' },
  { groups: ' [ "a\\"b" ] ' },
  { groups: ['Members', 'Warehouse staff'] },
  { scopes: 'orders:read' },
  { acrValues: 'urn:okta:loa:2fa:any phr' },
  { claim: 'tier', value: 'gold' },
  { claim: 'tier', value: '[VIP]' },
  { claim: 'given name' },
  { src: '/fragment' },
  { maxAge: 0 },
  { maxAge: '0' },
  { maxAge: '900' },
  { maxAge: '1.5' },
];

describe('findSettingFault', () => {
  for (const [settings, name, advice] of INVALID) {
    it(`rejects ${JSON.stringify(settings)}`, () => {
      const found = findSettingFault(settings);
      assert.equal(found?.name, name);
      assert.match(found.advice, advice);
    });
  }

  for (const settings of VALID) {
    it(`accepts ${JSON.stringify(settings)}`, () => assert.equal(findSettingFault(settings), undefined));
  }
});
