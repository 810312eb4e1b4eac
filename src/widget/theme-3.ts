import type { WidgetConfig } from './options.js';

/** Our colours, and the names generation 3 has for them (design tokens of Odyssey). */
const COLOURS = {
  '--okta-color-text': ['TypographyColorBody', 'TypographyColorHeading'],
  '--okta-color-border': ['BorderColorControl'],
  '--okta-color-danger': ['PaletteDangerMain', 'PaletteDangerText'],
  '--okta-color-focus': ['FocusOutlineColorPrimary'],
};
const FONTS = ['TypographyFamilyBody', 'TypographyFamilyHeading', 'TypographyFamilyButton'];
const CORNERS = ['BorderRadiusMain', 'BorderRadiusTight'];

/** The colours of a page that generation 3 is told, and no other: as they are, on light pages and dark ones. */
export function coloursSaid({ theme }: WidgetConfig): Set<string> {
  const { tokens = {} } = (theme ?? {}) as { tokens?: Record<string, string> };
  return new Set(Object.values(COLOURS).flatMap((names) => names.flatMap((name) => tokens[name]?.toLowerCase() ?? [])));
}

/** Whether the page named a dark colour for what is behind the form. */
export function isDark(at: HTMLElement): boolean {
  const colour = hexOf(at, '--okta-color-surface');
  if (!colour) return false;
  const [red = 0, green = 0, blue = 0] = colour.match(/\w\w/g)!.map((pair) => parseInt(pair, 16));
  return 0.299 * red + 0.587 * green + 0.114 * blue < 110;
}

/**
 * Says the page's `--okta-*` properties in the words of generation 3, which works out its colours when it starts. What
 * the author says in `widgetOptions` wins.
 *
 * @param at where the widget is going to be
 */
export function themeFor(at: HTMLElement, { brandColors, colors, theme }: WidgetConfig): WidgetConfig {
  const style = getComputedStyle(at);
  const said = (name: string) => style.getPropertyValue(name).trim();
  const brand = (colors as { brand?: string } | undefined)?.brand ?? hexOf(at, '--okta-color-primary');
  const colours = Object.entries(COLOURS).flatMap(([name, tokens]) => all(tokens, hexOf(at, name)));
  const tokens = Object.fromEntries([
    ...colours,
    ...all(FONTS, said('--okta-font-family')),
    ...all(CORNERS, said('--okta-radius')),
  ]);
  const own = (theme as { tokens?: object } | undefined)?.tokens;
  return {
    ...(brand && { brandColors: { primaryColor: brand } }),
    ...(brandColors !== undefined && { brandColors }),
    theme: { ...(theme as object | undefined), tokens: { ...tokens, ...own } },
  };
}

function all(tokens: readonly string[], value: string | undefined): [string, string][] {
  return value ? tokens.map((token) => [token, value]) : [];
}

/** A colour as `#rrggbb`, which is what generation 3 reckons with; whatever way the page wrote it. */
function hexOf(at: HTMLElement, name: string): string | undefined {
  if (!getComputedStyle(at).getPropertyValue(name).trim()) return undefined;
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  at.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  const context = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d');
  if (!context) return undefined;
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
  return `#${[red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}
