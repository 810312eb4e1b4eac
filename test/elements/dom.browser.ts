import { expect, fixture, html } from '@open-wc/testing';
import { arrange, make } from '../../src/elements/dom.js';

describe('make()', () => {
  it('creates an element with attributes, text and child elements', () => {
    const element = make('p', { part: 'error', role: 'alert' }, 'So it is ', make('span', {}, 'not'), '.');
    expect(element.outerHTML).to.equal('<p part="error" role="alert">So it is <span>not</span>.</p>');
  });

  it('inserts text as text, not as markup', () => {
    expect(make('p', {}, '<img src=x onerror=1>').childElementCount).to.equal(0);
  });
});

describe('arrange()', () => {
  const names = (parent: Element) => [...parent.children].map(({ id }) => id).join(' ');
  const [a, b, c] = [make('button', { id: 'a' }), make('button', { id: 'b' }), make('button', { id: 'c' })];

  for (const [before, after] of [
    [[], [a, b]],
    [[a, b, c], [b]],
    [
      [a, c],
      [a, b, c],
    ],
    [
      [a, b, c],
      [c, a],
    ],
    [[a], []],
  ] as const) {
    const from = before.map(({ id }) => id).join(' ');
    const to = after.map(({ id }) => id).join(' ');
    it(`makes "${to}" of "${from}"`, () => {
      const parent = make('div', {}, ...before);
      arrange(parent, ...after);
      expect(names(parent)).to.equal(to);
    });
  }

  it('removes children that are not listed', () => {
    const parent = make('div', {}, 'text', a);
    arrange(parent, false, b, undefined);
    expect(names(parent)).to.equal('b');
    expect(parent.childNodes.length).to.equal(1);
  });

  it('leaves the focus where it is', async () => {
    const parent = await fixture<HTMLElement>(html`<div></div>`);
    arrange(parent, b);
    b.focus();
    arrange(parent, a, b, c);
    arrange(parent, b, c);
    expect(document.activeElement).to.equal(b);
  });
});
