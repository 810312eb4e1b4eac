import { after, before, describe, it } from 'node:test';
import { cells, Matrix, rows } from './matrix.js';

describe('when an endpoint of Okta fails', { concurrency: true }, () => {
  let matrix: Matrix;
  before(async () => {
    matrix = await Matrix.open();
  });
  after(() => matrix?.close());

  for (const row of rows) {
    describe(`${row.endpoint}, ${row.moment}`, { concurrency: true }, () => {
      for (const cell of cells.filter((candidate) => candidate.row === row)) {
        it(`${cell.kind}: ends in ${row.endings[cell.kind]}, and can be tried again`, async () => {
          await matrix.play(cell);
        });
      }
    });
  }
});
