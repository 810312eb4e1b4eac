import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { parse, type Rule } from 'postcss';
import { widgetStylesheet } from '../../src/widget/build/stylesheet.js';
import { useThemeTokens } from '../../src/widget/build/theme-tokens.js';
import { WIDGET_CONTAINER_ID } from '../../src/widget/container-id.js';

const dist = join(dirname(createRequire(import.meta.url).resolve('@okta/okta-signin-widget/package.json')), 'dist');
const original = readFileSync(join(dist, 'css/okta-sign-in.min.css'), 'utf8');
const result = widgetStylesheet(original);
const root = parse(result);

describe('widgetStylesheet, on the stylesheet of the installed widget', () => {
  it('has no rule that reaches outside the host', () => {
    const host = `#${WIDGET_CONTAINER_ID}`.repeat(3);
    for (const node of root.nodes) {
      if (node.type === 'atrule') assert.match(node.name, /^(font-face|keyframes)$/);
      else {
        for (const selector of (node as Rule).selectors) {
          // What the host is in is the widget's as well: an element made for it, or the host of its shadow tree.
          assert.match(selector.replace(`:has(>${host})::`, host).replace(':host::', host), new RegExp(`^${host}`));
        }
      }
    }
  });

  it('keeps every selector, but for old browsers and the tooltips of Classic Engine', () => {
    const selectors = (css: string) => {
      const found = new Set<string>();
      parse(css).walkRules((rule) => rule.selectors.forEach((selector) => found.add(selector)));
      return found;
    };
    const kept = selectors(result);
    const lost = [...selectors(original)].filter((selector) => !kept.has(selector));
    assert.deepEqual(
      lost.filter((selector) => !/qtip|\.lt-ie|-ms-/.test(selector)),
      [],
    );
  });

  it('points at files that the widget’s package has', () => {
    const files = [...result.matchAll(/url\(\.\.\/([^)?#]+)/g)].map(([, path]) => path!);
    assert.ok(files.length > 100);
    for (const file of files) assert.ok(existsSync(join(dist, file)), file);
  });

  it('asks no other host', () => {
    assert.doesNotMatch(result, /url\(["']?(https?:)?\/\//);
  });

  it('depends on the font size of no page', () => {
    root.walkDecls(({ value }) => assert.doesNotMatch(value, /(?<![\w-])[\d.]+rem\b/));
  });

  it('gives a value to every variable it uses', () => {
    const used = new Set([...result.matchAll(/var\((--widget-[\w-]+)/g)].map(([, name]) => name!));
    const set = new Set([...result.matchAll(/(--widget-[\w-]+):/g)].map(([, name]) => name!));
    assert.ok(used.size > 10);
    assert.deepEqual(
      [...used].filter((name) => !set.has(name)),
      [],
    );
  });

  it('takes its colours, font, corners and width from the page’s properties', () => {
    for (const name of [
      'color-primary',
      'color-on-primary',
      'color-surface',
      'color-text',
      'color-border',
      'color-danger',
    ]) {
      assert.match(result, new RegExp(`var\\(--okta-${name}, `));
    }
    for (const name of ['color-focus', 'font-family', 'font-size', 'radius', 'max-width']) {
      assert.match(result, new RegExp(`var\\(--okta-${name}, `));
    }
  });
});

describe('useThemeTokens', () => {
  it('reads a colour by where it is used', () => {
    assert.equal(
      useThemeTokens(
        '.a{background:#fff;border:1px solid #ddd;color:#1d1d21}.button-primary{color:#fff}.b{color:#fff}',
      ),
      '.a{background:var(--widget-surface);border:1px solid var(--widget-line);color:var(--widget-text)}' +
        '.button-primary{color:var(--widget-on-primary)}.b{color:#fff}',
    );
  });

  it('leaves the white field behind the mark of an identity provider, and colours it does not know', () => {
    assert.equal(
      useThemeTokens('.a{background:url(g.png) 12px,linear-gradient(90deg,#fff 50px,#fbfbfb 0);color:#3b5998}'),
      '.a{background:url(g.png) 12px,linear-gradient(90deg,#fff 50px,var(--widget-raised) 0);color:#3b5998}',
    );
  });

  it('leaves fonts other than that of the texts', () => {
    assert.equal(
      useThemeTokens('.a{font-family:Inter,Arial}.b{font-family:okticon}'),
      '.a{font-family:var(--widget-font-family)}.b{font-family:okticon}',
    );
  });
});
