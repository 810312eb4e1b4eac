import { BYTE_BUDGET } from '../../support/byte-budget.js';
import type { Case, Contender } from '../case.js';
import type { BenchFixture } from '../fixture.js';
import { libraries, ours } from '../pages.js';

function contender(name: string, html: (fixture: BenchFixture) => string): Contender {
  return {
    name,
    async run(fixture) {
      fixture.page(html(fixture));
      const benchPage = await fixture.open();
      await benchPage.tab.goto(fixture.origin, { waitUntil: 'networkidle' });
      await benchPage.tab.getByRole('button', { name: 'Sign in' }).waitFor();
      const { bytes, requests, cpu } = await benchPage.use();
      await benchPage.end();
      return { bytes, requests, cpu };
    },
  };
}

/** The code, and what the page itself and the headers take beside it. */
const BYTES = BYTE_BUDGET + 1_150;

/** What a page costs before anybody shows intent. */
export const beforeIntent: Case = {
  name: 'before-intent',
  title: 'A page with a button that signs in and something for who is signed in, until the network is idle',
  figures: [
    { name: 'bytes', unit: 'bytes', bound: { ours: BYTES } },
    { name: 'requests', unit: 'requests', bound: { ours: 2 } },
    { name: 'cpu', unit: 'ms CPU' },
  ],
  ours: contender('okta-elements', ours),
  peers: Object.entries(libraries).map(([name, html]) => contender(name, html)),
};
