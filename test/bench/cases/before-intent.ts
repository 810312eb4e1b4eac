import { BYTE_BUDGET } from '../../support/byte-budget.js';
import type { Case, Contender } from '../case.js';
import type { Lab } from '../lab.js';
import { libraries, ours } from '../pages.js';

function contender(name: string, html: (lab: Lab) => string): Contender {
  return {
    name,
    async run(lab) {
      lab.page(html(lab));
      const visit = await lab.visit();
      await visit.page.goto(lab.origin, { waitUntil: 'networkidle' });
      await visit.page.getByRole('button', { name: 'Sign in' }).waitFor();
      const { bytes, requests, cpu } = await visit.use();
      await visit.end();
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
