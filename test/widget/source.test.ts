import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { widgetSource } from '../../src/widget/source.js';

const PAGE = 'https://shop.example/sign-in';
const HASH = 'sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC';

describe('where the widget comes from', () => {
  it('is this package, generation 2, when nothing is said', () => {
    assert.deepEqual(widgetSource({}, 'page', PAGE), { generation: 2, script: undefined, stylesheet: undefined });
  });

  const generations = [
    [{ widgetGeneration: '3' }, 'page', 3],
    [{ widgetGeneration: 3 }, 'page', 3],
    [{ widgetGeneration: '' }, 'page', 2],
    [{}, 'shadow', 3],
    [{ widgetGeneration: '3' }, 'shadow', 3],
    [{ widgetSrc: '/js/okta-sign-in.min.js' }, 'page', 2],
    [{ widgetSrc: '/js/okta-sign-in.next.js' }, 'page', 3],
    [{ widgetSrc: '/7.49.0/okta-sign-in.next.no-polyfill.js?v=1' }, 'page', 3],
    [{ widgetSrc: '/okta.next.org/okta-sign-in.min.js' }, 'page', 2],
    [{ widgetSrc: '/js/okta-sign-in.next.js', widgetGeneration: '2' }, 'page', 2],
    [{ widgetSrc: '/js/mine.js' }, 'shadow', 3],
  ] as const;
  for (const [said, isolation, generation] of generations) {
    it(`is generation ${generation} for ${JSON.stringify(said)} and isolation ${isolation}`, () => {
      assert.equal(widgetSource(said, isolation, PAGE).generation, generation);
    });
  }

  it('is generation 3 in the shadow tree of another component, where nothing else is said', () => {
    const generation = (said: object) => widgetSource(said, 'page', PAGE, true).generation;
    assert.equal(generation({}), 3);
    assert.equal(generation({ widgetGeneration: '2' }), 2);
    assert.equal(generation({ widgetSrc: '/js/okta-sign-in.min.js' }), 2);
    assert.equal(generation({ widgetSrc: '/js/okta-sign-in.next.js' }), 3);
  });

  it('is the files the author names, with their hashes', () => {
    const said = {
      widgetSrc: 'https://cdn.example/okta.js',
      widgetIntegrity: ` ${HASH} `,
      widgetCss: 'okta.css',
      widgetCssIntegrity: HASH,
    };
    assert.deepEqual(widgetSource(said, 'page', PAGE), {
      generation: 2,
      script: { url: 'https://cdn.example/okta.js', integrity: HASH },
      stylesheet: { url: 'https://shop.example/okta.css', integrity: HASH },
    });
  });

  for (const src of ['http://localhost:8000/okta.js', 'http://127.0.0.1/okta.js', 'https://cdn.example/okta.js']) {
    it(`may be ${src}`, () => assert.equal(widgetSource({ widgetSrc: src }, 'page', PAGE).script?.url, src));
  }

  it('may be on the page’s own origin, whatever that is', () => {
    assert.equal(
      widgetSource({ widgetSrc: '/okta.js' }, 'page', 'http://intranet/').script?.url,
      'http://intranet/okta.js',
    );
  });

  const refused: [said: Record<string, unknown>, isolation: string, message: RegExp][] = [
    [{ widgetSrc: 'http://cdn.example/okta.js' }, 'page', /widget-src is an https address/],
    [{ widgetSrc: 'data:text/javascript,1' }, 'page', /widget-src/],
    [{ widgetSrc: 'javascript:1' }, 'page', /widget-src/],
    [{ widgetSrc: 'blob:https://shop.example/1' }, 'shadow', /widget-src/],
    [{ widgetSrc: 'https://user:word@cdn.example/okta.js' }, 'page', /widget-src/],
    [{ widgetSrc: 'https://' }, 'page', /widget-src/],
    [{ widgetCss: 'http://cdn.example/okta.css' }, 'page', /widget-css/],
    // Browsers ignore a hash they do not know, and with it the check.
    [{ widgetSrc: '/okta.js', widgetIntegrity: 'md5-abc' }, 'page', /widget-integrity is a hash/],
    [{ widgetSrc: '/okta.js', widgetIntegrity: 'sha384 abc' }, 'page', /widget-integrity is a hash/],
    [{ widgetCss: '/okta.css', widgetCssIntegrity: 'yes' }, 'page', /widget-css-integrity is a hash/],
    [{ widgetIntegrity: HASH }, 'page', /set widget-src too/],
    [{ widgetCssIntegrity: HASH }, 'page', /set widget-css too/],
    [{ widgetGeneration: '4' }, 'page', /widget-generation is 2 or 3/],
    [{ widgetGeneration: '2' }, 'shadow', /set widget-generation="3"/],
    [{}, 'iframe', /isolation is one of/],
  ];
  for (const [said, isolation, message] of refused) {
    it(`is refused for ${JSON.stringify(said)} and isolation ${isolation}`, () => {
      assert.throws(() => widgetSource(said, isolation as 'page', PAGE), { code: 'config_invalid', message });
    });
  }
});
