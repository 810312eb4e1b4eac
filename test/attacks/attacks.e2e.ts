import { after, before, describe, it } from 'node:test';
import { play } from './attack.js';
import { attacks } from './attacks.js';
import { Lab } from './lab.js';

describe('attacks on the sign-in frame', () => {
  let lab: Lab;
  before(async () => {
    lab = await Lab.open();
  });
  after(() => lab?.close());

  for (const attack of attacks) {
    const ending = attack.without ? 'is stopped, and succeeds without the defence' : 'is not stopped, as documented';
    it(`${attack.name}: ${ending}`, async () => {
      await play(lab, attack);
    });
  }
});
