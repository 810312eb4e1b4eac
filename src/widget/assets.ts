import { OktaElementsError } from '../errors.js';

/*
 * The widget's stylesheet, fonts, images and texts are files, in `dist/cdn/widget/` of this package:
 *
 *   css/okta-sign-in.css   made by build/stylesheet.ts; looks for ../font/ and ../img/
 *   font/ img/             as in the widget's own package
 *   labels/json/           one `login_xx.json` and `country_xx.json` per language
 *   altcha/                the proof-of-work captcha, fetched only where an org asks for it
 *
 * They are found beside the code (the build of `dist/cdn/` writes `./widget/` below). A bundler moves the code away from
 * them; then copy the folder to where the page can load it from and name its address in `widgetOptions.assets.baseUrl`.
 */

/**
 * Address of the folder, without a slash at the end.
 *
 * @throws OktaElementsError `widget_load_failed` when a bundler has replaced the address of this module.
 */
export function widgetAssetBase(): string {
  // Not `new URL('…', import.meta.url)` in one piece: bundlers read that as the name of a file to bring along.
  const here = import.meta.url;
  const url = new URL('../cdn/widget/', here);
  if (!/^https?:$/.test(url.protocol)) {
    throw new OktaElementsError(
      'widget_load_failed',
      'Copy dist/cdn/widget/ of okta-elements to your site and set widgetOptions.assets.baseUrl to its address.',
    );
  }
  return url.href.replace(/\/$/, '');
}
