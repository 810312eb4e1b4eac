import { expect, fixture, html } from '@open-wc/testing';
import { arrange, make } from '../../src/elements/dom.js';

describe('make()', () => {
  it('makes an element with attributes, text and other elements', () => {
    const element = make('p', { part: 'error', role: 'alert' }, 'So it is ', make('span', {}, 'not'), '.');
    expect(element.outerHTML).to.equal('<p part="error" role="alert">So it is <span>not</span>.</p>');
  });

  it('takes text for text', () => {
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

  it('leaves out what is not to be there', () => {
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
