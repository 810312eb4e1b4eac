import { OktaElementsError } from '../errors.js';
import { AuthJs } from './auth-js.js';
import { readResponse } from './callback.js';
import type { OktaConfig } from './config.js';
import type { Environment } from './environment.js';
import { countRedirect, forgetRedirects } from './loop-breaker.js';
import { safeReturnTo } from './return-to.js';
import { decodeClaims, type StoredTokens, type TokenSet, type TokenStore } from './token-store.js';
import {
  dropTransaction,
  findTransaction,
  nameState,
  saveTransaction,
  type Transaction,
  type TransactionKind,
} from './transaction.js';
import { parseTokenResponse, validateClaims, type Expectation, type TokenResponse } from './validate.js';

export { withoutResponse } from './callback.js';

/** What a sign-in can be asked for, whichever way it goes. */
export interface SignInOptions {
  /** Same-origin address to come back to. Default: where the user is now. */
  returnTo?: string;
  /** Fills in the identifier (OpenID Connect Core 3.1.2.1). */
  loginHint?: string;
  /** Id of an identity provider in Okta to go to directly. */
  idp?: string;
  prompt?: string;
  /** Authentication context classes, space-separated: the answer must satisfy one. */
  acrValues?: string;
  /** Seconds since the user last signed in actively, at most. */
  maxAge?: number;
  /** Language tags, best first (`ui_locales`). */
  language?: string;
  /** The page starts it, not the user: counted, and refused when it comes to a loop. */
  automatic?: boolean;
  /** Further parameters for the authorize request; none that binds the transaction can be replaced. */
  authorizeParams?: Readonly<Record<string, string>>;
}

/** What the embedded widget is given of a transaction: enough to ask for a code, not to exchange it. */
export interface EmbeddedTransaction {
  readonly issuer: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly scopes: string[];
  readonly state: string;
  readonly nonce: string;
  readonly codeChallenge: string;
  readonly codeChallengeMethod: 'S256';
  readonly acrValues?: string;
  readonly maxAge?: number;
  readonly prompt?: string;
}

/** What the verbs work with. */
export interface Session {
  readonly config: OktaConfig;
  readonly environment: Environment;
  readonly store: TokenStore;
}

/** One SDK per configuration: it remembers the discovery document and the keys, in memory. */
const sdks = new WeakMap<OktaConfig, AuthJs>();
export function authJs({ config, environment }: Session): AuthJs {
  let sdk = sdks.get(config);
  if (!sdk) sdks.set(config, (sdk = new AuthJs(config, environment)));
  return sdk;
}

/** Does what can be done before the click: after this, a hosted sign-in starts without a request. */
export async function prepare(session: Session): Promise<void> {
  await authJs(session).discover();
}

async function begin(session: Session, options: SignInOptions, kind: TransactionKind) {
  const { config, environment } = session;
  // Elements hand on attributes that are gone as null.
  const maxAge = options.maxAge ?? undefined;
  if (maxAge !== undefined && !(maxAge >= 0)) {
    throw new OktaElementsError('config_invalid', 'max-age is a number of seconds, 0 or more.');
  }
  const { codeChallenge, ...secrets } = await authJs(session).createSecrets();
  const page = environment.location.href;
  const transaction: Transaction = {
    ...secrets,
    state: nameState(kind, secrets.state),
    issuer: config.issuer,
    clientId: config.clientId,
    redirectUri: config.redirectUri,
    scopes: config.scopes,
    returnTo: safeReturnTo(options.returnTo || page, page),
    acrValues: options.acrValues?.split(/\s+/).filter(Boolean),
    maxAge,
    createdAt: environment.now(),
  };
  const outlivesPage = saveTransaction(transaction, environment);
  return { transaction, codeChallenge, outlivesPage };
}

/** What would have Okta answer elsewhere than in the query, or take another request for this one. */
const RESERVED = ['response_mode', 'request', 'request_uri'];

/** Leaves for Okta's own sign-in page (authorization code flow with PKCE). */
export async function startHosted(session: Session, options: SignInOptions): Promise<void> {
  const { config, environment } = session;
  const { sessionStorage: storage } = environment;
  const { authorization_endpoint: endpoint } = await authJs(session).discover();
  if (!options.automatic) forgetRedirects(storage);
  else if (storage) countRedirect(storage, environment.now());
  const { transaction, codeChallenge, outlivesPage } = await begin(session, options, 'redirect');
  if (!outlivesPage) {
    throw new OktaElementsError(
      'storage_unavailable',
      'The browser refuses storage to this page, so it could not tell its own sign-in when it comes back; allow or free storage for this site.',
    );
  }
  const url = new URL(endpoint);
  const asked = {
    ...options.authorizeParams,
    ...compact({
      login_hint: options.loginHint,
      idp: options.idp,
      prompt: options.prompt,
      acr_values: options.acrValues,
      max_age: transaction.maxAge,
      ui_locales: options.language,
    }),
    client_id: config.clientId,
    redirect_uri: config.redirectUri,
    response_type: 'code',
    scope: config.scopes.join(' '),
    state: transaction.state,
    nonce: transaction.nonce,
    code_challenge: codeChallenge,
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(asked)) {
    if (!RESERVED.includes(name)) url.searchParams.set(name, String(value));
  }
  environment.location.assign(url.href);
}

/** Only what is there: an attribute may be missing, gone (null) or empty. */
function compact(params: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(params).filter(([, value]) => (value ?? '') !== ''));
}

/** Begins the same transaction for the embedded widget, which asks Okta in our place. */
export async function startEmbedded(session: Session, options: SignInOptions): Promise<EmbeddedTransaction> {
  const { config } = session;
  const { transaction, codeChallenge } = await begin(session, options, 'embedded');
  return {
    issuer: config.issuer,
    clientId: config.clientId,
    redirectUri: config.redirectUri,
    scopes: [...config.scopes],
    state: transaction.state,
    nonce: transaction.nonce,
    codeChallenge,
    codeChallengeMethod: 'S256',
    acrValues: options.acrValues || undefined,
    maxAge: transaction.maxAge,
    prompt: options.prompt || undefined,
  };
}

/** A sign-in that has ended well. */
export interface Completed {
  readonly tokens: StoredTokens;
  readonly returnTo: string;
}

/** Ends the transaction a redirect came back from. */
export function completeHosted(session: Session, href: string, state: string): Promise<Completed> {
  return complete(session, state, () => ({ authorizationCode: readResponse(href, session.config.issuer).code }));
}

/** Ends the transaction the widget came back from. */
export function completeEmbedded(session: Session, state: string, interactionCode: string): Promise<Completed> {
  return complete(session, state, () => ({ interactionCode }));
}

/** The one way by which tokens come into the store, but for renewal, which takes the same checks. */
async function complete(
  session: Session,
  state: string,
  readCode: () => { authorizationCode: string } | { interactionCode: string },
): Promise<Completed> {
  const { config, environment, store } = session;
  const transaction = findTransaction(state, environment);
  if (transaction?.issuer !== config.issuer || transaction.clientId !== config.clientId) {
    throw new OktaElementsError(
      'transaction_missing',
      'This sign-in was not begun here, or too long ago; sign in again.',
    );
  }
  // An answer counts once, whether it turns out good or bad.
  dropTransaction(state, environment);
  const response = await authJs(session).exchange(readCode(), transaction);
  const tokens = await acceptTokens(session, response, {
    ...transaction,
    now: Math.floor(environment.now() / 1000),
  });
  // Checked again: what was stored may have been changed.
  const returnTo = safeReturnTo(transaction.returnTo, environment.location.href);
  return { tokens: store.write(tokens), returnTo };
}

/** Puts a token response through every check there is. What it returns may be stored. */
export async function acceptTokens(
  session: Session,
  response: TokenResponse,
  expected: Expectation,
  previous?: TokenSet,
): Promise<TokenSet> {
  const tokens = parseTokenResponse(response, expected, previous);
  if (tokens.idToken === previous?.idToken) return tokens;
  let claims;
  try {
    claims = decodeClaims(tokens.idToken);
  } catch (cause) {
    throw new OktaElementsError('id_token_invalid', 'The ID token is not a JWT; check issuer.', { cause });
  }
  validateClaims(claims, expected);
  await authJs(session).verifySignature(tokens.idToken, claims, tokens.accessToken);
  return tokens;
}
