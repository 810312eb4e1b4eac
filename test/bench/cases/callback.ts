import type { Case, Contender } from '../case.js';
import type { Lab } from '../lab.js';
import { libraries, ours } from '../pages.js';
import { slow } from '../visit.js';

const AUTHORIZE = /\/authorize\?/;

function contender(name: string, html: (lab: Lab) => string): Contender {
  return {
    name,
    async run(lab) {
      lab.page(html(lab));
      const visit = await lab.visit({ state: await lab.atOkta() });
      await visit.page.goto(lab.origin, { waitUntil: 'networkidle' });
      // The click is another case: here the browser is held back on its way, and let go when the page is quiet.
      lab.org.faults.set('authorize', { status: 204 });
      await visit.page.getByRole('button', { name: 'Sign in' }).click();
      await visit.askedFor(AUTHORIZE);
      const address = visit.asked.find((line) => AUTHORIZE.test(line))!.replace('GET ', '');
      await visit.quiet();
      lab.org.faults.clear();
      await visit.shape(slow);
      visit.mark();
      const time = await visit.go(address);
      const { cpu } = await visit.use();
      const page = visit.asked.findIndex((line) => line.startsWith(`GET ${lab.origin}/?`));
      const requests = visit.asked.length - 1 - page;
      await visit.end();
      return { requests, cpu, time };
    },
  };
}

const { 'keycloak-js': _, ...others } = libraries;

/** The way back from Okta. */
export const callback: Case = {
  name: 'callback',
  title: `The return from Okta to guarded content painted, ${slow.name}, scripts cached by the page that was left`,
  figures: [
    // The tokens and the keys.
    { name: 'requests', unit: 'requests', bound: { ours: 2 } },
    { name: 'cpu', unit: 'ms CPU' },
    { name: 'time', unit: 'ms' },
  ],
  ours: contender('okta-elements', ours),
  peers: Object.entries(others).map(([name, html]) => contender(name, html)),
  absent: [
    'keycloak-js sends cookies along when it exchanges its code, which the token endpoint, as Okta’s, does not take from other origins.',
  ],
};
