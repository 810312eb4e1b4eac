import { OktaElementsError, type ErrorCode } from '../errors.js';
import { authorize } from './authorize.js';
import { completeSilent } from './completion.js';
import type { OktaConfig } from './config.js';
import { own } from './own.js';
import { receiveAnswer, timeoutAfter } from './relay.js';
import { decodeClaims } from './sealing.js';
import { providerOf, type Session } from './session.js';
import type { SignInOptions } from './sign-in.js';
import type { StoredSession, TokenSet } from './token-store.js';
import { dropTransaction, saveTransaction } from './transaction.js';

/** Okta's response mode for frames: its own page posts the answer, so the redirect URI's page need not be loaded. */
const POST = 'okta_post_message';
/** Parameters of an answer that is posted. */
const PARAMETERS = ['code', 'state', 'iss', 'error', 'error_description'];
/** Answers that may be about the strength that was asked for, which comes back with another, too. */
const REFUSALS: readonly ErrorCode[] = ['login_required', 'access_denied', 'callback_invalid', 'id_token_invalid'];

/**
 * Asks Okta for new tokens on the strength of its session, in a hidden frame (`prompt=none`, OpenID Connect Core
 * 3.1.2.1). Okta's cookie has to reach the frame: where the browser keeps cookies of other sites from frames, issuer
 * and page must be on the same site. Asks for as strong an authentication as before, or a guard would close that has
 * been shown the proof; what Okta does not give again, it gives without. Stores nothing.
 * @param previous the tokens to renew; none, where they went with the page that had them
 * @returns tokens that have passed every check, of the same user
 * @throws OktaElementsError `login_required` when Okta does not know the user any more, or knows another; `timeout`
 * after `silent-timeout`; and whatever else keeps a hosted sign-in from ending well
 */
export async function authorizeSilently(session: Session, previous?: StoredSession): Promise<TokenSet> {
  const acr = previous?.user.acr;
  let tokens: TokenSet | undefined;
  if (acr && typeof acr === 'string') {
    tokens = await askInFrame(session, { acrValues: acr }, previous).catch((error: OktaElementsError) => {
      if (!REFUSALS.includes(error.code)) throw error;
      return undefined;
    });
  }
  tokens ??= await askInFrame(session, {}, previous);
  if (previous && decodeClaims(tokens.idToken).sub !== previous.user.sub) {
    throw new OktaElementsError('login_required', 'Another user has signed in at Okta meanwhile. Sign in again.');
  }
  return tokens;
}

async function askInFrame(session: Session, asked: SignInOptions, previous?: StoredSession): Promise<TokenSet> {
  const { config, environment } = session;
  const { document } = environment;
  if (!document)
    throw new OktaElementsError(
      'login_required',
      'There is no refresh token and no page for a hidden frame. Sign in again.',
    );
  const { response_modes_supported: modes } = await providerOf(session).discover();
  const posts = Array.isArray(modes) && modes.includes(POST);
  // A refresh token is nothing a provider gives without asking the user.
  const scopes = (previous?.scopes.length ? previous : config).scopes.filter((scope) => scope !== 'offline_access');
  const { transaction, url } = await authorize(session, own({ ...asked, prompt: 'none' }), 'silent', {
    scopes,
    responseMode: posts ? POST : undefined,
  });
  const { state } = transaction;
  saveTransaction(transaction, { ...environment, sessionStorage: undefined });
  const limit = config.silentTimeout;
  const late = `Okta did not answer in a hidden frame within ${limit / 1000} s; allow the issuer in frame-src of the page's content security policy, and keep issuer and page on the same site.`;
  const waiting = new AbortController();
  const frame = hiddenFrame(document, url);
  try {
    // The frame loads later than its window is there to be listened to.
    document.documentElement.append(frame);
    const there = frame.contentWindow!;
    const href = await Promise.race([
      posts
        ? receivePost(state, there, new URL(url).origin, waiting.signal).then((query) => withQuery(config, query))
        : receiveAnswer(state, there, waiting.signal),
      timeoutAfter(limit, waiting.signal, late),
    ]);
    frame.remove();
    return await completeSilent(session, href, state);
  } finally {
    waiting.abort();
    frame.remove();
    dropTransaction(state, environment);
  }
}

/** What is posted comes to no page: it counts as if it had come to the redirect URI. */
function withQuery({ redirectUri }: OktaConfig, query: string): string {
  const url = new URL(redirectUri);
  url.search = query;
  return url.href;
}

/** A frame that neither eye, keyboard nor screen reader finds, and that may do no more than answer. */
function hiddenFrame(document: Document, url: string): HTMLIFrameElement {
  const frame = document.createElement('iframe');
  frame.title = 'Renewal of the sign-in';
  frame.ariaHidden = 'true';
  frame.tabIndex = -1;
  frame.style.display = 'none';
  // Its own origin, or it has no cookies; no navigation of this page, no form, no window, no dialogue.
  frame.setAttribute('sandbox', 'allow-scripts allow-same-origin');
  frame.src = url;
  return frame;
}

/** Waits for the answer that Okta's own page posts: from that frame and that origin only. */
function receivePost(state: string, from: Window, origin: string, signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    const hear = (event: MessageEvent) => {
      if (event.source !== from || event.origin !== origin) return;
      const said = Object(event.data) as Record<string, unknown>;
      if (said.state !== state) return;
      const pairs = PARAMETERS.filter((name) => typeof said[name] === 'string').map((name) => [name, said[name]]);
      resolve(new URLSearchParams(pairs as string[][]).toString());
    };
    addEventListener('message', hear, { signal });
  });
}
