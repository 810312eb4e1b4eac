import { setTimeout } from 'node:timers/promises';
import type { Case, Contender, Figure } from '../case.js';
import type { BenchFixture } from '../fixture.js';
import { ours, page } from '../pages.js';
import type { BenchPage } from '../bench-page.js';

/** What is mounted and removed, with what it needs to be seen in full. */
const elements: readonly { name: string; html: string; signedIn: boolean }[] = [
  { name: '<okta-signin>', html: '<okta-signin></okta-signin>', signedIn: false },
  { name: '<okta-callback>', html: '<okta-callback></okta-callback>', signedIn: false },
  { name: '<okta-guard>', html: '<okta-guard><template><p>Something</p></template></okta-guard>', signedIn: true },
  { name: '<okta-user>', html: '<okta-user></okta-user>', signedIn: true },
  { name: '<okta-signout>', html: '<okta-signout></okta-signout>', signedIn: true },
  { name: '<okta-config>', html: '<okta-config name="other" issuer="" client-id="app"></okta-config>', signedIn: true },
];

/** Room for what the browser itself keeps for a while. A leak of one a time is a hundred. */
const FLAT = 10;

/** Mounts and removes, and says what is left of it. */
async function left(benchPage: BenchPage, cycle: string, times: { before: number; counted: number }) {
  const turn = (count: number) =>
    benchPage.tab.evaluate(`(async () => { for (let time = 0; time < ${count}; time++) { ${cycle} } })()`);
  // What is made once stays: compiled templates, stylesheets, what a part that is loaded keeps.
  await turn(times.before);
  await benchPage.quiet();
  const before = await benchPage.kept();
  await turn(times.counted);
  await benchPage.quiet();
  const count = async () => {
    const after = await benchPage.kept();
    return {
      nodes: after.nodes - before.nodes,
      listeners: after.listeners - before.listeners,
      memory: after.kilobytes - before.kilobytes,
    };
  };
  let counted = await count();
  // A timer may keep an element for a second. What leaks stays.
  for (let time = 0; time < 10 && counted.nodes > FLAT; time++) {
    await setTimeout(500);
    counted = await count();
  }
  return counted;
}

const frame = 'await new Promise((resolve) => requestAnimationFrame(resolve));';

const own: Contender = {
  name: 'okta-elements',
  async run(fixture) {
    const figures: Record<string, number> = {};
    for (const { name, html, signedIn: needed } of elements) {
      const state = needed ? await fixture.signedInOnce(ours(fixture)) : undefined;
      fixture.page(ours(fixture, '<p id="secret">A page</p><div id="here"></div>'));
      const benchPage = await fixture.open({ state });
      await benchPage.go(fixture.origin);
      const text = html.replace('issuer=""', `issuer="${fixture.org.issuer}"`);
      const here = 'document.getElementById("here")';
      const cycle = `${here}.innerHTML = ${JSON.stringify(text)}; ${frame} ${here}.innerHTML = '';`;
      const { nodes, listeners, memory } = await left(benchPage, cycle, { before: 20, counted: 100 });
      await benchPage.end();
      Object.assign(figures, {
        [`${name} nodes`]: nodes,
        [`${name} listeners`]: listeners,
        [`${name} memory`]: memory,
      });
    }
    return figures;
  },
};

/** What is left of elements that are gone. */
export const mounts: Case = {
  name: 'mounts',
  title: 'What is left of 100 mounts and removals of each element, after garbage has been collected',
  figures: elements.flatMap(({ name }): Figure[] => [
    { name: `${name} nodes`, unit: 'nodes', bound: { ours: FLAT } },
    { name: `${name} listeners`, unit: 'listeners', bound: { ours: FLAT } },
    { name: `${name} memory`, unit: 'KB' },
  ]),
  ours: own,
  peers: [],
  rounds: 1,
};

/** The widget takes a second or so each time. */
const WIDGETS = 10;

function widget(name: string, html: (fixture: BenchFixture) => string, cycle: string): Contender {
  return {
    name,
    async run(fixture) {
      fixture.page(html(fixture));
      const benchPage = await fixture.open();
      await benchPage.go(fixture.origin);
      const figures = await left(benchPage, cycle, { before: 3, counted: WIDGETS });
      await benchPage.end();
      return figures;
    },
  };
}

const SEEN = `while (!document.querySelector('input[type=password]')?.checkVisibility()) { ${frame} }`;

/** The same of the embedded style. */
export const widgetMounts: Case = {
  name: 'widget-mounts',
  title: `What is left of ${WIDGETS} showings and removals of the form of the embedded style, after garbage has been collected`,
  figures: [
    { name: 'nodes', unit: 'nodes', bound: { ratio: 1.5 } },
    { name: 'listeners', unit: 'listeners' },
    { name: 'memory', unit: 'KB' },
  ],
  ours: widget(
    '<okta-signin mode="embedded">',
    (fixture) => ours(fixture, '<p id="secret">A page</p><div id="here"></div>'),
    `const here = document.getElementById('here');
    here.innerHTML = '<okta-signin mode="embedded"></okta-signin>'; ${SEEN}
    here.innerHTML = ''; ${frame}${frame}`,
  ),
  peers: [
    widget(
      'Okta’s snippet',
      (fixture) =>
        page(
          `<script src="/okta-signin-widget/js/okta-sign-in.min.js"></script>
          <link href="/okta-signin-widget/css/okta-sign-in.min.css" rel="stylesheet" />
          <script>window.create = () => new OktaSignIn({
            issuer: '${fixture.org.issuer}', clientId: 'app', redirectUri: location.origin + '/',
            scopes: ['openid', 'profile', 'email'], useClassicEngine: false,
          });</script>`,
          '<p id="secret">A page</p><div id="here"></div>',
        ),
      `const here = document.getElementById('here');
      const signIn = window.create();
      signIn.showSignIn({ el: '#here' }).catch(() => {}); ${SEEN}
      signIn.remove(); here.innerHTML = ''; ${frame}${frame}`,
    ),
  ],
  rounds: 1,
};
