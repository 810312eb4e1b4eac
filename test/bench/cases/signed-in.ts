import type { Case, Contender } from '../case.js';
import type { BenchFixture } from '../fixture.js';
import { libraries, ours } from '../pages.js';
import { slow } from '../bench-page.js';

type Cache = 'cold' | 'warm';

function contender(name: string, cache: Cache, html: (fixture: BenchFixture) => string): Contender {
  return {
    name,
    async run(fixture) {
      const text = html(fixture);
      const state = await fixture.signedInOnce(text);
      fixture.page(text);
      const benchPage = await fixture.open({ state, network: slow });
      if (cache === 'warm') await benchPage.go(fixture.origin);
      await benchPage.quiet();
      benchPage.mark();
      const time = await benchPage.go(fixture.origin);
      const { cpu } = await benchPage.use();
      // What comes after is waited for by nobody, but it is asked for all the same.
      await benchPage.quiet();
      const { requests } = await benchPage.use();
      await benchPage.end();
      return { requests, cpu, time };
    },
  };
}

const { 'keycloak-js': _, ...others } = libraries;

/** A page for who is signed in already. */
export const returning: Case[] = (['cold', 'warm'] as const).map((cache) => ({
  name: `signed-in-${cache}`,
  title: `Navigation to guarded content painted, tokens stored, ${slow.name}, ${cache === 'cold' ? 'nothing' : 'scripts'} cached`,
  figures: [
    // The page itself, the script, and the code that renews the tokens, which the content does not wait for.
    { name: 'requests', unit: 'requests', bound: { ours: cache === 'cold' ? 3 : 1 } },
    { name: 'cpu', unit: 'ms CPU' },
    { name: 'time', unit: 'ms' },
  ],
  ours: contender('okta-elements', cache, ours),
  peers: Object.entries(others).map(([name, html]) => contender(name, cache, html)),
  absent: ['keycloak-js stores no tokens: each page goes to the provider for them.'],
}));
