import { escapeHtml } from '../http.js';

/** The org's own pages share one shell: quiet, readable, light and dark, on a phone as on a desk. */
export interface PageContent {
  title: string;
  /** HTML, already escaped. */
  body: string;
  lang?: string;
}

export function page({ title, body, lang = 'en' }: PageContent): string {
  return `<!doctype html>
<html lang="${escapeHtml(lang)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="/assets/org/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/org/page.css">
</head>
<body>
${body}
</body>
</html>
`;
}
