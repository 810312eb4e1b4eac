import type { ErrorCode, OktaElementsError } from './errors.js';
import type { OktaClient } from './session/client.js';
import type { OktaConfig } from './session/config.js';
import { withAdvice } from './session/config-advice.js';
import { findClient } from './session/registry.js';
import { noteStarter } from './show.js';
import { SENTENCES } from './words/en.js';
import { languageOf, loadWords } from './words/words.js';

export { claim, show } from './show.js';
export { loadWords, translateLabels, wordsFor } from './words/words.js';

type Where = EventTarget | OktaClient;

/** What the advice for developers names. */
interface Context {
  readonly issuer: string;
  readonly clientId: string;
  /** Origin of this page. */
  readonly origin: string;
  readonly redirectUri: string;
}

const APP = 'Applications > Applications > (your app)';
const SERVER = 'Security > API > Authorization Servers > (your server)';
const CONFIGURATION = 'The configuration of this page: configure(), the JSON script or <okta-config>.';

/** For each code, what to change and where. Paths are those of Okta's Admin Console. */
export const ADVICE: Readonly<Record<ErrorCode, (context: Context) => string>> = {
  config_invalid: () => `${CONFIGURATION} The message names the setting.`,
  config_missing: () =>
    'Add <okta-config issuer client-id> to this page, or call configure(). The attributes "name" and "config" must be equal.',
  config_conflict: () => `${CONFIGURATION} Remove one of the two, or give each a "name" and a redirect URI of its own.`,
  config_not_allowed: () =>
    'Move the setting from the tag to configure() or to <script type="application/json" data-okta-config>.',
  guard_empty: () => 'The HTML of this page: the content must be inside <okta-guard>.',
  guard_invalid: () => 'The attributes of <okta-guard>. The message names the attribute.',
  discovery_failed: ({ issuer }) =>
    `Setting "issuer" (${issuer}): copy it from ${SERVER} > Issuer URI. ${issuer}/.well-known/openid-configuration must answer.`,
  issuer_mismatch: ({ issuer }) => `Setting "issuer" (${issuer}): copy it exactly from ${SERVER} > Issuer URI.`,
  callback_invalid: ({ redirectUri }) =>
    `${APP} > General: "Grant type" must allow Authorization Code, "Sign-in redirect URIs" must list ${redirectUri}. Scopes: ${SERVER} > Scopes.`,
  state_mismatch: ({ redirectUri }) => `Begin the sign-in again. Redirect URI: ${redirectUri}.`,
  transaction_missing: ({ origin, redirectUri }) =>
    `Begin and finish the sign-in in one tab on ${origin}; do not bookmark or link to ${redirectUri} with a response in it.`,
  access_denied: () =>
    `${APP} > Assignments: assign the user or a group. Policies: ${APP} > Sign On > User authentication, and ${SERVER} > Access Policies. Reasons: Reports > System Log.`,
  login_required: () =>
    'Nothing, if the session ended normally. Its length: Security > Global Session Policy. Renewal in a hidden frame needs page and issuer on one site: Customizations > Brands > Domains.',
  server_error: () => 'Try again. Reports > Rate Limits and Reports > System Log say more.',
  token_exchange_failed: ({ redirectUri }) =>
    `${APP} > General: "Client authentication" None, "Grant type" Authorization Code (Interaction Code for the embedded style), "Proof of possession" as the setting "dpop" says, "Sign-in redirect URIs" with ${redirectUri}. Also ${SERVER} > Access Policies.`,
  id_token_invalid: ({ issuer, clientId }) =>
    `Settings "issuer" (${issuer}) and "client-id" (${clientId}) must be those of ${APP} > General; check the clock of this device.`,
  renewal_failed: () =>
    `Nothing, if the session ended normally. ${APP} > General: "Grant type" Refresh Token, and "Refresh token" behavior. Lifetime: ${SERVER} > Access Policies > (rule).`,
  userinfo_failed: () => `${APP} > General and ${SERVER} > Scopes. The message names the failed check.`,
  redirect_loop: ({ issuer, clientId }) =>
    `Settings "issuer" (${issuer}), "client-id" (${clientId}) and "storage"; something may clear the storage of this page.`,
  network: ({ origin }) =>
    `Security > API > Trusted Origins: add ${origin} with CORS. The content security policy of this page must allow the issuer in connect-src.`,
  timeout: () => 'Settings "request-timeout", "silent-timeout" and "popup-timeout", in milliseconds.',
  offline: () => 'Nothing: the device has no connection.',
  storage_unavailable: () => 'Setting "storage": "memory" needs no storage of the browser.',
  popup_blocked: () =>
    'Call signIn({display: "popup"}) directly in a click handler; the next click leaves this page instead.',
  popup_closed: () => 'Nothing: the user closed the window.',
  widget_load_failed: ({ origin }) =>
    `Settings "widget-src", "widget-css", their hashes and "frame-src"; the content security policy of this page. The frame must name ${origin} in "parents" and frame-ancestors.`,
  widget_failed: ({ origin }) =>
    `${APP} > General > "Grant type": Interaction Code. Settings > Account > Embedded widget sign-in support: Interaction code. Security > API > Trusted Origins: ${origin}.`,
  origin_not_allowed: () => `${CONFIGURATION} Setting "allowedOrigins", in script only.`,
};

/** Failures that are part of normal use: the user closed a window, or a session ended. */
const EXPECTED: readonly ErrorCode[] = ['popup_closed', 'offline', 'login_required', 'renewal_failed'];

const explained = new WeakMap<OktaElementsError, Promise<void>>();
const written = new WeakMap<object, Set<string>>();
/** Stands for what no element or client is known of. */
const PAGE = {};

/**
 * Writes an error to the console, once, and sets its `userMessage` to a sentence in the language of the page.
 * @param where the element, document or client that the error concerns
 * @param config the configuration in use; default that of `where`
 * @param isReport false for an element that only shows the error
 */
export function explain(error: OktaElementsError, where?: Where, config?: OktaConfig, isReport = true): Promise<void> {
  if (where && isReport) noteStarter(error, where);
  let work = explained.get(error);
  if (!work) {
    error.message = withAdvice(error);
    write(error, where, config);
    explained.set(error, (work = translate(error, where)));
  }
  return work;
}

/** Writes a remark to the console that is no error of the page, once. */
export function note(message: string, where?: Where, config?: OktaConfig): void {
  // eslint-disable-next-line no-console -- developers read it here
  if (isNew(message, where)) console.warn(...lines(message, where, [contextLine(contextOf(where, config))]));
}

async function translate(error: OktaElementsError, where: Where | undefined): Promise<void> {
  const { language, sentences } = await loadWords(languageOf(where));
  const isContent = error.code === 'config_invalid' && (where as Partial<Element>)?.localName === 'okta-guard';
  error.userMessage = sentences[isContent ? 'content' : SENTENCES[error.code]];
  error.userMessageLanguage = language;
}

function write({ code, message, cause }: OktaElementsError, where?: Where, config?: OktaConfig): void {
  if (!isNew(`${code} ${message}`, where)) return;
  // Another configuration of the page would mislead.
  const context = code === 'config_missing' ? contextOf({ config: null }) : contextOf(where, config);
  const text = lines(`${message} (${code})`, where, [
    `To change: ${ADVICE[code](context)}`,
    contextLine(context),
    `More: documentation, page "Errors", row "${code}".`,
  ]);
  const details = cause instanceof Error ? [...text, cause] : text;
  // eslint-disable-next-line no-console -- developers read here which setting to change
  console[EXPECTED.includes(code) ? 'info' : 'error'](...details);
}

function lines(message: string, where: Where | undefined, more: string[]): unknown[] {
  const subject = subjectOf(where);
  const text = [`okta-elements: ${message}`, ...more].join('\n  ');
  return subject ? [text, subject] : [text];
}

function isNew(text: string, where: Where | undefined): boolean {
  const subject = subjectOf(where) ?? PAGE;
  const texts = written.get(subject) ?? new Set();
  written.set(subject, texts);
  return texts.size < texts.add(text).size;
}

/** An element or a client, which the console shows as an object. */
function subjectOf(where: Where | undefined): object | undefined {
  return where && where !== globalThis.document ? where : undefined;
}

/** Elements have the name of a configuration in `config`, clients the configuration itself. */
function contextOf(where: unknown, known?: OktaConfig): Context {
  const { config: named, issuer, clientId } = Object(where) as Partial<Record<string, unknown>>;
  const own = typeof named === 'object' ? (named as OktaConfig | null) : undefined;
  const config = known ?? own ?? (named === null ? undefined : findClient(named as string | undefined)?.config);
  const attribute = (value: unknown) => (typeof value === 'string' && value ? value : 'not set');
  return {
    issuer: config?.issuer ?? attribute(issuer),
    clientId: config?.clientId ?? attribute(clientId),
    redirectUri: config?.redirectUri ?? 'not set',
    origin: globalThis.location?.origin ?? 'unknown',
  };
}

function contextLine({ issuer, clientId, origin, redirectUri }: Context): string {
  return `Issuer: ${issuer}. Client ID: ${clientId}. Origin of this page: ${origin}. Redirect URI: ${redirectUri}.`;
}
