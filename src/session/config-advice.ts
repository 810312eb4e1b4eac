import type { ErrorCode, OktaElementsError } from '../errors.js';

const MILLISECONDS = 'set a number of milliseconds';
const ADDRESS = "set an address on this page's origin, without a fragment";

/** For each setting, what it may be. */
const ADVICE: Readonly<Record<string, string>> = {
  issuer: 'set an https URL without user name, query or fragment, such as https://example.okta.com/oauth2/default',
  'client-id': 'set the client ID of your application in Okta',
  scopes: 'add openid',
  'redirect-uri': ADDRESS,
  'post-logout-redirect-uri': ADDRESS,
  storage: 'set one of local, session, memory',
  renew: 'set one of auto, on-demand, off',
  callback: 'set one of auto, manual',
  'allowed-origins': 'set https origins',
  'idle-timeout': 'set a number of seconds',
  'request-timeout': MILLISECONDS,
  'silent-timeout': MILLISECONDS,
  'popup-timeout': MILLISECONDS,
};

/** Issuers that are wrong for a reason of their own. */
const ISSUERS: readonly (readonly [RegExp, string])[] = [
  [/^""$/, 'set your authorization server, such as https://example.okta.com/oauth2/default'],
  [/[{}<>$]|%7b/i, 'replace the placeholder with your Okta domain'],
  [/-admin\.okta/i, 'this is the Admin Console; remove "-admin"'],
];

/** What completes the messages of code that every page loads. These end without a full stop. */
const COMPLETIONS: Partial<Readonly<Record<ErrorCode, string>>> = {
  config_missing:
    'add <okta-config> or <script type="application/json" data-okta-config>, or correct config="…" of the element',
  config_conflict: 'remove one, or give each a name and a redirect URI of its own',
  config_not_allowed: 'use <script type="application/json" data-okta-config> or configure()',
  network: 'check the connection, and that all files of dist/cdn are served; then reload',
  offline: 'connect the device, then reload',
  widget_load_failed: 'check the connection, and that all files of dist/cdn are served; then try again',
};

/** Completes a message with what to change, where the code that threw it is too small to say so. */
export function withAdvice({ code, message }: OktaElementsError): string {
  const completion = COMPLETIONS[code];
  if (completion && !message.endsWith('.')) return `${message}; ${completion}.`;
  const [, setting, value] = /^([\w-]+)=(.*) is not valid\.$/s.exec(message) ?? [];
  if (!setting || value === undefined) return message;
  const [, special] = (setting === 'issuer' && ISSUERS.find(([pattern]) => pattern.test(value))) || [];
  const advice = special ?? ADVICE[setting];
  return advice ? `${setting}=${value}: ${advice}.` : message;
}
