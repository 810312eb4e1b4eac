import { after, before, describe, it } from 'node:test';
import { run } from './attack.js';
import { attacks } from './attacks.js';
import { AttackFixture } from './fixture.js';

/** One attack for each promise of the frame. All of them are in `npm run tables`. */
const smoke = [
  'a script of the page listens for keys, generation 2',
  'a foreign page shows the form',
  'an allowed page asks for another issuer',
];

describe('attacks on the sign-in frame', () => {
  let fixture: AttackFixture;
  before(async () => {
    fixture = await AttackFixture.open();
  });
  after(() => fixture?.close());

  for (const name of smoke) {
    it(`${name}: is stopped, and succeeds without the defence`, async () => {
      await run(
        fixture,
        attacks.find((attack) => attack.name === name)!,
      );
    });
  }
});
