import { OktaElementsError } from '../errors.js';
import { loadDpop } from './bound-key.js';
import { own } from './own.js';
import { safeReturnTo } from './return-to.js';
import { providerOf, type Session } from './session.js';
import type { SignInOptions } from './sign-in.js';
import type { TransactionKind } from './state-kind.js';
import type { Transaction } from './transaction.js';

/** A transaction that has begun, and is not kept yet. */
export interface Begun {
  readonly transaction: Transaction;
  readonly codeChallenge: string;
}

/** What a hidden frame asks differently. */
export interface AuthorizeExtras {
  /** Default: those of the configuration. */
  readonly scopes?: readonly string[];
  /** How the answer comes back. Default: in the query of the redirect URI. */
  readonly responseMode?: string;
}

/**
 * Begins a transaction. Whoever begins it keeps it, where the answer will be looked for.
 * @throws OktaElementsError `config_invalid`, or `storage_unavailable` where `dpop` asks for a key and none can be kept
 */
export async function beginTransaction(
  session: Session,
  options: SignInOptions,
  kind: TransactionKind,
  scopes: readonly string[] = session.config.scopes,
): Promise<Begun> {
  const { config, environment } = session;
  assertJsonIsIntact();
  // Elements hand on attributes that are gone as null; frameworks and scripts hand on text.
  const said: unknown = options.maxAge ?? '';
  const maxAge = said === '' ? undefined : Number(said);
  if (maxAge !== undefined && !(maxAge >= 0)) {
    throw new OktaElementsError('config_invalid', 'max-age: set a number of seconds, 0 or more.');
  }
  const { codeChallenge, ...secrets } = await providerOf(session).createSecrets();
  // Better now than after the user has signed in.
  if (config.dpop && kind !== 'silent') await (await loadDpop()).assertKeysAreKept(session);
  const page = environment.location.href;
  const transaction: Transaction = {
    ...secrets,
    // Read by state-kind.ts.
    state: `okta-elements.${kind}.${secrets.state}`,
    issuer: config.issuer,
    clientId: config.clientId,
    redirectUri: config.redirectUri,
    scopes,
    returnTo: safeReturnTo(options.returnTo || page, page),
    acrValues: options.acrValues?.split(/\s+/).filter(Boolean),
    maxAge,
    createdAt: environment.now(),
  };
  return { transaction, codeChallenge };
}

/**
 * Old libraries give arrays or texts a `toJSON` of their own: what is stored with it cannot be read again, and no sign-in
 * would ever end.
 */
function assertJsonIsIntact(): void {
  if (JSON.stringify({ a: ['b'] }) === '{"a":["b"]}') return;
  throw new OktaElementsError(
    'config_invalid',
    'A script of this page changes what JSON.stringify() writes (toJSON on a built-in prototype, as Prototype.js before 1.7 has); remove or update it.',
  );
}

/** What would have Okta answer elsewhere than it is asked to, or take another request for this one. */
const RESERVED = ['response_mode', 'request', 'request_uri'];

/**
 * Begins a transaction, and says where Okta is asked for it (authorization code flow with PKCE).
 * @throws OktaElementsError `config_invalid`, or what keeps the discovery document from being had
 */
export async function authorize(
  session: Session,
  options: SignInOptions,
  kind: TransactionKind,
  extras: AuthorizeExtras = {},
): Promise<{ readonly transaction: Transaction; readonly url: string }> {
  const { scopes, responseMode } = own(extras);
  const provider = await providerOf(session).discover();
  const { transaction: begun, codeChallenge } = await beginTransaction(session, withProofAsked(options), kind, scopes);
  const transaction = { ...begun, provider };
  const url = new URL(provider.authorization_endpoint);
  const authors = Object.entries(options.authorizeParams ?? {}).filter(([name]) => !RESERVED.includes(name));
  const asked = {
    ...Object.fromEntries(authors),
    ...compact({
      login_hint: options.loginHint,
      idp: options.idp,
      prompt: options.prompt,
      acr_values: transaction.acrValues?.join(' '),
      max_age: transaction.maxAge,
      ui_locales: options.language,
      response_mode: responseMode,
    }),
    client_id: transaction.clientId,
    redirect_uri: transaction.redirectUri,
    response_type: 'code',
    scope: transaction.scopes.join(' '),
    state: transaction.state,
    nonce: transaction.nonce,
    code_challenge: codeChallenge,
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, String(value));
  return { transaction, url: url.href };
}

/** What is asked for has to be checked when it is answered, also where the author asks for it in Okta's own words. */
function withProofAsked(options: SignInOptions): SignInOptions {
  const { acr_values: acrValues, max_age: maxAge } = own(options.authorizeParams ?? {});
  return {
    ...options,
    acrValues: options.acrValues || acrValues,
    maxAge: options.maxAge ?? (maxAge ? Number(maxAge) : undefined),
  };
}

/** Only what is there: an attribute may be missing, gone (null) or empty. */
function compact(params: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(params).filter(([, value]) => (value ?? '') !== ''));
}
