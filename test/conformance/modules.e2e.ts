import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { judge } from './judge.js';
import { modules } from './modules.js';
import { oktaElements } from './parties.js';
import { observe } from './observe.js';
import { startFixture, type ConformanceFixture } from './fixture.js';

describe('conformance', () => {
  let fixture: ConformanceFixture;
  before(async () => (fixture = await startFixture()));
  after(() => fixture?.close());

  for (const module of modules) {
    it(module.name, async () => assert.deepEqual(judge(module, await observe(fixture, oktaElements, module)), []));
  }
});
