import { after, before, describe, it } from 'node:test';
import { cells, Matrix, nameOf } from './matrix.js';

/**
 * The cells that need a real browser most: the back/forward cache, guarded content while tokens expire, and a page that
 * would loop. All of them are in `npm run tables`, and without a browser in test/session/faults.test.ts.
 */
const smoke = [
  'token, return to a page that signs in by itself: truncated',
  'token, renewal, the tokens have expired: status 500',
  'logout, sign-out, scope="global": refused',
];

describe('when an endpoint of Okta fails', () => {
  let matrix: Matrix;
  before(async () => {
    matrix = await Matrix.open(1);
  });
  after(() => matrix?.close());

  for (const name of smoke) {
    const cell = cells.find((candidate) => nameOf(candidate) === name)!;
    it(`${name}: ends in "${cell.row.endings[cell.kind]}", and a retry works`, async () => {
      await matrix.run(cell, 0);
    });
  }
});
