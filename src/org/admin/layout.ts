import { createHash } from 'node:crypto';
import { escapeHtml } from '../http.js';

export interface PageOptions {
  /** Seconds after which the page loads itself again. */
  refreshSeconds?: number;
}

const STYLE = `
:root { color-scheme: light dark; --text: #1d1d21; --faint: #5b5f6b; --surface: #fff; --back: #f3f4f8; --line: #dcdee6; --accent: #1b4dd8; }
@media (prefers-color-scheme: dark) { :root { --text: #f0f0f4; --faint: #a7abb8; --surface: #1c1e26; --back: #121319; --line: #33363f; --accent: #8fadff; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
header { border-bottom: 1px solid var(--line); background: var(--surface); }
header div, main { max-width: 62rem; margin: auto; padding: 1rem; }
header div { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; align-items: baseline; }
header p { margin: 0 auto 0 0; color: var(--faint); }
a { color: var(--accent); }
a[aria-current] { color: var(--text); font-weight: 600; text-decoration: none; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 1rem 0; }
h2 { font-size: 1.125rem; line-height: 1.3; margin: 0; overflow-wrap: anywhere; }
article { background: var(--surface); border: 1px solid var(--line); border-radius: .5rem; padding: 1rem; margin: 0 0 1rem; }
.meta, .empty { color: var(--faint); margin: .25rem 0; overflow-wrap: anywhere; }
.code { font: 600 2rem/1.2 ui-monospace, monospace; letter-spacing: .12em; margin: .75rem 0; }
.text { white-space: pre-line; overflow-wrap: anywhere; margin: .75rem 0 0; }
.narrow { max-width: 32rem; padding-top: 4rem; text-align: center; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: .75rem 0 0; }
dt { color: var(--faint); }
dd { margin: 0; overflow-wrap: anywhere; }
code { font: .95em ui-monospace, monospace; }
.tag { display: inline-block; border: 1px solid var(--line); border-radius: 1rem; padding: 0 .6rem; margin-right: .25rem; font-size: .875rem; }
@media (max-width: 30rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5rem; } }
`;

const STYLE_HASH = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`;

/** A page of the org's own: readable without script, in light and dark, on a phone. With the policy it needs. */
export function pageHtml(
  title: string,
  body: string,
  { refreshSeconds }: PageOptions = {},
): { html: string; csp: string } {
  const refresh = refreshSeconds === undefined ? '' : `<meta http-equiv="refresh" content="${refreshSeconds}">\n`;
  return {
    html: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${refresh}<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
${body}
</body>
</html>
`,
    csp: `default-src 'none'; style-src ${STYLE_HASH}; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  };
}
