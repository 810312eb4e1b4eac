import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { judge } from './judge.js';
import { modules } from './modules.js';
import { oktaElements } from './parties.js';
import { observe } from './run.js';
import { startStage, type Stage } from './stage.js';

describe('conformance', () => {
  let stage: Stage;
  before(async () => (stage = await startStage()));
  after(() => stage?.close());

  for (const module of modules) {
    it(module.name, async () => assert.deepEqual(judge(module, await observe(stage, oktaElements, module)), []));
  }
});
