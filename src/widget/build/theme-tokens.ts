import { parse, type Declaration, type Rule } from 'postcss';

/**
 * The widget writes its colours out, rule by rule. Here each becomes a variable with a meaning, which `theme.css` gives a
 * value for a light and a dark page. What is not listed is meant as it is: brand marks, QR codes, traffic-light icons.
 */
const TOKENS = {
  background: {
    surface: '#fff white',
    raised: '#f8f8f8 #f9f9f9 #fbfbfb #fcfcfc',
    sunken: '#f2f2f2 #f4f4f4 #e2e2e2 #eaeaea',
    line: '#a7a7a7',
    primary: '#0073b2 #007cc0 #007dc1 #63b1d7',
    'primary-hover': '#0087d0',
    'primary-tint': '#e5edfb',
    'danger-tint': '#fff2f2 #fce5e6',
  },
  border: {
    line:
      '#a7a7a7 #afafaf #b1b1b1 #b2b2b2 #b3b3b3 #bbb #bdbdbd #c3c3c3 #c4c4c4 #c8c8c8 #cacaca #ccc #d1d1d1 #d2d2d2 ' +
      '#d8d8d8 #dadada #ddd #e3e3e3 #e8e8e8 #eaeaea',
    'line-strong': '#888 #8c8c96',
    text: '#1d1d21',
    primary: '#0074b3 #007dc1 #1662dd #124a94 #00456a #004b75 #003a59 #003d5e #63b1d7',
    danger: '#d93934',
  },
  text: {
    text: '#1d1d21 #000 #2f3f4a #333 #444 #5e5e5e',
    muted: '#6e6e78 #666 #777 #888 #8c8c96 #a7a7a7 #aaa',
    link: '#0074b3 #007cc0 #007dc1 #1662dd #124a94',
    danger: '#d93934 #e34843',
  },
} satisfies Record<string, Record<string, string>>;

type Family = keyof typeof TOKENS;

/** Replaces the widget's colours, font and corners by variables named `--widget-…`, all of them set in `theme.css`. */
export function useThemeTokens(css: string): string {
  const root = parse(css);
  root.walkDecls((declaration) => {
    if (declaration.parent?.type !== 'rule' || declaration.prop.startsWith('--')) return;
    const family = familyOf(declaration.prop);
    if (family)
      declaration.value = declaration.value.replace(COLOUR, (text, colour?: string) =>
        colour ? token(family, colour, declaration) : text,
      );
    if (declaration.value === GLOW) declaration.value = '0 0 0 1px var(--widget-focus)';
    if (declaration.prop === 'font-family' && /\bInter\b/.test(declaration.value)) {
      declaration.value = 'var(--widget-font-family)';
    }
  });
  return root.toString();
}

/** Not the first 50px of a button, where the mark of an identity provider is, drawn for white. */
const COLOUR = /url\([^)]*\)|(#[0-9a-f]{3,8}\b|\bwhite\b)(?! 50px)/gi;

/** The glow around what has the focus. */
const GLOW = '0 0 8px #51cbee';

function familyOf(prop: string): Family | undefined {
  if (prop.startsWith('background')) return 'background';
  if (/^(border|outline)/.test(prop)) return 'border';
  if (prop === 'color' || prop === 'fill' || prop === '-webkit-text-fill-color') return 'text';
  return undefined;
}

function token(family: Family, colour: string, { parent }: Declaration): string {
  const lower = colour.toLowerCase();
  if (family === 'text' && lower === '#fff') {
    return (parent as Rule).selector.includes('button-primary') ? 'var(--widget-on-primary)' : colour;
  }
  const found = Object.entries(TOKENS[family]).find(([, colours]) => colours.split(' ').includes(lower));
  return found ? `var(--widget-${found[0]})` : colour;
}
