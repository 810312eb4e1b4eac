import type { Case, Contender } from '../case.js';
import type { BenchFixture } from '../fixture.js';
import { libraries, ours } from '../pages.js';
import { slow } from '../bench-page.js';

const AUTHORIZE = /\/authorize\?/;

function contender(name: string, html: (fixture: BenchFixture) => string): Contender {
  return {
    name,
    async run(fixture) {
      fixture.page(html(fixture));
      const benchPage = await fixture.open({ state: await fixture.atOkta() });
      await benchPage.tab.goto(fixture.origin, { waitUntil: 'networkidle' });
      // The click is another case: here the browser is held back on its way, and let go when the page is quiet.
      fixture.org.faults.set('authorize', { status: 204 });
      await benchPage.tab.getByRole('button', { name: 'Sign in' }).click();
      await benchPage.askedFor(AUTHORIZE);
      const address = benchPage.asked.find((line) => AUTHORIZE.test(line))!.replace('GET ', '');
      await benchPage.quiet();
      fixture.org.faults.clear();
      await benchPage.shape(slow);
      benchPage.mark();
      const time = await benchPage.go(address);
      const { cpu } = await benchPage.use();
      const page = benchPage.asked.findIndex((line) => line.startsWith(`GET ${fixture.origin}/?`));
      const requests = benchPage.asked.length - 1 - page;
      await benchPage.end();
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
    // The tokens and the keys; and the code that renews the tokens, which the content does not wait for.
    { name: 'requests', unit: 'requests', bound: { ours: 3 } },
    { name: 'cpu', unit: 'ms CPU' },
    { name: 'time', unit: 'ms' },
  ],
  ours: contender('okta-elements', ours),
  peers: Object.entries(others).map(([name, html]) => contender(name, html)),
  absent: [
    'keycloak-js sends cookies along when it exchanges its code, which the token endpoint, as Okta’s, does not take from other origins.',
  ],
};
