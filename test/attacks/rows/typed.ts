import type { Attack, Catch } from '../attack.js';
import type { AttackFixture } from '../fixture.js';
import { inFrame, isSignedIn, signIn, victim } from '../victim.js';

/* A script of the page is after what is typed. All of them listen at the same sign-in. */

type Way = 'keys' | 'fields' | 'document' | 'requests' | 'builtins' | 'messages' | 'storage';
type Loot = { readonly keys: string } & Readonly<Record<Exclude<Way, 'keys'>, readonly string[]>>;
type Generation = 2 | 3;
type Place = 'frame' | 'page' | 'a frame that tells';

/** What `spy.js` has when somebody has signed in. */
function spied(fixture: AttackFixture, generation: Generation, place: Place): Promise<Loot> {
  return fixture.once(`spied ${generation} ${place}`, async () => {
    const weaknesses = place === 'a frame that tells' ? ([place] as const) : [];
    const address = place === 'page' ? undefined : await fixture.deploy({ generation, weaknesses });
    const app = fixture.appPage({
      config: { 'widget-generation': String(generation), ...(address && { 'frame-src': address }) },
      signin: address ? 'isolation="frame"' : '',
      script: 'spy.js',
    });
    return fixture.open(app, async (page) => {
      await signIn(address ? inFrame(page) : page);
      await isSignedIn(page);
      return page.evaluate(() => (globalThis as unknown as { loot: Loot }).loot);
    });
  });
}

const ways: { way: Way; name: string; aim: string; has: RegExp; control?: Place; loot?: string }[] = [
  { way: 'keys', name: 'listens for keys', aim: 'the password', has: new RegExp(victim.password) },
  { way: 'fields', name: 'listens for input', aim: 'the password', has: new RegExp(victim.password) },
  {
    way: 'document',
    name: 'reads fields in the document and its frames',
    aim: 'the password',
    has: new RegExp(victim.password),
  },
  { way: 'requests', name: 'patches fetch and XMLHttpRequest', aim: 'the password', has: new RegExp(victim.password) },
  { way: 'builtins', name: 'patches JSON.stringify and value', aim: 'the password', has: new RegExp(victim.password) },
  { way: 'storage', name: 'reads the storage', aim: 'the sign-in under way', has: /interactionHandle|stateHandle/ },
  {
    way: 'messages',
    name: 'patches postMessage and its ports',
    aim: 'the password',
    has: new RegExp(victim.password),
    control: 'a frame that tells',
  },
];

function row(generation: Generation, { way, name, aim, has, control = 'page' }: (typeof ways)[number]): Attack {
  return {
    name: `a script of the page ${name}, generation ${generation}`,
    aim,
    without: control === 'page' ? 'isolation="page"' : 'a frame that says what is typed',
    defence: 'another origin',
    async run(fixture, guarded): Promise<Catch> {
      const { [way]: loot } = await spied(fixture, generation, guarded ? 'frame' : control);
      if (has.test(String(loot))) return { loot: aim };
      return { instead: 'signed in, unheard' };
    },
  };
}

export const typedRows: readonly Attack[] = ([2, 3] as const).flatMap((generation) =>
  ways.map((each) => row(generation, each)),
);
