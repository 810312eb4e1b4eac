import type { Case, Contender } from '../case.js';
import type { Lab, State } from '../lab.js';
import { ours, page } from '../pages.js';

const COUNTS = [1, 10, 100, 1000];
const HERE = '<p id="secret">Signed in</p><div id="here"></div>';

let signedIn: Promise<State> | undefined;

function contender(name: string, tag: string, html: (lab: Lab) => string, state?: (lab: Lab) => Promise<State>) {
  return {
    name,
    async run(lab) {
      const kept = await state?.(lab);
      lab.page(html(lab));
      const visit = await lab.visit({ state: kept });
      await visit.go(lab.origin);
      const put = (count: number) =>
        visit.page.evaluate(
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
        const [kept, { cpu }] = [await visit.kept(), await visit.use()];
        await put(count);
        const used = await visit.use();
        const then = await visit.kept();
        figures[`cpu of ${count}`] = used.cpu - cpu;
        figures[`memory of ${count}`] = then.kilobytes - kept.kilobytes;
      }
      await visit.end();
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
    (lab) => ours(lab, `<okta-guard>${HERE}</okta-guard>`),
    (lab) => (signedIn ??= lab.signedIn(ours(lab))),
  ),
  peers: [
    contender('an empty custom element', 'empty-element', () => empty(plain)),
    contender('an empty LitElement', 'empty-element', () => empty(lit)),
  ],
};
