import { randomBytes } from 'node:crypto';
import { escapeHtml, scriptJson } from '../http.js';
import type { Branding } from '../seed.js';
import { WIDGET_PATH, widgetLanguage } from './widget-files.js';

/** What the hosted sign-in page is made of. */
export interface SignInPage {
  origin: string;
  stateToken: string;
  /** Of the application the user signs in to. */
  clientLabel: string;
  /** Where a finished sign-in may lead: origins of the clients' redirect URIs. */
  redirectOrigins: string[];
  /** View to start with: `signup`, `resetPassword`, `unlockAccount`; anything else is the sign-in form. */
  flow?: string;
  /** Language tags, most wanted first. */
  locales: string[];
  branding: Branding;
}

const FLOWS = new Set(['login', 'signup', 'resetPassword', 'unlockAccount']);

const SCRIPT = { 2: 'okta-sign-in.min.js', 3: 'okta-sign-in.next.js' } as const;
const STYLES = { 2: 'okta-sign-in.min.css', 3: 'okta-sign-in.next.css' } as const;

/** The page on which Okta's own, unmodified widget signs people in, and the policy it runs under. */
export function signInPage(content: SignInPage): { html: string; csp: string } {
  const { branding, clientLabel } = content;
  const generation = branding.widgetGeneration;
  const nonce = randomBytes(16).toString('base64url');
  const language = widgetLanguage(content.locales);
  const title = `Sign in to ${clientLabel || branding.name}`;
  const settings = {
    generation,
    brand: branding.name,
    widget: {
      el: '#sign-in',
      baseUrl: content.origin,
      stateToken: content.stateToken,
      useClassicEngine: false,
      language,
      cspNonce: nonce,
      assets: { baseUrl: WIDGET_PATH },
      brandName: branding.name,
      // Generation 2 reads the first, generation 3 the second.
      colors: { brand: branding.primaryColor },
      brandColors: { primaryColor: branding.primaryColor },
      ...(branding.logo ? { logo: branding.logo, logoText: branding.name } : undefined),
      ...(content.flow && FLOWS.has(content.flow) ? { flow: content.flow } : undefined),
      features: { registration: true, rememberMe: true },
    },
  };
  const html = `<!doctype html>
<html lang="${escapeHtml(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="/assets/org/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="${WIDGET_PATH}/css/${STYLES[generation]}">
<link rel="stylesheet" href="/assets/org/sign-in.css">
<style nonce="${nonce}">:root{${brandProperties(branding)}}</style>
<script nonce="${nonce}" src="${WIDGET_PATH}/js/${SCRIPT[generation]}" defer></script>
<script nonce="${nonce}" src="/assets/org/sign-in.js" defer></script>
</head>
<body class="generation-${generation}">
<div class="band" aria-hidden="true"></div>
<div class="page">
${branding.logo ? '' : `<p class="wordmark">${escapeHtml(branding.name)}</p>`}
${clientLabel && clientLabel !== branding.name ? `<p class="to">to continue to <strong>${escapeHtml(clientLabel)}</strong></p>` : ''}
<div id="sign-in"><p class="loading" role="status">Loading the sign-in form…</p></div>
<noscript><p class="loading">The sign-in form needs JavaScript.</p></noscript>
</div>
<footer><p>A local Okta org for development. Not Okta, and not for production. <a href="/">About this org</a></p></footer>
<script type="application/json" id="settings">${scriptJson(settings)}</script>
</body>
</html>
`;
  return { html, csp: contentSecurity(content, nonce) };
}

function brandProperties({ primaryColor, backgroundColor, backgroundImage }: Branding): string {
  const image = backgroundImage ? `--brand-image:url(${JSON.stringify(backgroundImage)});` : '';
  return `--brand-primary:${primaryColor};--brand-background:${backgroundColor};${image}`.replace(/</g, '\\3c ');
}

/**
 * What the widget needs and no more. `form-action` names the applications because generation 2 ends by submitting a
 * form, and browsers hold the redirects that follow to it.
 */
function contentSecurity({ redirectOrigins, branding }: SignInPage, nonce: string): string {
  const images = [branding.logo, branding.backgroundImage].flatMap((url) =>
    url && !url.startsWith('data:') ? [new URL(url).origin] : [],
  );
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    ["img-src 'self' data:", ...images].join(' '),
    "font-src 'self'",
    "connect-src 'self'",
    ["form-action 'self'", ...redirectOrigins].join(' '),
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
