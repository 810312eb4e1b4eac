import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startFixture, type ConformanceFixture } from './fixture.js';
import { judge } from './judge.js';
import { modules } from './modules.js';
import { observe } from './observe.js';
import { oktaElements } from './parties.js';

/** One module for each kind of ending. All of them are in `npm run tables`. */
const smoke = [
  'oidcc-client-test',
  'oidcc-client-test-invalid-sig-rs256',
  'oidcc-client-test-userinfo-invalid-sub',
  'oidcc-client-test-refresh-token-invalid-sub',
];

describe('conformance', () => {
  let fixture: ConformanceFixture;
  before(async () => (fixture = await startFixture()));
  after(() => fixture?.close());

  for (const name of smoke) {
    const module = modules.find((candidate) => candidate.name === name)!;
    it(`${name}: ends with "${module.expected.is}"`, async () =>
      assert.deepEqual(judge(module, await observe(fixture, oktaElements, module)), []));
  }
});
