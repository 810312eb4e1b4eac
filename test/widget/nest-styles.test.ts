import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parse, type AtRule, type Rule } from 'postcss';
import { nestWidgetStyles } from '../../src/widget/build/nest-styles.js';

const HOST = '#w#w#w';

/** What stands at the top of the result: at-rule names and selectors, in order. */
function topLevel(css: string): string[] {
  return parse(nestWidgetStyles(css, 'w')).nodes.map((node) =>
    node.type === 'atrule' ? `@${node.name}` : (node as Rule).selector,
  );
}

/** The nested block, where the widget's own rules are. */
function nested(css: string): string {
  const block = parse(nestWidgetStyles(css, 'w')).last as Rule;
  assert.equal(block.selector, HOST);
  return block.nodes.map(String).join('');
}

describe('nestWidgetStyles', () => {
  it('puts every rule below the host, named three times', () => {
    assert.equal(nested('a{color:red}.b,c{margin:0}'), 'a{color:red}.b,c{margin:0}');
  });

  it('puts the host and everything below it back to what the browser gives, vector images apart', () => {
    const [host, below] = parse(nestWidgetStyles('', 'w')).nodes as Rule[];
    assert.equal(String(host), `${HOST}{all:initial;display:block}`);
    assert.equal(String(below), `${HOST} :where(:not(svg):not(svg *)){all:revert}`);
  });

  it('puts parts of elements back as well, also of the element that the host is in', () => {
    const css = nestWidgetStyles('', 'w');
    for (const part of ['before', 'after', 'placeholder', 'marker', 'first-letter', 'first-line']) {
      assert.ok(css.includes(`${HOST}::${part},${HOST} ::${part},:has(>${HOST})::${part}{all:revert}`), part);
      assert.ok(css.includes(`:host::${part}{all:revert!important}`), part);
    }
  });

  it('keeps media and feature queries with their rules', () => {
    const css = '@media (max-width:400px){a{color:red}}@supports (gap:1px){b{color:red}}';
    assert.equal(nested(css), css);
  });

  it('moves fonts and animations out of the block, since they may not be nested', () => {
    const css = 'a{color:red}@font-face{font-family:F;src:url(../f.woff)}@keyframes k{to{color:red}}b{color:red}';
    assert.deepEqual(topLevel(css).slice(0, 2), ['@font-face', '@keyframes']);
    assert.equal(nested(css), 'a{color:red}b{color:red}');
  });

  it('names fonts and animations apart from those of the page, where they are made and where they are used', () => {
    const css =
      '@font-face{font-family:"Inter";src:url(f.woff2)}@keyframes spin{to{top:0}}' +
      '.a{font-family:Inter,Arial;animation:spin 1s linear,other 2s}.b{animation-name:spin}.spin{top:0}';
    const result = nestWidgetStyles(css, 'w');
    assert.match(result, /@font-face\{font-family:"okta-widget-Inter"/);
    assert.match(result, /@keyframes okta-widget-spin\{/);
    assert.equal(
      nested(css),
      '.a{font-family:okta-widget-Inter,Arial;animation:okta-widget-spin 1s linear,other 2s}' +
        '.b{animation-name:okta-widget-spin}.spin{top:0}',
    );
  });

  it('makes pixels of rem, and leaves everything that only looks like it', () => {
    assert.equal(
      nested('.onprem-30{margin:-.5rem 2rem;width:calc(1rem + 2em);background:url(1rem.png)}'),
      '.onprem-30{margin:-8px 32px;width:calc(16px + 2em);background:url(1rem.png)}',
    );
  });

  it('leaves addresses as they are', () => {
    const css = '.a{background:url(../img/a@2x.png)}.b{background:url("data:image/png;base64,iVBO=")}';
    assert.equal(nested(css), css);
  });

  it('leaves one WOFF file of each font', () => {
    const css =
      '@font-face{font-family:F;src:url(f.eot);src:url(f.eot?#iefix) format("embedded-opentype"),' +
      'url(f.woff) format("woff"),url(f.ttf) format("truetype"),url(f.svg#F) format("svg")}';
    const [font] = parse(nestWidgetStyles(css, 'w')).nodes as AtRule[];
    assert.equal(font?.nodes?.map(String).join(';'), 'font-family:okta-widget-F;src:url(f.woff) format("woff")');
  });

  it('drops what only browsers without nesting read', () => {
    const css =
      '.lt-ie9 .a,.b{color:red}* html .c{top:0}.d{zoom:1;*top:0;filter:progid:DXImageTransform.Microsoft.Alpha();left:0}' +
      '@-webkit-keyframes k{to{top:0}}@media (-ms-high-contrast:active){.e{top:0}}.f::-ms-clear{top:0}';
    assert.equal(nested(css), '.b{color:red}.d{left:0}');
  });

  it('refuses an at-rule it would have to break', () => {
    assert.throws(() => nestWidgetStyles('@import url(a.css);', 'w'), /@import/);
  });
});
