import createDOMPurify, { type Config } from 'dompurify';
import { OktaElementsError } from '../errors.js';
import type { StepUp } from '../session/challenge.js';
import { findStepUp, tokenChallenges } from '../session/challenge.js';
import type { OktaClient } from '../session/client.js';

/** What the server says to a request for a fragment. */
export type FragmentAnswer =
  | { readonly state: 'allowed'; readonly content: DocumentFragment }
  | { readonly state: 'denied' }
  /** It gives the fragment to who proves more (RFC 9470). */
  | { readonly state: 'step-up'; readonly asked: StepUp };

/** Name for the `trusted-types` directive of the page's policy. */
export const POLICY_NAME = 'okta-elements-fragment';

/** Tags of this package that only show. One that signs in or configures would let a fragment speak for the page. */
const OWN_TAGS = /^okta-(guard|user|signout)$/;

/** What the library lets through without this is HTML, SVG and MathML that runs nothing. */
const RULES: Config = {
  RETURN_DOM_FRAGMENT: true,
  CUSTOM_ELEMENT_HANDLING: { tagNameCheck: OWN_TAGS, attributeNameCheck: /^(?!on)[a-z-]+$/ },
  ADD_ATTR: ['target'],
  // Styles and linked files would reach the whole page. `ping` reports clicks.
  FORBID_TAGS: ['style', 'link', 'base', 'meta'],
  FORBID_ATTR: ['style', 'ping'],
};

/** What can be seen although it has no text. */
const VISIBLE = `img, svg, math, video, audio, canvas, input, button, select, textarea, hr, progress, meter,
  okta-guard, okta-user, okta-signout`;
/** Targets that open no other window. */
const SAME_WINDOW = ['', '_self', '_parent', '_top'];

interface Policy {
  createHTML(text: string): string;
  createScriptURL(address: string): string;
}

/** Only the sanitiser has it: what it is given to parse is in a document of its own, where nothing runs. */
let policy: Policy | undefined;
function trusted(): Config {
  const { trustedTypes } = globalThis as {
    trustedTypes?: { createPolicy(name: string, rules: Policy): Policy };
  };
  policy ??= trustedTypes?.createPolicy(POLICY_NAME, {
    createHTML: (text) => text,
    createScriptURL: () => '',
  });
  return policy ? { TRUSTED_TYPES_POLICY: policy as unknown as Config['TRUSTED_TYPES_POLICY'] } : {};
}

/** Whether an address that a form would be sent to is of the page's own origin. */
function isOwn(address: string): boolean {
  return URL.canParse(address, document.baseURI) && new URL(address, document.baseURI).origin === location.origin;
}

/**
 * Removes forms that are sent to another origin, and keeps other windows from reaching this one. The sanitiser itself
 * drops `formaction` and `form`.
 */
function contain(root: DocumentFragment): void {
  for (const template of root.querySelectorAll('template')) contain(template.content);
  for (const form of root.querySelectorAll('[action]')) if (!isOwn(form.getAttribute('action')!)) form.remove();
  for (const link of root.querySelectorAll('[target]')) {
    const target = link.getAttribute('target')!.toLowerCase();
    if (!SAME_WINDOW.includes(target)) link.setAttribute('rel', 'noopener noreferrer');
  }
}

/** Whether there is anything to be seen in it. */
export function isEmpty(content: DocumentFragment): boolean {
  return !content.textContent.trim() && !content.querySelector(VISIBLE);
}

/**
 * Parses HTML, and leaves out what could run, reach the rest of the page or send input to another origin.
 * @throws OktaElementsError `config_invalid` where the page's policy does not let it
 */
export function sanitize(html: string): DocumentFragment {
  try {
    const content = createDOMPurify(window).sanitize(html, { ...RULES, ...trusted() }) as unknown as DocumentFragment;
    contain(content);
    return content;
  } catch (cause) {
    throw new OktaElementsError(
      'config_invalid',
      `<okta-guard src>: the content security policy of this page blocks the content. Add ${POLICY_NAME} to trusted-types.`,
      { cause },
    );
  }
}

/**
 * Fetches a piece of a page with the access token, and makes it safe to insert.
 * @param address of the page's own origin or one of `allowed-origins`
 * @param run aborted when nobody wants it any more, and here when it takes longer than `request-timeout`
 * @throws OktaElementsError `origin_not_allowed` for any other origin; `login_required`, when the server does not know
 * the user; `guard_empty` when there is nothing to show; `network`, `timeout`, `server_error` or `config_invalid` (no such address, no HTML, or a policy that keeps it
 * out) when there is no fragment; and what kept a needed renewal from working
 */
export async function fetchFragment(
  client: OktaClient,
  address: string,
  run: AbortController,
): Promise<FragmentAnswer> {
  const { requestTimeout } = client.config;
  const slow = new OktaElementsError(
    'timeout',
    `<okta-guard src="${address}">: the server did not answer within ${requestTimeout / 1000} s. Try again, or check src.`,
  );
  const timer = setTimeout(() => run.abort(slow), requestTimeout);
  try {
    return await ask(client, address, run.signal);
  } catch (cause) {
    if (cause instanceof OktaElementsError) throw cause;
    if (run.signal.aborted) throw run.signal.reason;
    throw new OktaElementsError(
      'network',
      `<okta-guard src="${address}">: the server could not be reached. Check the connection, CORS and src.`,
      {
        cause,
      },
    );
  } finally {
    clearTimeout(timer);
  }
}

async function ask(client: OktaClient, address: string, signal: AbortSignal): Promise<FragmentAnswer> {
  const headers = { accept: 'text/html' };
  // Whatever proof the server wants, the guard asks for it; a page that listens for that would ask as well.
  const nobody = new EventTarget();
  const response = await client.fetch(address, { headers, signal, cache: 'no-store' }, nobody);
  const { status } = response;
  if (status === 401) {
    const asked = findStepUp(tokenChallenges(response));
    if (asked) return { state: 'step-up', asked };
    throw new OktaElementsError(
      'login_required',
      `<okta-guard src="${address}">: the server rejected the access token (401). Sign in again.`,
    );
  }
  if (status === 403) return { state: 'denied' };
  if (status === 429 || status >= 500) {
    throw new OktaElementsError(
      'server_error',
      `<okta-guard src="${address}">: the server answered ${status}. Try again in a moment.`,
    );
  }
  const type = response.headers.get('content-type') ?? 'nothing';
  if (!response.ok || !/^text\/html\b/i.test(type)) {
    throw new OktaElementsError(
      'config_invalid',
      `<okta-guard src="${address}">: the server answered ${status} with content type ${type}, not HTML. Check src.`,
    );
  }
  const html = await response.text();
  const content = sanitize(html);
  if (isEmpty(content)) {
    const cause = html.trim() ? 'nothing of it could be shown safely' : 'the response is empty';
    throw new OktaElementsError(
      'guard_empty',
      `<okta-guard src="${address}"> has no content: ${cause}. Check the response of the server.`,
    );
  }
  return { state: 'allowed', content };
}
