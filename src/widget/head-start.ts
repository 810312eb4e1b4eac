import { OktaElementsError } from '../errors.js';
import type { HttpRequestClient, WidgetRequest, WidgetResponse } from './http.js';
import type { WidgetConfig } from './options.js';

const IDX = 'application/ion+json; okta-version=1.0.0';

/**
 * Asks Okta while the widget's code is on its way what the widget will ask before its first form: the discovery
 * document, the interaction (`/v1/interact`) and its first step (`/idp/idx/introspect`). When the widget then asks the
 * very same, it is given the answer, once. Whatever else it asks, and what failed, goes to the network. What it has
 * waited for in vain is not asked again: it would wait twice as long.
 *
 * The early requests leave out the header in which the widget says its version: with it, each would have to wait for a
 * preflight.
 *
 * @param config of the widget, which is going to begin a sign-in, not to go on with one
 */
export function withHeadStart(client: HttpRequestClient, config: WidgetConfig, language?: string): HttpRequestClient {
  const answers = new Map<string, Promise<WidgetResponse>>();
  const ask: HttpRequestClient = (method, url, request) => {
    const key = keyOf(method, url, request);
    const answer = client(method, url, request);
    answers.set(key, answer);
    answer.catch(() => answers.delete(key));
    return answer;
  };
  void begin(ask, config, language).catch(() => {});

  return (method, url, request) => {
    const key = keyOf(method, url, request);
    const answer = answers.get(key);
    answers.delete(key);
    if (!answer) return client(method, url, request);
    return answer.catch((error: unknown) => {
      if (error instanceof OktaElementsError) throw error;
      return client(method, url, request);
    });
  };
}

/** Whether the widget will send what is sent ahead: an author can have it send something else. */
export function mayHeadStart(config: WidgetConfig): boolean {
  const { headers, httpRequestInterceptors } = config.authParams as WidgetConfig;
  return !headers && !httpRequestInterceptors && !config.recoveryToken && !config.activationToken;
}

async function begin(ask: HttpRequestClient, config: WidgetConfig, language?: string): Promise<void> {
  const issuer = config.issuer as string;
  const { acrValues, maxAge } = config.authParams as WidgetConfig;
  const spoken: Record<string, string> = language ? { 'Accept-Language': language } : {};
  void ask('GET', `${issuer}/.well-known/openid-configuration`, { headers: { Accept: 'application/json', ...spoken } });
  const { responseJSON } = await ask('POST', `${oauthBase(issuer)}/v1/interact`, {
    headers: { Accept: 'application/json', 'Content-Type': 'application/x-www-form-urlencoded', ...spoken },
    data: compact({
      client_id: config.clientId,
      scope: (config.scopes as string[]).join(' '),
      redirect_uri: config.redirectUri,
      code_challenge: config.codeChallenge,
      code_challenge_method: config.codeChallengeMethod,
      state: config.state,
      acr_values: acrValues,
      max_age: maxAge,
    }),
    withCredentials: true,
  });
  const interactionHandle = (responseJSON as { interaction_handle?: unknown } | undefined)?.interaction_handle;
  if (typeof interactionHandle !== 'string') return;
  await ask('POST', `${issuer.split('/oauth2/')[0]}/idp/idx/introspect`, {
    headers: { Accept: IDX, 'Content-Type': IDX, ...spoken },
    data: { interactionHandle },
    withCredentials: true,
  });
}

/** The org's own authorization server is the issuer that names none. */
function oauthBase(issuer: string): string {
  return issuer.includes('/oauth2/') ? issuer : `${issuer}/oauth2`;
}

function compact(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** The same key is the same request, but for headers, and the nonce, which `http.ts` adds to each that begins a sign-in. */
function keyOf(method: string, url: string, { data }: WidgetRequest): string {
  const fields = typeof data === 'string' ? parse(data) : (data ?? {});
  const said = Object.entries(fields).filter(
    ([name, value]) => name !== 'nonce' && value !== undefined && value !== null,
  );
  return JSON.stringify([method, url, said.map(([name, value]) => [name, String(value)]).sort()]);
}

function parse(data: string): Record<string, unknown> {
  try {
    return JSON.parse(data) as Record<string, unknown>;
  } catch {
    return Object.fromEntries(new URLSearchParams(data));
  }
}
