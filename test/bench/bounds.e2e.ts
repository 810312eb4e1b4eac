import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Case } from './case.js';
import { cases } from './cases.js';
import { beforeIntent } from './cases/before-intent.js';
import { BenchFixture } from './fixture.js';
import { measure } from './measure.js';
import { excesses } from './table.js';

/** Takes its time, and its bounds are about leaks that the widget itself has. */
const SLOW = ['widget-mounts'];

/** Cases with a bound of ours that no peer is needed for. */
const bounded = cases.filter(
  ({ name, figures }) => figures.some(({ bound }) => bound?.ours !== undefined) && !SLOW.includes(name),
);

/** Peers that render nothing, and are larger all the same. */
const LARGER = ['auth0-spa-js', 'oidc-client-ts'];

describe('bytes, requests, nodes and listeners', () => {
  let fixture: BenchFixture;
  before(async () => {
    fixture = await BenchFixture.open();
  });
  after(() => fixture.close());

  const run = (one: Case, peers: readonly string[] = []) =>
    measure(fixture, { ...one, peers: one.peers.filter(({ name }) => peers.includes(name)) }, 1);

  for (const one of bounded) {
    it(`are within their bounds: ${one.name}`, async () => {
      assert.deepEqual(excesses(await run(one)), []);
    });
  }

  it('before any sign of intent are fewer bytes than those of libraries that render nothing', async () => {
    const { figures } = await run(beforeIntent, LARGER);
    const { peers } = figures.find(({ figure }) => figure.name === 'bytes')!;
    assert.deepEqual(Object.keys(peers), LARGER);
    for (const [name, { ratio }] of Object.entries(peers)) assert.ok(ratio < 1, `${ratio} of ${name}`);
  });

  it('of the embedded form are fewer bytes than those of Okta’s snippet', async () => {
    const one = cases.find(({ name }) => name === 'embedded-2-fast')!;
    const peers = one.peers.map(({ name }) => name);
    assert.deepEqual(excesses(await run(one, peers)), []);
  });
});
