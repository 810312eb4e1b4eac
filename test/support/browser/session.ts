import { fixtureCleanup } from '@open-wc/testing';
import { configure, getClient, type OktaClient } from '../../../src/index.js';

/** The local org that runs beside these tests. */
export const org = (await (await fetch('/__org.json')).json()) as { issuer: string; clientId: string };

/** Attributes of an `<okta-config>` for it. */
export const settings = { issuer: org.issuer, clientId: org.clientId, scopes: 'openid profile email groups' };

interface Answer {
  readonly stateHandle: string;
  readonly remediation?: { value: { name: string; href: string; accepts?: string }[] };
  readonly messages?: { value: { message: string }[] };
  readonly successWithInteractionCode?: { value: { name: string; value?: string }[] };
}

async function post(url: string, body: BodyInit, type: string): Promise<Answer & { interaction_handle: string }> {
  const response = await fetch(url, {
    method: 'POST',
    credentials: 'include',
    headers: { 'content-type': type, accept: type },
    body,
  });
  return (await response.json()) as Answer & { interaction_handle: string };
}

/**
 * Signs somebody in as the embedded widget would, without its forms: our transaction, the org's Identity Engine, and
 * the interaction code back to the client.
 */
export async function signIn(login = 'ada@example.com', password = 'ada-password'): Promise<OktaClient> {
  const client = await configuredByTag();
  const { issuer, clientId, redirectUri, scopes, state, nonce, codeChallenge } = await client.beginEmbedded();
  const form = new URLSearchParams({
    client_id: clientId,
    redirect_uri: redirectUri,
    scope: scopes.join(' '),
    state,
    nonce,
    code_challenge: codeChallenge,
    code_challenge_method: 'S256',
  });
  const { interaction_handle: interactionHandle } = await post(
    `${issuer}/v1/interact`,
    form,
    'application/x-www-form-urlencoded',
  );
  const json = 'application/ion+json; okta-version=1.0.0';
  const { origin } = new URL(issuer);
  const begun = await post(`${origin}/idp/idx/introspect`, JSON.stringify({ interactionHandle }), json);
  const identify = { stateHandle: begun.stateHandle, identifier: login, credentials: { passcode: password } };
  const done = await post(`${origin}/idp/idx/identify`, JSON.stringify(identify), 'application/json');
  const code = done.successWithInteractionCode?.value.find(({ name }) => name === 'interaction_code')?.value;
  if (!code) throw new Error(`the org did not sign ${login} in: ${done.messages?.value[0]?.message}`);
  await client.completeEmbedded(state, code);
  return client;
}

/** The client of the page; where no test has configured it, that of a tag that stays. Without tags, of script. */
async function configuredByTag(): Promise<OktaClient> {
  if (!customElements.get('okta-config')) return configure(settings);
  await painted();
  try {
    return getClient();
  } catch {
    const { issuer, clientId, scopes } = settings;
    document.body.append(Object.assign(document.createElement('okta-config'), { issuer, clientId, scopes }));
    await painted();
    return getClient();
  }
}

/** As on a page that was never signed in. */
export async function signedOut(): Promise<void> {
  // Before anybody is signed out here: a form that is shown then would sign straight in again with the session at Okta.
  fixtureCleanup();
  await fetch(`${new URL(org.issuer).origin}/api/v1/sessions/me`, { method: 'DELETE', credentials: 'include' });
  try {
    await getClient().signOut({ scope: 'local' });
  } catch {
    // Not configured yet.
  }
  localStorage.clear();
  sessionStorage.clear();
}

/** Two frames: the browser has painted whatever there was to paint. */
export async function painted(): Promise<void> {
  for (let frame = 0; frame < 2; frame++) await new Promise((resolve) => requestAnimationFrame(resolve));
}

/** The next event of a type; it bubbles, so `document` hears it wherever it was dispatched. */
export function next<K extends keyof GlobalEventHandlersEventMap>(
  type: K,
  target: EventTarget = document,
): Promise<GlobalEventHandlersEventMap[K]> {
  return new Promise((resolve) => {
    target.addEventListener(type, (event) => resolve(event as GlobalEventHandlersEventMap[K]), { once: true });
  });
}
