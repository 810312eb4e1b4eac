import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PRELUDE_LINES, trustSinks } from '../../src/widget/build/trusted-types.js';

/** The code without what goes before it. */
const trusted = (code: string) => trustSinks(code).split('\n').slice(PRELUDE_LINES).join('\n');

const cases: [code: string, expected: string][] = [
  ['a.innerHTML = b', 'a.innerHTML = __trustedHtml(b)'],
  ["a['outerHTML'] = b + c", "a['outerHTML'] = __trustedHtml(b + c)"],
  ['(x, a.innerHTML = "", y)', '(x, a.innerHTML = __trustedHtml(""), y)'],
  ['a.innerHTML = b.innerHTML = c', 'a.innerHTML = __trustedHtml(b.innerHTML = __trustedHtml(c))'],
  ['f().insertAdjacentHTML("beforeend", t())', 'f().insertAdjacentHTML("beforeend", __trustedHtml(t()))'],
  ['new DOMParser().parseFromString(s, "text/xml")', 'new DOMParser().parseFromString(__trustedHtml(s), "text/xml")'],
  ['r.createContextualFragment(s)', 'r.createContextualFragment(__trustedHtml(s))'],
  ['const t = w.trustedTypes;', 'const t = undefined;'],
  ['const b = a.innerHTML; a[innerHTML] = b;', 'const b = a.innerHTML; a[innerHTML] = b;'],
  ['const html = { innerHTML: 1 }; a.textContent = b;', 'const html = { innerHTML: 1 }; a.textContent = b;'],
];

describe('trustSinks', () => {
  for (const [code, expected] of cases) {
    it(`${code} becomes ${expected}`, () => assert.equal(trusted(code), expected));
  }

  for (const code of ['a.innerHTML += b', 'a.srcdoc = b']) {
    it(`does not know what to do with ${code}`, () => assert.throws(() => trustSinks(code), /The widget sets/));
  }

  describe('in what it makes', () => {
    /** Runs code where the browser’s globals are these. */
    const run = (code: string, globals: { trustedTypes?: object; document?: object }) => {
      const names = ['globalThis', 'document', 'a'];
      const a: { innerHTML?: unknown } = {};
      // eslint-disable-next-line @typescript-eslint/no-implied-eval
      new Function(...names, trustSinks(code))(globals, globals.document, a);
      return a.innerHTML;
    };
    const refuses = {
      createPolicy() {
        throw new TypeError('no');
      },
    };
    const element = (write: () => void) => ({
      createElement: () => Object.defineProperty({}, 'innerHTML', { set: write }),
    });

    it('makes one policy, and texts of it', () => {
      const made: string[] = [];
      const trustedTypes = {
        createPolicy(name: string, { createHTML }: { createHTML(text: string): string }) {
          made.push(name);
          return { createHTML: (text: string) => ({ trusted: createHTML(text) }) };
        },
      };
      assert.deepEqual(run('a.innerHTML = "x"; a.innerHTML = "y"', { trustedTypes }), { trusted: 'y' });
      assert.deepEqual(made, ['okta-elements-widget']);
    });

    it('writes the text itself in a browser without Trusted Types', () => {
      assert.equal(run('a.innerHTML = "x"', {}), 'x');
    });

    it('writes the text itself where the policy is refused and not needed', () => {
      assert.equal(run('a.innerHTML = "x"', { trustedTypes: refuses, document: element(() => {}) }), 'x');
    });

    it('says what to change where the policy is refused and needed', () => {
      const document = element(() => {
        throw new TypeError('requires TrustedHTML');
      });
      assert.throws(() => run('', { trustedTypes: refuses, document }), /Add okta-elements-widget to trusted-types/);
    });
  });
});
