import { expect } from '@open-wc/testing';
import type { OktaElementsError } from '../../src/errors.js';
import { parseConfig } from '../../src/session/config.js';
import { browserEnvironment } from '../../src/session/environment.js';
import type { Session } from '../../src/session/session.js';
import { authorizeSilently } from '../../src/session/silent.js';
import { decodeClaims, unseal } from '../../src/session/sealing.js';
import { LiveSession } from '../../src/session/live-session.js';
import { TokenStore, type StoredTokens } from '../../src/session/token-store.js';
import { org, settings, signedOut, signIn } from '../support/browser/session.js';

/** A page of this origin that answers nothing. */
const mute = `${location.origin}/test/support/browser/session.ts`;

/** A session of its own: what it asks for is not remembered. */
function session({ silentTimeout = 5000, discovery }: { silentTimeout?: number; discovery?: object } = {}): Session {
  const config = parseConfig({ ...settings, silentTimeout }, location.href);
  const environment = browserEnvironment();
  const lying: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    const asked = input instanceof Request ? input.url : String(input);
    if (!discovery || !asked.endsWith('openid-configuration')) return response;
    return Response.json({ ...((await response.json()) as object), ...discovery });
  };
  return { config, environment: { ...environment, fetch: lying }, store: new TokenStore(config, environment) };
}

async function stored(): Promise<StoredTokens | undefined> {
  const { config, environment } = session();
  const live = new LiveSession(config, environment, new EventTarget());
  const found = live.store.read();
  return found && unseal(live, found);
}

const frame = () => document.querySelector('iframe');

/** What it ended with. */
async function failure(attempt: Promise<unknown>): Promise<OktaElementsError> {
  try {
    await attempt;
  } catch (error) {
    return error as OktaElementsError;
  }
  throw new Error('it ended well');
}

/** Waits until the frame shows a page of this origin, from which a test can speak. */
async function mutePage(): Promise<HTMLIFrameElement> {
  while (!frame()) await new Promise((resolve) => setTimeout(resolve, 10));
  const shown = frame()!;
  shown.src = mute;
  await new Promise((resolve) => shown.addEventListener('load', resolve, { once: true }));
  while (shown.contentWindow!.location.href !== mute) await new Promise((resolve) => setTimeout(resolve, 10));
  return shown;
}

describe('a silent authorization', () => {
  let previous: StoredTokens;

  beforeEach(async () => {
    await signedOut();
    await signIn();
    previous = (await stored())!;
  });
  afterEach(async () => {
    expect(frame(), 'no frame is left').to.equal(null);
    expect(Object.keys(sessionStorage).filter((key) => key.includes('transaction'))).to.deep.equal([]);
    expect((await stored())?.accessToken ?? previous.accessToken, 'nothing is stored').to.equal(previous.accessToken);
  });

  it('returns new tokens of the same user', async () => {
    const tokens = await authorizeSilently(session(), previous);
    expect(tokens.accessToken).not.to.equal(previous.accessToken);
    expect(tokens.idToken).not.to.equal(previous.idToken);
    expect(tokens.refreshToken).to.equal(undefined);
    expect([...tokens.scopes].sort()).to.deep.equal([...previous.scopes].sort());
  });

  it('requests the authentication context class of the previous tokens', async () => {
    const { user } = previous;
    const stronger = { ...previous, user: { ...user, acr: 'urn:okta:loa:1fa:any' } };
    expect(decodeClaims((await authorizeSilently(session(), previous)).idToken).acr).to.equal(undefined);
    expect(decodeClaims((await authorizeSilently(session(), stronger)).idToken).acr).to.equal('urn:okta:loa:1fa:any');
  });

  for (const acr of ['urn:okta:loa:2fa:any', 'phr', 'of another kind', 7, '']) {
    it(`requests no authentication context class that Okta cannot give again: ${JSON.stringify(acr)}`, async () => {
      const stronger = { ...previous, user: { ...previous.user, acr } } as StoredTokens;
      const { accessToken, idToken } = await authorizeSilently(session(), stronger);
      expect(accessToken).not.to.equal(previous.accessToken);
      expect(decodeClaims(idToken).acr).to.equal(undefined);
    });
  }

  it('does not retry when there is no response', async () => {
    const stronger = { ...previous, user: { ...previous.user, acr: 'urn:okta:loa:1fa:any' } };
    const start = performance.now();
    const attempt = authorizeSilently(
      session({ silentTimeout: 1500, discovery: { authorization_endpoint: mute } }),
      stronger,
    );
    expect((await failure(attempt)).code).to.equal('timeout');
    expect(performance.now() - start).to.be.below(2900);
  });

  it('uses a frame that is hidden from everybody and sandboxed', async () => {
    const attempt = authorizeSilently(
      session({ silentTimeout: 500, discovery: { authorization_endpoint: mute } }),
      previous,
    );
    const ended = failure(attempt);
    while (!frame()) await new Promise((resolve) => setTimeout(resolve, 10));
    const { tabIndex, sandbox } = frame()!;
    expect(frame()!.checkVisibility()).to.equal(false);
    expect(frame()!.getAttribute('aria-hidden')).to.equal('true');
    expect(frame()!.title).not.to.equal('');
    expect(tabIndex).to.equal(-1);
    expect([...sandbox].sort()).to.deep.equal(['allow-same-origin', 'allow-scripts']);
    await ended;
  });

  it('fails when the session at Okta has ended', async () => {
    await fetch(`${new URL(org.issuer).origin}/api/v1/sessions/me`, { method: 'DELETE', credentials: 'include' });
    expect((await failure(authorizeSilently(session(), previous))).code).to.equal('login_required');
  });

  it('fails when another user is signed in at Okta', async () => {
    const theirs = { ...previous, user: { ...previous.user, sub: 'somebody-else' } };
    const error = await failure(authorizeSilently(session(), theirs));
    expect(error.code).to.equal('login_required');
    expect(error.message).to.match(/another user/i);
  });

  it('times out without a response, and names possible causes', async () => {
    const start = performance.now();
    const error = await failure(
      authorizeSilently(session({ silentTimeout: 600, discovery: { authorization_endpoint: mute } }), previous),
    );
    expect(error.code).to.equal('timeout');
    expect(error.message).to.match(/within 0\.6 s.*frame-src/);
    expect(performance.now() - start).to.be.within(500, 4000);
  });

  it('fails when Okta refuses to be framed', async () => {
    const elsewhere = `${new URL(org.issuer).origin}/`;
    const attempt = authorizeSilently(
      session({ silentTimeout: 600, discovery: { authorization_endpoint: elsewhere } }),
      previous,
    );
    expect((await failure(attempt)).code).to.equal('timeout');
  });

  for (const modes of [undefined, null, 'okta_post_message', ['query'], { includes: true }]) {
    it(`waits for the redirect URI’s page when response_modes_supported is ${JSON.stringify(modes)}`, async () => {
      const discovery = { authorization_endpoint: mute, response_modes_supported: modes };
      const attempt = authorizeSilently(session({ silentTimeout: 400, discovery }), previous);
      const ended = failure(attempt);
      while (!frame()) await new Promise((resolve) => setTimeout(resolve, 10));
      expect(new URL(frame()!.src).searchParams.has('response_mode')).to.equal(false);
      expect((await ended).code).to.equal('timeout');
    });
  }
});

describe('a response in the hidden frame', () => {
  let previous: StoredTokens;
  before(async () => {
    await signedOut();
    await signIn();
    previous = (await stored())!;
  });

  /** Has a frame of this origin say something while an answer of `origin` is waited for. */
  async function said(origin: string, say: (state: string, shown: HTMLIFrameElement) => void): Promise<string> {
    const discovery = { authorization_endpoint: `${origin}/test/support/browser/session.ts` };
    const ended = failure(authorizeSilently(session({ silentTimeout: 1500, discovery }), previous));
    while (!frame()) await new Promise((resolve) => setTimeout(resolve, 10));
    const state = new URL(frame()!.src).searchParams.get('state')!;
    say(state, await mutePage());
    return (await ended).code;
  }

  const post = (shown: HTMLIFrameElement, message: unknown) => {
    const text = JSON.stringify(message);
    shown.contentWindow!.setTimeout(`parent.postMessage(${text}, '*')`);
  };

  it('is accepted when frame, origin and state match', async () => {
    const code = await said(location.origin, (state, shown) => post(shown, { state, code: 'made-up' }));
    expect(code).to.equal('token_exchange_failed');
  });

  it('is accepted as an error too', async () => {
    const code = await said(location.origin, (state, shown) => post(shown, { state, error: 'interaction_required' }));
    expect(code).to.equal('login_required');
  });

  it('is ignored from another origin', async () => {
    const code = await said(new URL(org.issuer).origin, (state, shown) => post(shown, { state, code: 'made-up' }));
    expect(code).to.equal('timeout');
  });

  it('is ignored from another window', async () => {
    const code = await said(location.origin, (state) => window.postMessage({ state, code: 'made-up' }, '*'));
    expect(code).to.equal('timeout');
  });

  it('is ignored with another state', async () => {
    const code = await said(location.origin, (state, shown) => {
      for (const other of [state.slice(1), undefined, [state], { toString: () => state }.toString() + '0']) {
        post(shown, { state: other, code: 'made-up' });
      }
      post(shown, 'code');
      post(shown, null);
    });
    expect(code).to.equal('timeout');
  });
});
