import { after, before, describe, it } from 'node:test';
import { bounds, check } from './bounds.js';
import { BenchFixture } from './fixture.js';

/** What every page pays, also for signed-in users. All bounds are in `npm run tables`. */
const smoke = ['before-intent', 'signed-in-warm', 'click-after-intent'];

describe('bytes and requests', () => {
  let fixture: BenchFixture;
  before(async () => {
    fixture = await BenchFixture.open();
  });
  after(() => fixture?.close());

  for (const name of smoke) {
    it(`are within their bounds: ${name}`, async () => {
      await check(
        fixture,
        bounds.find((bound) => bound.name === name)!,
      );
    });
  }
});
