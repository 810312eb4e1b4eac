import type { Case, Contender } from '../case.js';
import type { BenchFixture } from '../fixture.js';
import { libraries, ours } from '../pages.js';
import { slow } from '../bench-page.js';

const AUTHORIZE = /^GET .*\/authorize\?/;

function contender(name: string, intent: boolean, html: (fixture: BenchFixture) => string): Contender {
  return {
    name,
    async run(fixture) {
      fixture.page(html(fixture));
      const benchPage = await fixture.open();
      await benchPage.tab.goto(fixture.origin, { waitUntil: 'networkidle' });
      const button = benchPage.tab.getByRole('button', { name: 'Sign in' });
      await benchPage.shape(slow);
      if (intent) {
        await button.hover();
        await benchPage.quiet();
      } else await button.waitFor();
      // With this answer the browser stays where it is, so that what is counted is the page's own.
      fixture.org.faults.set('authorize', { status: 204 });
      benchPage.mark();
      const [before, { Timestamp }] = [await benchPage.use(), await benchPage.metrics()];
      // A click without a pointer: as a script does it, or a finger that was quicker than the network.
      await button.evaluate((element: HTMLElement) => element.click());
      const left = await benchPage.askedFor(AUTHORIZE);
      const requests = benchPage.asked.findIndex((line) => AUTHORIZE.test(line));
      const { cpu } = await benchPage.use();
      await benchPage.end();
      fixture.org.faults.clear();
      return { requests, cpu: cpu - before.cpu, time: (left - Timestamp!) * 1000 };
    },
  };
}

/** How long a click takes to lead to Okta. */
export const click: Case[] = [false, true].map((intent) => ({
  name: `click-${intent ? 'after-intent' : 'cold'}`,
  title: `Click to the authorize request, ${slow.name}, ${intent ? 'the pointer came to the button before' : 'without any sign of intent before'}`,
  figures: [
    // Cold: the part that signs in, and the discovery document.
    { name: 'requests', unit: 'requests', bound: { ours: intent ? 0 : 2 } },
    { name: 'cpu', unit: 'ms CPU' },
    { name: 'time', unit: 'ms' },
  ],
  ours: contender('okta-elements', intent, ours),
  peers: Object.entries(libraries).map(([name, html]) => contender(name, intent, html)),
}));
