import { OktaElementsError } from '../errors.js';
import { OktaStepUpRequiredEvent } from './step-up-event.js';
import { findStepUp, tokenChallenges } from './challenge.js';
import type { OktaClient } from './client.js';
import { isSecure } from './config.js';
import type { LiveSession } from './live-session.js';
import { loaded, loadVerbs } from './parts.js';
import { retryDelay } from './retry-after.js';
import type { Session } from './session.js';
import type { StoredTokens } from './token-store.js';

/** A request that was refused is sent again for a renewed token and for a nonce, once each. */
const MOST_ATTEMPTS = 3;

/** For how long there is no renewal for an API that has refused a token fresh from the provider, milliseconds. */
const STUBBORN = 60_000;

/** Such APIs, by origin, and until when, epoch milliseconds: it is not the age of tokens that they mind. */
const stubborn = new WeakMap<Session['store'], Map<string, number>>();

/** Whose tokens go along. */
interface Sender {
  readonly client: OktaClient;
  readonly session: LiveSession;
  /** Where a step-up is told. */
  readonly target: EventTarget;
}

/**
 * Sends a request with the access token, to the page's own origin and the configured ones only (RFC 6750 section 5.3:
 * a bearer token sent to the wrong place is a token given away). Waits until it is known who is signed in; of nobody,
 * the request goes without a token, as an API may answer that, too. What brings its own `Authorization` goes as it is.
 * @throws OktaElementsError `origin_not_allowed`, and nothing is sent; what kept a needed renewal from working; and
 * whatever `fetch` throws
 */
export async function fetchWithToken(
  { client, session, target }: Sender,
  input: RequestInfo | URL,
  init?: RequestInit,
): Promise<Response> {
  const request = new Request(input, init);
  assertAllowed(request.url, session);
  if (request.headers.has('authorization')) return session.environment.fetch(request, redirection(request));
  const { signal } = request;
  const canRepeat = !(init?.body instanceof ReadableStream);
  let renewed = false;
  let waited = false;
  let gaveNonce = false;
  for (let attempt = 1; ; attempt++) {
    const tokens = await unlessAborted(signal, currentTokens(client, session));
    const { response, nonceFound } = await send(canRepeat ? request.clone() : request, session, tokens);
    if (response.status === 401 && tokens) {
      const challenges = tokenChallenges(response);
      const stepUp = findStepUp(challenges);
      if (stepUp) {
        target.dispatchEvent(new OktaStepUpRequiredEvent(stepUp.acrValues, stepUp.maxAge, request.url));
        return response;
      }
      if (!canRepeat || attempt === MOST_ATTEMPTS) return response;
      const wantsNonce = challenges.some(({ parameters }) => parameters.get('error') === 'use_dpop_nonce');
      // A challenge that the API does not expose to pages may be about the nonce, too.
      if (nonceFound && !gaveNonce && (wantsNonce || challenges.length === 0)) gaveNonce = true;
      else if (wantsNonce) return response;
      else if (renewed) {
        noteStubborn(request, session);
        return response;
      } else if (!isStubborn(request, session) && (await unlessAborted(signal, isRenewed(session, tokens)))) {
        renewed = true;
      } else return response;
    } else {
      const delay = canRepeat && !waited ? retryDelay(request, response, session.environment.now()) : undefined;
      if (delay === undefined || attempt === MOST_ATTEMPTS) return response;
      waited = true;
      await unlessAborted(signal, pause(delay, signal));
    }
    // What is not handed on is not read either.
    response.body?.cancel().catch(() => {});
  }
}

/** @throws OktaElementsError `origin_not_allowed` */
function assertAllowed(address: string, { config, environment }: Session): void {
  const url = new URL(address);
  const isKnown = url.origin === environment.location.origin || config.allowedOrigins.includes(url.origin);
  if (isKnown && isSecure(url)) return;
  throw new OktaElementsError(
    'origin_not_allowed',
    `The access token is not sent to ${url.origin}; add its https origin to allowed-origins if that is your API.`,
  );
}

/** The tokens to send, renewed first when they are about to expire. */
async function currentTokens(client: OktaClient, session: LiveSession): Promise<StoredTokens | undefined> {
  await client.ready;
  if (!(await client.getAccessToken())) return undefined;
  return (await loadVerbs()).openTokens(session, session.store.read());
}

/** @returns whether there is another access token now */
async function isRenewed(session: LiveSession, { id }: StoredTokens): Promise<boolean> {
  // What keeps the renewal from working is not what the caller asked; the API's answer is.
  const renewed = await session.renew(id).catch(() => undefined);
  return Boolean(renewed) && renewed!.id !== id;
}

function noteStubborn({ url }: Request, { store, environment }: Session): void {
  const origins = stubborn.get(store) ?? new Map<string, number>();
  stubborn.set(store, origins.set(new URL(url).origin, environment.now() + STUBBORN));
}

function isStubborn({ url }: Request, { store, environment }: Session): boolean {
  return environment.now() < (stubborn.get(store)?.get(new URL(url).origin) ?? 0);
}

async function send(request: Request, session: LiveSession, tokens: StoredTokens | undefined) {
  const { fetch } = session.environment;
  if (tokens) request.headers.set('authorization', `${tokens.tokenType} ${tokens.accessToken}`);
  const key = tokens && (await openKey(session, tokens));
  if (!key) return { response: await fetch(request, redirection(request)) };
  const proven = { method: request.method, url: request.url, accessToken: tokens.accessToken };
  request.headers.set('dpop', await key.prove(proven));
  const response = await fetch(request, redirection(request));
  const nonce = response.headers.get('dpop-nonce');
  key.learn(proven, nonce);
  return { response, nonceFound: nonce !== null };
}

async function openKey(session: LiveSession, tokens: StoredTokens) {
  try {
    // Not by way of bound-key.ts, which signing in would then wait for as for a file of its own.
    return tokens.keyId ? await (await loaded(import('./dpop.js'))).openKey(session, tokens.keyId) : undefined;
  } catch (error) {
    // When the key is gone so are the tokens, and the page should know.
    if (!session.store.read()) await session.renew().catch(() => {});
    throw error;
  }
}

/** A redirect would carry the token to wherever it points, and `fetch` does not say where before it has followed. */
function redirection({ redirect }: Request): RequestInit {
  return { redirect: redirect === 'manual' ? 'manual' : 'error' };
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  });
}

/** Waits no longer than the caller does. */
async function unlessAborted<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  let stop: () => void = () => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
  });
  try {
    return await Promise.race([aborted, promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
