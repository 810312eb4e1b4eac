import { after, before, describe, it } from 'node:test';
import { play } from './attack.js';
import { attacks } from './attacks.js';
import { AttackFixture } from './fixture.js';

describe('attacks on the sign-in frame', () => {
  let fixture: AttackFixture;
  before(async () => {
    fixture = await AttackFixture.open();
  });
  after(() => fixture?.close());

  for (const attack of attacks) {
    const ending = attack.without ? 'is stopped, and succeeds without the defence' : 'is not stopped, as documented';
    it(`${attack.name}: ${ending}`, async () => {
      await play(fixture, attack);
    });
  }
});
