import { OktaElementsError } from '../errors.js';
import { own } from './own.js';

/** What a page author says, before it is checked: attribute values, JSON or an object of the script's own. */
export interface ConfigInput {
  /** Authorization server, such as `https://example.okta.com/oauth2/default`; a custom domain is an issuer on it. Required. */
  issuer?: string;
  /** Client id of a public (single-page) application. Required. */
  clientId?: string;
  /** Where Okta sends the browser back to: same origin, registered with the application. Default `/`. */
  redirectUri?: string;
  /** Where Okta sends the browser after sign-out: same origin, registered with the application. Default `/`. */
  postLogoutRedirectUri?: string;
  /** Scopes, space-separated or a list. Default `openid profile email`. */
  scopes?: string | readonly string[];
  /** Where tokens are kept. Default `local`: shared by tabs, outlives the browser. */
  storage?: string;
  /** When access tokens are renewed: ahead of expiry (`auto`, default), when asked for (`on-demand`), never (`off`). */
  renew?: string;
  /** Whether a return from Okta is handled by itself (`auto`, default) or by `<okta-callback>` alone (`manual`). */
  callback?: string;
  /** Other origins that may be sent the access token. Default none: the page's own origin always may. */
  allowedOrigins?: string | readonly string[];
  /** Content-security nonce for styles of the embedded widget. */
  nonce?: string;
  /** Binds the tokens to a key of this browser (RFC 9449), so that a stolen one is of no use elsewhere. Default false. */
  dpop?: boolean | string;
  /** Seconds without a sign of the user after which the session ends, in all tabs. Default: never. */
  idleTimeout?: number | string;
  /** Milliseconds until a request is given up. Default 10000. */
  requestTimeout?: number | string;
  /** Milliseconds until a renewal in a hidden frame is given up. Default 10000. */
  silentTimeout?: number | string;
  /** Milliseconds until a sign-in in a popup is given up. Default 60000. */
  popupTimeout?: number | string;
  /** Address of a build of Okta's widget, a script. Default: the one that comes with this package. */
  widgetSrc?: string;
  /** Address of the widget's stylesheet. Default: the one that comes with this package, which keeps page CSS out. */
  widgetCss?: string;
  /** Hashes of the script at `widgetSrc` (Subresource Integrity). */
  widgetIntegrity?: string;
  /** Hashes of the stylesheet at `widgetCss` (Subresource Integrity). */
  widgetCssIntegrity?: string;
  /** Which of its two designs: `2` (default) or `3`. */
  widgetGeneration?: number | string;
  /** Address of the sign-in frame, on another origin, for `isolation="frame"`. */
  frameSrc?: string;
  /** Options of the Okta Sign-In Widget for every embedded form. Those of an element's `widgetOptions` go first. */
  widgetOptions?: Readonly<Record<string, unknown>>;
  /** What other tags call it with `config="…"`. Default `default`. */
  name?: string;
}

/** Settings by the names of the attributes or of the properties. */
export function inCamelCase(settings: unknown): Record<string, unknown> {
  const toCamelCase = (name: string) => name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(settings ?? {}).map(([name, value]) => [toCamelCase(name), value]));
}

/** A configuration that has passed {@link parseConfig}. */
export interface OktaConfig {
  readonly issuer: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly postLogoutRedirectUri: string;
  readonly scopes: readonly string[];
  readonly storage: 'local' | 'session' | 'memory';
  readonly renew: 'auto' | 'on-demand' | 'off';
  readonly callback: 'auto' | 'manual';
  readonly allowedOrigins: readonly string[];
  readonly nonce?: string;
  readonly dpop: boolean;
  /** Seconds; undefined: never. */
  readonly idleTimeout?: number;
  readonly requestTimeout: number;
  readonly silentTimeout: number;
  readonly popupTimeout: number;
  /** What the author said. Where the widget comes from is checked by `src/widget/`, when it is wanted. */
  readonly said: ConfigInput;
}

/**
 * config-advice.ts, loaded when a setting is wrong, describes the valid values.
 * @throws OktaElementsError `config_invalid` when there is no valid value
 */
function valid<T>(setting: string, given: unknown, value: T | undefined | false): T {
  if (value !== undefined && value !== false) return value;
  // A password in an address is not for the console.
  const text = JSON.stringify(given ?? '').replace(/\/[^/]*@/, '/…@');
  throw new OktaElementsError('config_invalid', `${setting}=${text} is not valid.`);
}

/** Splits a space-separated list; leaves a list as it is. */
export function parseList(value: string | readonly string[] | undefined | null): string[] {
  return Array.isArray(value)
    ? value.map(String)
    : String(value ?? '')
        .split(/\s+/)
        .filter(Boolean);
}

/** A JSON file may hold anything; what is not text counts as not said. */
function parseText(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}

const LOOPBACK = /^(localhost|[\w.-]+\.localhost|127(\.\d+){3}|\[::1\])$/;

/** Credentials travel over TLS only, but for servers on this machine (RFC 9700 section 2.6, RFC 6750 section 5.3). */
export function isSecure({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname));
}

/**
 * An issuer is an https URL without query or fragment (OpenID Connect Discovery 3), here also without user
 * information, not on Okta's admin console, and with the placeholder of a copied example replaced.
 */
function parseIssuer(value: string): string | false {
  const url = URL.canParse(value) && new URL(value);
  const isIssuer = url && isSecure(url) && !url.username && !url.password && !/[{}<>$?#]|%7b|-admin\.okta/i.test(value);
  return isIssuer && value.replace(/\/+$/, '');
}

/** Same-origin address, absolute. */
function parseAddress(name: string, value: unknown, page: string): string {
  const address = value || '/';
  const url = typeof address === 'string' && URL.canParse(address, page) && new URL(address, page);
  return valid(name, value, url && url.origin === new URL(page).origin && !url.hash && url.href);
}

function parseOrigin(value: string): string {
  const url = URL.canParse(value) && !value.includes('*') && new URL(value);
  return valid('allowed-origins', value, url && isSecure(url) && url.origin);
}

function parseChoice<T extends string>(name: string, value: string | undefined, choices: readonly T[]): T {
  return valid(name, value, value ? choices.find((choice) => choice === value) : choices[0]);
}

/** What a browser's timer can wait. */
function parseNumber(name: string, value: number | string): number {
  const number = Number(value);
  return valid(name, value, number > 0 && number < 2 ** 31 && number);
}

/**
 * Checks a configuration.
 * @param page address of the page, against which relative addresses are read
 * @throws OktaElementsError `config_invalid`, saying which setting and what it should be
 */
export function parseConfig(said: ConfigInput, page: string): OktaConfig {
  const input = own(said);
  const scopes = parseList(input.scopes ?? 'openid profile email');
  valid('scopes', scopes.join(' '), scopes.includes('openid'));
  const clientId = parseText(input.clientId);
  const issuer = parseText(input.issuer);
  return {
    issuer: valid('issuer', issuer, parseIssuer(issuer)),
    clientId: valid('client-id', clientId, /^[^{}<>$]+$/.test(clientId) && clientId),
    redirectUri: parseAddress('redirect-uri', input.redirectUri, page),
    postLogoutRedirectUri: parseAddress('post-logout-redirect-uri', input.postLogoutRedirectUri, page),
    scopes,
    storage: parseChoice('storage', input.storage, ['local', 'session', 'memory']),
    renew: parseChoice('renew', input.renew, ['auto', 'on-demand', 'off']),
    callback: parseChoice('callback', input.callback, ['auto', 'manual']),
    allowedOrigins: parseList(input.allowedOrigins).map(parseOrigin),
    nonce: parseText(input.nonce) || undefined,
    // As in HTML, where `dpop` and `dpop=""` say yes; JSON has true.
    dpop: (input.dpop ?? false) !== false && input.dpop !== 'false',
    idleTimeout: (input.idleTimeout ?? '') === '' ? undefined : parseNumber('idle-timeout', input.idleTimeout!),
    requestTimeout: parseNumber('request-timeout', input.requestTimeout ?? 10_000),
    silentTimeout: parseNumber('silent-timeout', input.silentTimeout ?? 10_000),
    popupTimeout: parseNumber('popup-timeout', input.popupTimeout ?? 60_000),
    said: input,
  };
}
