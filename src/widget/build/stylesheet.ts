import { readFileSync } from 'node:fs';
import { parse } from 'postcss';
import { WIDGET_CONTAINER_ID } from '../container-id.js';
import { followDirection } from './follow-direction.js';
import { nestWidgetStyles } from './nest-styles.js';
import { useThemeTokens } from './theme-tokens.js';

/**
 * The stylesheet this package ships for generation 2 of the widget: its own, kept apart from the page's and drawn with
 * the page's `--okta-*` properties.
 *
 * @param css `dist/css/okta-sign-in.min.css` of `@okta/okta-signin-widget`.
 */
export function widgetStylesheet(css: string): string {
  const theme = readFileSync(new URL('./theme.css', import.meta.url), 'utf8');
  return nestWidgetStyles(followDirection(useThemeTokens(css) + theme), WIDGET_CONTAINER_ID);
}

/**
 * The stylesheet this package ships for generation 3. Most of its styles are in its script, and `style-bridge.ts` nests
 * those the same way; its fonts are brought by `fonts.ts`.
 *
 * @param css `dist/css/okta-sign-in.next.css` of `@okta/okta-signin-widget`.
 */
export function widgetStylesheet3(css: string): string {
  const root = parse(css);
  root.walkAtRules('font-face', (rule) => void rule.remove());
  const theme = readFileSync(new URL('./theme-3.css', import.meta.url), 'utf8');
  return nestWidgetStyles(root.toString() + theme, WIDGET_CONTAINER_ID);
}
