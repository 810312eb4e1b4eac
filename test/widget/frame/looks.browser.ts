import { expect } from '@open-wc/testing';
import { applyLooks, looksAt } from '../../../src/widget/frame/looks.js';
import { watchPage } from '../../../src/widget/frame/page-changes.js';

describe('the appearance of the page around the frame', () => {
  let outer: HTMLElement;
  let inner: HTMLElement;
  beforeEach(() => {
    outer = document.createElement('div');
    outer.attachShadow({ mode: 'open' }).innerHTML = '<p><slot></slot></p>';
    inner = document.createElement('span');
    outer.append(inner);
    document.body.append(outer);
  });
  afterEach(() => outer.remove());

  it('is read from the properties that are set', () => {
    outer.style.cssText =
      '--okta-color-primary: light-dark(#111, #eee); --okta-radius: 0; color-scheme: dark; color: red';
    expect(looksAt(inner)).to.deep.equal({
      '--okta-color-primary': 'light-dark(#111, #eee)',
      '--okta-radius': '0',
      'color-scheme': 'dark',
    });
  });

  it('is applied, and reset when a property is unset', () => {
    const there = document.createElement('div');
    applyLooks({ '--okta-color-text': 'red', 'color-scheme': 'dark' }, there);
    applyLooks({ '--okta-color-text': 'blue' }, there);
    expect(there.style.cssText).to.equal('--okta-color-text: blue;');
  });

  for (const value of [
    'url(https://evil.example/x)',
    'red; background: url(x)',
    'var(--x)',
    'image-set("x" 1x)',
    '7',
    '\\75rl(x)',
  ]) {
    it(`ignores the unsafe value ${value}`, () => {
      const there = document.createElement('div');
      applyLooks({ '--okta-color-text': value, background: 'red' }, there);
      expect(there.style.cssText).to.equal('');
    });
  }

  it('is read again when an ancestor changes, also outside a shadow tree', async () => {
    const ended = new AbortController();
    let changes = 0;
    watchPage(inner, ended.signal, () => (changes += 1));
    for (const element of [inner, outer, outer.shadowRoot!.querySelector('p')!, document.body]) {
      const before = changes;
      element.classList.toggle('dark');
      await Promise.resolve();
      expect(changes, element.localName).to.equal(before + 1);
    }
    ended.abort();
    document.body.classList.remove('dark');
    await Promise.resolve();
    expect(changes).to.equal(4);
    document.body.removeAttribute('class');
  });
});
