import type { Case, Contender } from '../case.js';
import type { Lab } from '../lab.js';
import { libraries, ours } from '../pages.js';
import { slow } from '../visit.js';

const AUTHORIZE = /^GET .*\/authorize\?/;

function contender(name: string, intent: boolean, html: (lab: Lab) => string): Contender {
  return {
    name,
    async run(lab) {
      lab.page(html(lab));
      const visit = await lab.visit();
      await visit.page.goto(lab.origin, { waitUntil: 'networkidle' });
      const button = visit.page.getByRole('button', { name: 'Sign in' });
      await visit.shape(slow);
      if (intent) {
        await button.hover();
        await visit.quiet();
      } else await button.waitFor();
      // With this answer the browser stays where it is, so that what is counted is the page's own.
      lab.org.faults.set('authorize', { status: 204 });
      visit.mark();
      const [before, { Timestamp }] = [await visit.use(), await visit.metrics()];
      // A click without a pointer: as a script does it, or a finger that was quicker than the network.
      await button.evaluate((element: HTMLElement) => element.click());
      const left = await visit.askedFor(AUTHORIZE);
      const requests = visit.asked.findIndex((line) => AUTHORIZE.test(line));
      const { cpu } = await visit.use();
      await visit.end();
      lab.org.faults.clear();
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
