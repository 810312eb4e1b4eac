import { createHash } from 'node:crypto';
import type { FrameSettings } from '../widget/frame/settings.js';

/** What of the built frame the deployed page has to name: `integrity.json`, a hash for every file. */
export type Hashes = Readonly<Record<string, string>>;

/** How one deployment is told from another. */
export interface FrameDeployment {
  readonly settings: FrameSettings;
  readonly hashes: Hashes;
  /** Names the style elements of generation 3 in the policy. */
  readonly nonce: string;
}

/** The page, with a hash for every script that it runs. */
export function framePage(template: string, { hashes, nonce, settings }: FrameDeployment): string {
  const attribute = settings.generation === 3 ? ` nonce="${nonce}"` : '';
  const { scripts, stylesheet } = widgetFiles(settings, hashes);
  const preloads = scripts.map(
    (file) => `<link rel="modulepreload" href="${file}" integrity="${hashes[file]}" />\n    `,
  );
  return template
    .replace(
      '<link rel="stylesheet" href="frame.css" />',
      `<link rel="stylesheet" href="frame.css" integrity="${hashes['frame.css']}" />
    <link rel="preload" as="style" href="${stylesheet}" integrity="${hashes[stylesheet]}"${attribute} />`,
    )
    .replace(
      '<script type="module" src="frame.js"></script>',
      `<script type="importmap">${importMap(hashes)}</script>
    ${preloads.join('')}<script type="module" src="frame.js" integrity="${hashes['frame.js']}"${attribute}></script>`,
    );
}

/** What the form of this generation is made of. */
function widgetFiles({ generation }: FrameSettings, hashes: Hashes): { scripts: string[]; stylesheet: string } {
  const third = generation === 3;
  const names = third ? [/^widget-3\.js$/, /^generation-3\.[\w-]+\.js$/] : [/^widget\.[\w-]+\.js$/];
  const scripts = names.map((name) => Object.keys(hashes).find((file) => name.test(file)));
  if (!scripts.every((file) => file !== undefined)) {
    throw new Error('integrity.json does not name every script of the widget; build the package again.');
  }
  return { scripts, stylesheet: `widget/css/okta-sign-in${third ? '-3' : ''}.css` };
}

/** What the chunks that come later must be. */
function importMap(hashes: Hashes): string {
  const chunks = Object.entries(hashes).filter(([file]) => /^[^/]+\.js$/.test(file));
  return JSON.stringify({ integrity: Object.fromEntries(chunks.map(([file, hash]) => [`./${file}`, hash])) });
}

/** What the form needs of the browser: passkeys, and a button that copies. */
const ALLOWED = ['publickey-credentials-get', 'publickey-credentials-create', 'clipboard-write'];

/** What nothing in the frame may use. Only names that Chromium knows: it warns of others in the console. */
const DENIED = [
  'accelerometer',
  'autoplay',
  'camera',
  'clipboard-read',
  'display-capture',
  'encrypted-media',
  'fullscreen',
  'gamepad',
  'geolocation',
  'gyroscope',
  'hid',
  'identity-credentials-get',
  'idle-detection',
  'local-fonts',
  'magnetometer',
  'microphone',
  'midi',
  'otp-credentials',
  'payment',
  'picture-in-picture',
  'screen-wake-lock',
  'serial',
  'usb',
  'window-management',
  'xr-spatial-tracking',
];

/** The headers of the page, the strictest that the form works under. */
export function frameHeaders({ settings, hashes, nonce }: FrameDeployment): Record<string, string> {
  const okta = new URL(settings.issuer).origin;
  const map = createHash('sha256').update(importMap(hashes)).digest('base64');
  const third = settings.generation === 3;
  const { logo, files } = elsewhere(settings);
  const policy = {
    'default-src': "'none'",
    'script-src': `'self' 'sha256-${map}'`,
    'style-src': third ? `'self' 'nonce-${nonce}'` : "'self'",
    'font-src': sources("'self'", files),
    // Generation 3 has its pictures in its script; the QR code is data in both. Logos are the organisation's, or the
    // author's.
    'img-src': sources(third ? '' : "'self'", 'data:', okta, logo, files),
    'connect-src': sources("'self'", okta, files),
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': settings.parents.join(' '),
    'require-trusted-types-for': "'script'",
    'trusted-types': 'okta-elements-widget',
  };
  return {
    'Content-Security-Policy': Object.entries(policy)
      .map(([directive, sources]) => `${directive} ${sources}`)
      .join('; '),
    // Two years, for this host name only: subdomains are the owner's decision. Browsers ignore it over http.
    'Strict-Transport-Security': 'max-age=63072000',
    'Permissions-Policy': [...ALLOWED.map((name) => `${name}=(self)`), ...DENIED.map((name) => `${name}=()`)].join(
      ', ',
    ),
    // For the page in a window: no opener reaches it. In a frame, the window around it decides.
    'Cross-Origin-Opener-Policy': 'same-origin',
    // A frame is a navigation, to which this does not apply. Other origins cannot load its files as scripts or images.
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    // What it is set up for may change; the chunks have their hash in their name.
    'Cache-Control': 'no-cache',
  };
}

/** Where the settings have their logo and the widget's files, as a policy says it. */
function elsewhere({ widgetOptions }: FrameSettings): { logo: string; files: string } {
  const { logo, assets, 'assets.baseUrl': baseUrl } = widgetOptions;
  // The widget takes either spelling.
  return { logo: sourceOf(logo), files: sourceOf((assets as { baseUrl?: unknown } | null)?.baseUrl ?? baseUrl) };
}

/** Nothing for data, and for what is no address. */
function sourceOf(address: unknown): string {
  const own = 'https://own.invalid';
  const url = typeof address === 'string' && address !== '' ? URL.parse(address, own) : null;
  if (!url || !/^https?:$/.test(url.protocol)) return '';
  return url.origin === own ? "'self'" : url.origin;
}

function sources(...all: string[]): string {
  return [...new Set(all.filter((source) => source !== ''))].join(' ');
}

/** The headers as common servers are told them, by the name of the file. */
export function serverFiles(headers: Readonly<Record<string, string>>): Record<string, string> {
  const lines = (line: (name: string, value: string) => string) =>
    Object.entries(headers)
      .map(([name, value]) => line(name, value))
      .join('\n');
  return {
    // In a location or server block: include this file.
    'nginx.conf': `${lines((name, value) => `add_header ${name} "${value}" always;`)}\n`,
    '.htaccess': `${lines((name, value) => `Header always set ${name} "${value}"`)}\n`,
    _headers: `/*\n${lines((name, value) => `  ${name}: ${value}`)}\n`,
  };
}
