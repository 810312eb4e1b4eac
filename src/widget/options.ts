import { widgetLanguage } from './language.js';

/** The sign-in under way, as the session started it. The widget works on it and never learns the verifier. */
export interface WidgetTransaction {
  /** It goes on from an earlier page. Default false. */
  resumed?: boolean;
  /** The code of a mailed link, to be sent to Okta. */
  otp?: string;
  /** The code is to be shown instead: another browser is where it is waited for. Default false. */
  elsewhere?: boolean;
  issuer: string;
  clientId: string;
  redirectUri: string;
  scopes: string[];
  state: string;
  nonce: string;
  codeChallenge: string;
  codeChallengeMethod: 'S256';
  /** Requested authentication context classes, separated by spaces. */
  acrValues?: string;
  /** Seconds since the user last proved who they are, at most. */
  maxAge?: number;
  /** Of the OpenID Connect prompts only `login` has a meaning here: the user must prove who they are again. */
  prompt?: string;
}

/** The form the widget opens with. */
export type WidgetFlow = 'login' | 'signup' | 'resetPassword' | 'unlockAccount';

/** What the page asked for, to be said in the widget's own words. */
export interface WidgetSettings {
  transaction: WidgetTransaction;
  flow?: WidgetFlow;
  /** A language tag (BCP 47). */
  language?: string;
  /** Identifier to fill in. */
  loginHint?: string;
  /** Id of an identity provider to offer first. */
  idp?: string;
  /** For the one style element the widget adds, and only when `widgetOptions.colors` is set. */
  cspNonce?: string;
  /** Any option of the Okta widget. What binds the transaction is not taken from here. */
  widgetOptions?: Record<string, unknown>;
}

export type WidgetConfig = Record<string, unknown>;

/** Options that tie the widget to this sign-in, or would let it finish in another way than by handing over its code. */
const BOUND = [
  ...[
    'issuer',
    'baseUrl',
    'clientId',
    'redirectUri',
    'scopes',
    'state',
    'nonce',
    'codeChallenge',
    'codeChallengeMethod',
  ],
  ...[
    'codeVerifier',
    'authClient',
    'authScheme',
    'useClassicEngine',
    'useInteractionCodeFlow',
    'stateToken',
    'redirect',
  ],
  ...['el', '$el', 'proxyIdxResponse', 'globalSuccessFn', 'globalErrorFn', 'otp'],
];

/** Of the options of the widget's HTTP client, those that neither bind the transaction nor weaken it. */
const FREE_AUTH_PARAMS = ['headers', 'httpRequestInterceptors', 'pollDelay', 'transformErrorXHR', 'devMode'];

/**
 * Says our settings in the widget's words. The author's `widgetOptions` win over what the tag says of looks and texts;
 * the transaction wins over everything.
 *
 * @param assetBase Address of the widget's assets, without a slash at the end.
 */
export function widgetConfig(settings: WidgetSettings, assetBase: string): WidgetConfig {
  const { transaction, widgetOptions = {} } = settings;
  const { features, ...author } = withoutBound(widgetOptions);
  return {
    ...lookAndTexts(settings),
    // The page has a title of its own. And no name stays in a cookie of a site that did not ask for that.
    features: { setPageTitle: false, rememberMe: false, ...asObject(features) },
    ...author,
    assets: { ...asObject(author.assets), baseUrl: authorAssetBase(widgetOptions) ?? assetBase },
    // Generation 2 needs this said; with `true` it throws (https://github.com/okta/okta-signin-widget).
    useClassicEngine: false,
    authScheme: 'OAUTH2',
    redirect: 'never',
    issuer: transaction.issuer,
    clientId: transaction.clientId,
    redirectUri: transaction.redirectUri,
    scopes: [...transaction.scopes],
    state: transaction.state,
    nonce: transaction.nonce,
    codeChallenge: transaction.codeChallenge,
    codeChallengeMethod: transaction.codeChallengeMethod,
    authParams: { ...pick(asObject(widgetOptions.authParams), FREE_AUTH_PARAMS), ...authContext(transaction) },
  };
}

/** Address of the assets as the author gave it, in either of the two spellings the widget takes. */
export function authorAssetBase(widgetOptions: Record<string, unknown>): string | undefined {
  const given = asObject(widgetOptions.assets).baseUrl ?? widgetOptions['assets.baseUrl'];
  return typeof given === 'string' && given !== '' ? given.replace(/\/$/, '') : undefined;
}

function lookAndTexts({ flow, language, loginHint, idp, cspNonce, widgetOptions }: WidgetSettings): WidgetConfig {
  const { languages } = asObject(widgetOptions?.assets);
  const files = Array.isArray(languages) ? (languages as string[]) : [];
  const code = widgetLanguage(language, [...Object.keys(asObject(widgetOptions?.i18n)), ...files]);
  return {
    ...(code && { language: code }),
    ...(flow && { flow }),
    ...(loginHint && { username: loginHint }),
    ...(idp && { idps: [{ id: idp, text: idp }], idpDisplay: 'PRIMARY' }),
    ...(cspNonce && { cspNonce }),
  };
}

/**
 * The age a sign-in may have, and how it must have been done. `prompt=login` is `max_age=0` (OpenID Connect Core 1.0,
 * section 3.1.2.1). A string, because the widget's client leaves out a zero.
 */
function authContext({ acrValues, maxAge, prompt }: WidgetTransaction): WidgetConfig {
  const age = prompt?.split(' ').includes('login') ? 0 : maxAge;
  return { ...(acrValues && { acrValues }), ...(age !== undefined && { maxAge: String(age) }) };
}

function withoutBound(options: Record<string, unknown>): WidgetConfig {
  const free = Object.entries(options).filter(([name]) => {
    const [top = name] = name.split('.');
    return !BOUND.includes(top) && top !== 'authParams' && name !== 'assets.baseUrl';
  });
  return Object.fromEntries(free);
}

function pick(from: Record<string, unknown>, names: readonly string[]): WidgetConfig {
  return Object.fromEntries(Object.entries(from).filter(([name]) => names.includes(name)));
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
