import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { createOrg, type Org } from '../../src/org/index.js';
import { WIDGET_FOLDER } from '../../src/org/pages/widget-files.js';
import { totpCode, totpCounter } from '../../src/org/totp.js';
import { openBrowser } from '../support/pages/browser.js';
import { claimsOf, createChallenge, TOTP_SECRET } from './support/app.js';

/** Okta's files, as its documentation says to embed them. */
const FILES = {
  2: ['js/okta-sign-in.oie.min.js', 'css/okta-sign-in.min.css'],
  3: ['js/okta-sign-in.next.js', 'css/okta-sign-in.next.css'],
} as const;

const TYPES: Record<string, string> = { js: 'text/javascript', css: 'text/css', json: 'application/json' };

/** An application that embeds the widget by Okta's own snippet. */
async function startApp(generation: 2 | 3): Promise<{ server: Server; origin: string }> {
  const [script, style] = FILES[generation];
  const page = `<!doctype html><title>The app</title><link rel="stylesheet" href="/w/${style}"><script src="/w/${script}"></script><div id="here"></div>`;
  const server = createServer((req, res) => {
    const path = new URL(req.url ?? '/', 'http://app').pathname;
    if (!path.startsWith('/w/')) return void res.writeHead(200, { 'Content-Type': 'text/html' }).end(page);
    readFile(join(WIDGET_FOLDER, path.slice(3))).then(
      (body) =>
        res.writeHead(200, { 'Content-Type': TYPES[path.split('.').at(-1)!] ?? 'application/octet-stream' }).end(body),
      () => res.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, origin: `http://localhost:${(server.address() as AddressInfo).port}` };
}

describe('the unmodified Okta widget on this org', () => {
  let browser: Browser;
  before(async () => {
    browser = await openBrowser();
  });
  after(() => browser?.close());

  for (const generation of [2, 3] as const)
    describe(`generation ${generation}`, () => onThisOrg(generation, () => browser));
});

function onThisOrg(generation: 2 | 3, browser: () => Browser): void {
  let org: Org;
  let app: { server: Server; origin: string };
  before(async () => {
    app = await startApp(generation);
    org = await createOrg({
      seed: {
        users: [
          { login: 'ada@example.com', firstName: 'Ada', lastName: 'Lovelace', password: 'ada-password' },
          {
            login: 'alan@example.com',
            firstName: 'Alan',
            lastName: 'Turing',
            password: 'alan-password',
            totpSecret: TOTP_SECRET,
          },
        ],
        clients: [{ id: 'app', label: 'The app', redirectUris: [`${app.origin}/callback`] }],
        trustedOrigins: [app.origin],
        branding: { name: 'Snacks', widgetGeneration: generation },
      },
    });
  });
  after(async () => {
    await org.close();
    app.server.close();
    app.server.closeAllConnections();
  });

  /** A page of a new browser, and what went wrong in it: policy violations, errors, requests to anybody else. */
  async function open(): Promise<{ page: Page; wrong: string[] }> {
    const page = await (await browser().newContext({ viewport: { width: 375, height: 700 } })).newPage();
    const wrong: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') wrong.push(message.text());
    });
    page.on('pageerror', (error) => wrong.push(error.message));
    page.on('request', (request) => {
      const { origin, protocol } = new URL(request.url());
      if (protocol !== 'data:' && origin !== org.origin && origin !== app.origin) wrong.push(request.url());
    });
    return { page, wrong };
  }

  function authorizeUrl(challenge: string, params: Record<string, string> = {}): string {
    const query = new URLSearchParams({
      client_id: 'app',
      redirect_uri: `${app.origin}/callback`,
      response_type: 'code',
      scope: 'openid profile',
      state: 'the state',
      nonce: 'the nonce',
      code_challenge: challenge,
      code_challenge_method: 'S256',
      ...params,
    });
    return `${org.issuer}/v1/authorize?${query.toString()}`;
  }

  async function fillIn(page: Page, login: string): Promise<void> {
    await page.fill('input[name="identifier"]', login);
    await page.fill('input[name="credentials.passcode"]', `${login.split('@')[0]}-password`);
    await page.click('input[type="submit"], button[type="submit"]');
  }

  async function exchange(form: Record<string, string>): Promise<Record<string, string>> {
    const answer = await fetch(`${org.issuer}/v1/token`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: 'app', ...form }),
    });
    assert.equal(answer.status, 200, await answer.clone().text());
    return (await answer.json()) as Record<string, string>;
  }

  it('signs in with two factors on the hosted page, under its policy', async () => {
    const { page, wrong } = await open();
    const { verifier, challenge } = createChallenge();
    await page.goto(authorizeUrl(challenge));
    await page.waitForSelector('input[name="identifier"]');
    assert.match(await page.title(), /Snacks/);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    assert.equal(overflow, 0, 'it fits a phone');
    await fillIn(page, 'alan@example.com');
    const code = page.locator(
      'input[name="credentials.passcode"]:not([type="password"]), input[name="credentials.totp"]',
    );
    await code.fill(totpCode(TOTP_SECRET, totpCounter(org.clock.now())));
    await page.click('input[type="submit"], button[type="submit"]');
    await page.waitForURL(`${app.origin}/callback**`);
    const back = new URL(page.url()).searchParams;
    assert.equal(back.get('state'), 'the state');
    const tokens = await exchange({
      grant_type: 'authorization_code',
      code: back.get('code')!,
      redirect_uri: `${app.origin}/callback`,
      code_verifier: verifier,
    });
    assert.ok(claimsOf(tokens.id_token!).amr.includes('mfa'));
    assert.deepEqual(wrong, []);
  });

  it('speaks another language on the hosted page, and starts where the link says', async () => {
    const { page, wrong } = await open();
    await page.goto(authorizeUrl(createChallenge().challenge, { ui_locales: 'fr', flow: 'resetPassword' }));
    await page.waitForSelector('input[name="identifier"]');
    assert.match(await page.title(), /mot de passe/i);
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'fr');
    assert.equal(await page.locator('input[type="password"]').count(), 0);
    assert.deepEqual(wrong, []);
  });

  it('signs in embedded in the page of an application', async () => {
    const { page, wrong } = await open();
    const { verifier, challenge } = createChallenge();
    await page.goto(app.origin);
    const options = {
      issuer: org.issuer,
      clientId: 'app',
      redirectUri: `${app.origin}/callback`,
      scopes: ['openid', 'profile'],
      state: 'the state',
      nonce: 'the nonce',
      codeChallenge: challenge,
      codeChallengeMethod: 'S256',
      useClassicEngine: false,
      authScheme: 'OAUTH2',
      language: 'en',
      assets: { baseUrl: `${app.origin}/w` },
    };
    const done = page.evaluate((given) => {
      const { OktaSignIn } = window as unknown as {
        OktaSignIn: new (given: object) => { showSignIn(at: object): Promise<object> };
      };
      return new OktaSignIn(given).showSignIn({ el: '#here' }) as Promise<Record<string, string>>;
    }, options);
    await page.waitForSelector('input[name="identifier"]');
    await fillIn(page, 'ada@example.com');
    const result = await done;
    assert.equal(result.status, 'SUCCESS');
    assert.equal(result.state, 'the state');
    const tokens = await exchange({
      grant_type: 'interaction_code',
      interaction_code: result.interaction_code!,
      code_verifier: verifier,
    });
    assert.equal(claimsOf(tokens.id_token!).preferred_username, 'ada@example.com');
    const session = await page.evaluate(
      async (origin) => (await fetch(`${origin}/api/v1/sessions/me`, { credentials: 'include' })).status,
      org.origin,
    );
    assert.equal(session, 200);
    assert.deepEqual(wrong, []);
  });
}
