import { after, before, describe, it } from 'node:test';
import { run } from './attack.js';
import { attacks } from './attacks.js';
import { AttackFixture } from './fixture.js';

/** One attack for each promise of the frame and of the seal. All of them are in `npm run tables`. */
const smoke = [
  'a script of the page listens for keys, generation 2',
  'a foreign page shows the form',
  'an allowed page asks for another issuer',
  'allowed-origins, and a guard with src there, sealed page',
  'a second okta-config for another issuer, after the owner’s, page with tags',
  'form name="scripts", and a second okta-config for another issuer, sealed page',
  'a fragment with scripts, handlers, frames and javascript: addresses, sealed page',
  'mix-up: a second issuer, with a redirect URI of its own, has the first send the code to the owner’s, page with tags',
];

describe('attacks', () => {
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
