import type { Case, Contender } from '../case.js';
import type { BenchFixture, State } from '../fixture.js';
import { ours, page } from '../pages.js';

const COUNTS = [1, 10, 100, 1000];
const HERE = '<p id="secret">Signed in</p><div id="here"></div>';

function contender(
  name: string,
  tag: string,
  html: (fixture: BenchFixture) => string,
  state?: (fixture: BenchFixture) => Promise<State>,
) {
  return {
    name,
    async run(fixture) {
      const kept = await state?.(fixture);
      fixture.page(html(fixture));
      const benchPage = await fixture.open({ state: kept });
      await benchPage.go(fixture.origin);
      const put = (count: number) =>
        benchPage.tab.evaluate(
          async ([text, times]) => {
            document.getElementById('here')!.innerHTML = text.repeat(times);
            // Updated, laid out, painted.
            for (let frame = 0; frame < 3; frame++) await new Promise((resolve) => requestAnimationFrame(resolve));
          },
          [`<${tag}><p>Something</p></${tag}>`, count] as const,
        );
      // Once for nobody: the first of a kind has the browser compile it.
      await put(200);
      const figures: Record<string, number> = {};
      for (const count of COUNTS) {
        await put(0);
        const [kept, { cpu }] = [await benchPage.kept(), await benchPage.use()];
        await put(count);
        const used = await benchPage.use();
        const then = await benchPage.kept();
        figures[`cpu of ${count}`] = used.cpu - cpu;
        figures[`memory of ${count}`] = then.kilobytes - kept.kilobytes;
      }
      await benchPage.end();
      return figures;
    },
  } satisfies Contender;
}

const plain = `class Empty extends HTMLElement {
  constructor() {
    super();
    this.attachShadow({ mode: 'open' }).innerHTML = '<slot></slot>';
  }
}`;
const lit = `import { LitElement, html } from '/peers/lit.js';
class Empty extends LitElement {
  render() {
    return html\`<slot></slot>\`;
  }
}`;
const empty = (text: string) =>
  page(`<script type="module">${text} customElements.define('empty-element', Empty);</script>`, HERE);

/** What more guards cost on a page that has one. */
export const guards: Case = {
  name: 'guards',
  title:
    'Guards put into a page for who is signed in, until they are painted, beside as many custom elements that only show their content',
  figures: COUNTS.flatMap((count) => [
    { name: `cpu of ${count}`, unit: 'ms CPU' as const },
    { name: `memory of ${count}`, unit: 'KB' as const },
  ]),
  ours: contender(
    '<okta-guard>',
    'okta-guard',
    (fixture) => ours(fixture, `<okta-guard>${HERE}</okta-guard>`),
    (fixture) => fixture.signedInOnce(ours(fixture)),
  ),
  peers: [
    contender('an empty custom element', 'empty-element', () => empty(plain)),
    contender('an empty LitElement', 'empty-element', () => empty(lit)),
  ],
};
