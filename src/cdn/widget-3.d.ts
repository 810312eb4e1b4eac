/*
 * Generation 3 of Okta's widget as an ES module. Its npm package has it as a plain script only, so rollup.config.mjs
 * makes `dist/cdn/widget-3.js` of that; `dist/` imports the same file.
 */
declare const Widget: unknown;
export default Widget;
