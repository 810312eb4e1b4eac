import { parse, type AtRule, type Declaration, type Root } from 'postcss';
import { PX_PER_REM } from './pin-sizes.js';
import { resetImages } from './reset-images.js';

/** Put before the names of fonts and animations, which are global even when the rules that use them are not. */
const NAME_PREFIX = 'okta-widget-';

/** At-rules that CSS does not allow inside a rule. They go before the nested block. */
const TOP_LEVEL = new Set(['font-face', 'keyframes']);

/** Parts of elements that a page may have styled for all of them. */
const PARTS = ['before', 'after', 'placeholder', 'marker', 'first-letter', 'first-line', 'file-selector-button'];

/**
 * Wraps the widget's stylesheet so that it and the page's stylesheet leave each other alone.
 *
 * - Every rule is nested below the host, named three times over, and so wins against any page rule with fewer than three
 *   ids that is not `!important`. Outside the host it changes nothing.
 * - Everything below the host is first put back to what the browser gives it, so that page rules the widget says
 *   nothing about do not show either.
 * - Fonts and animations are named apart from the page's.
 * - `rem` becomes `px`: it would follow the page's root element.
 *
 * Addresses in `url()` stay as they are, so the result must be saved as far from the images and fonts as the original.
 *
 * @param css A stylesheet without `@import`.
 * @param hostSelectorId The id of the element the widget is shown in, without `#`.
 * @throws Error when the stylesheet contains an at-rule that can neither be nested nor go before the block.
 */
export function nestWidgetStyles(css: string, hostSelectorId: string): string {
  const root = parse(css);
  dropUnreachable(root);
  nameApart(root);
  pinToPixels(root);

  const before: string[] = [];
  root.each((node) => {
    if (node.type !== 'atrule') return;
    if (TOP_LEVEL.has(node.name)) before.push(node.toString());
    else if (node.name === 'media' || node.name === 'supports') return;
    else if (node.name !== 'charset')
      throw new Error(`The widget's stylesheet has @${node.name}, which cannot be nested.`);
    node.remove();
  });

  const host = `#${hostSelectorId}`.repeat(3);
  return [
    ...before,
    `${host}{all:initial;display:block}`,
    `${host} :where(:not(svg):not(svg *)){all:revert}`,
    ...PARTS.map((part) => resetPart(host, part)),
    `${host}{${resetImages()}}`,
    `${host}{${root.toString()}}`,
    '',
  ].join('\n');
}

/**
 * Puts a part of elements back to what the browser gives it: a rule for each, because a browser that does not know one
 * drops the whole rule. What the host is in is the widget's as well: an element made for it, or the host of its shadow
 * tree.
 */
function resetPart(host: string, part: string): string {
  return (
    `${host}::${part},${host} ::${part},:has(>${host})::${part}{all:revert}` + `:host::${part}{all:revert!important}`
  );
}

/** What only browsers without nesting would read, and the tooltips of Classic Engine, which go to the end of `body`. */
function dropUnreachable(root: Root): void {
  root.walkComments((comment) => void comment.remove());
  root.walkAtRules('-webkit-keyframes', (rule) => void rule.remove());
  root.walkAtRules('media', (rule) => {
    if (rule.params.includes('-ms-high-contrast')) rule.remove();
  });
  root.walkRules((rule) => {
    const wanted = rule.selectors.filter(
      (selector) => !/\.lt-ie|^\* html |-ie6|:-ms-|-ms-clear|-ms-reveal|qtip/.test(selector),
    );
    if (wanted.length === 0) rule.remove();
    else if (wanted.length < rule.selectors.length) rule.selectors = wanted;
  });
  root.walkDecls((declaration) => {
    const { prop, value } = declaration;
    if (
      /^-ms-|^-o-|^zoom$/.test(prop) ||
      /[*_]$/.test(declaration.raws.before ?? '') ||
      /progid:|\\9|expression\(|-(o|ms|moz)-linear|-webkit-gradient/i.test(value)
    ) {
      declaration.remove();
    }
  });
  root.walkAtRules('font-face', keepWoff);
}

/** Leaves one format of a font, the newest it has. */
function keepWoff(fontFace: AtRule): void {
  const sources: Declaration[] = [];
  fontFace.walkDecls('src', (declaration) => void sources.push(declaration));
  const urls = sources.flatMap(({ value }) => value.match(/url\([^)]*\)(?:\s*format\([^)]*\))?/g) ?? []);
  const best = urls.find((url) => url.includes('.woff2')) ?? urls.find((url) => url.includes('.woff'));
  const [first, ...others] = sources;
  if (!best || !first) throw new Error(`A font of the widget has no WOFF file: ${fontFace.toString()}`);
  first.value = best;
  for (const declaration of others) declaration.remove();
}

function nameApart(root: Root): void {
  const fonts = new Set<string>();
  root.walkAtRules('font-face', (rule) => {
    rule.walkDecls('font-family', ({ value }) => void fonts.add(value.replace(/["']/g, '')));
  });
  const animations = new Set<string>();
  root.walkAtRules('keyframes', (rule) => {
    animations.add(rule.params);
    rule.params = NAME_PREFIX + rule.params;
  });
  root.walkDecls(/^(font-family|font)$/, (declaration) => {
    declaration.value = prefixNames(declaration.value, fonts);
  });
  root.walkDecls(/^(-webkit-)?animation(-name)?$/, (declaration) => {
    declaration.value = prefixNames(declaration.value, animations);
  });
}

function prefixNames(value: string, names: Set<string>): string {
  return value.replace(/[\w-]+/g, (word) => (names.has(word) ? NAME_PREFIX + word : word));
}

function pinToPixels(root: Root): void {
  root.walkDecls((declaration) => {
    declaration.value = declaration.value.replace(
      /url\([^)]*\)|(?<![\w.-])(-?\d*\.?\d+)rem\b/g,
      (text, size?: string) => (size ? `${Number(size) * PX_PER_REM}px` : text),
    );
  });
}
