import type { Case, Contender } from '../case.js';
import type { Lab, State } from '../lab.js';
import { libraries, ours } from '../pages.js';
import { slow } from '../visit.js';

type Cache = 'cold' | 'warm';

/** Signed in once, by page: each run is another browser that has the same stored. */
const signedIn = new Map<string, Promise<State>>();

function contender(name: string, cache: Cache, html: (lab: Lab) => string): Contender {
  return {
    name,
    async run(lab) {
      const text = html(lab);
      const state = signedIn.get(text) ?? lab.signedIn(text);
      signedIn.set(text, state);
      await state;
      lab.page(text);
      const visit = await lab.visit({ state: await state, network: slow });
      if (cache === 'warm') await visit.go(lab.origin);
      await visit.quiet();
      visit.mark();
      const time = await visit.go(lab.origin);
      const { cpu } = await visit.use();
      // What comes after is waited for by nobody, but it is asked for all the same.
      await visit.quiet();
      const { requests } = await visit.use();
      await visit.end();
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
    // The page itself, and the script.
    { name: 'requests', unit: 'requests', bound: { ours: cache === 'cold' ? 2 : 1 } },
    { name: 'cpu', unit: 'ms CPU' },
    { name: 'time', unit: 'ms' },
  ],
  ours: contender('okta-elements', cache, ours),
  peers: Object.entries(others).map(([name, html]) => contender(name, cache, html)),
  absent: ['keycloak-js stores no tokens: each page goes to the provider for them.'],
}));
