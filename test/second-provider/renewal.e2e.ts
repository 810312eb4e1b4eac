/** Renewal at a real provider whose refresh tokens serve once, and which ends the session when one comes twice. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Request } from 'playwright-core';
import { whyNot } from './installation.js';
import { ada, home, requestsTo, signIn, providerFixture, storedTokens, until } from './fixture.js';

const path = `${home.hurried}notes.html`;

describe('renewal at Glewlwyd', { skip: whyNot() }, () => {
  const fixture = providerFixture();

  it('renews in two tabs at once and sends no refresh token twice', async () => {
    const page = await fixture.visit(path);
    const asked = requestsTo(`${fixture.hurriedIssuer}/token`, page);
    await signIn(page, ada);
    const tab = await fixture.another(page, path);
    await until(() => refreshTokens(asked).length >= 3);
    const sent = refreshTokens(asked);
    assert.equal(new Set(sent).size, sent.length);
    for (const either of [page, tab]) {
      await either.locator('#name', { hasText: ada.name }).waitFor();
      await either.locator('okta-guard').getByText('Buy milk').waitFor();
    }
    const answers = await Promise.all(asked.map(async (request) => (await request.response())?.status()));
    assert.deepEqual(new Set(answers), new Set([200]));
  });

  it('ends the session when the refresh token was already used elsewhere', async () => {
    const page = await fixture.visit(path);
    // Whoever has stolen the token is faster than the page.
    let stolen: Promise<number> | undefined;
    await page.context().route(`${fixture.hurriedIssuer}/token`, async (route) => {
      const body = route.request().postData() ?? '';
      if (body.includes('grant_type=refresh_token')) await (stolen ??= use(`${fixture.hurriedIssuer}/token`, body));
      await route.continue();
    });
    await signIn(page, ada);
    await page.evaluate(() => {
      document.addEventListener('okta-session-expired', () => (document.title = 'expired'));
    });
    await page.waitForFunction(() => document.title === 'expired');
    assert.equal(await stolen, 200);
    await page.locator('okta-guard').getByText('Sign in to read your notes.').waitFor();
    assert.equal(await page.locator('okta-guard').getByText('Buy milk').isVisible(), false);
    assert.equal(await storedTokens(page), 0);
  });

  it('keeps tokens bound to the key of this browser: an API accepts them only with a proof (RFC 9449)', async () => {
    const page = await fixture.visit(`${home.bound}notes.html`);
    const userinfo = `${fixture.hurriedIssuer}/userinfo`;
    const asked = requestsTo(`${fixture.hurriedIssuer}/token`, page);
    const used = requestsTo(userinfo, page);
    await signIn(page, ada);
    const name = await page.evaluate(async (url) => {
      const response = await document.querySelector('okta-config')!.client!.fetch(url);
      return ((await response.json()) as { name: string }).name;
    }, userinfo);
    assert.equal(name, ada.name);
    assert.ok(refreshTokens(asked).length >= 1, 'it was renewed first');

    const authorization = used.find((request) => request.method() === 'GET')!.headers().authorization!;
    assert.match(authorization, /^DPoP /);
    for (const scheme of ['DPoP', 'Bearer']) {
      const stolen = await fetch(userinfo, { headers: { authorization: authorization.replace('DPoP', scheme) } });
      assert.equal(stolen.status, 401, scheme);
    }
    const { cnf, exp } = JSON.parse(Buffer.from(authorization.split('.')[1]!, 'base64url').toString()) as AccessToken;
    assert.ok(cnf?.jkt);
    assert.ok(exp * 1000 > Date.now(), 'it was refused for its missing proof, not for its age');
  });
});

async function use(endpoint: string, body: string): Promise<number> {
  return (await fetch(endpoint, { method: 'POST', body: new URLSearchParams(body) })).status;
}

function refreshTokens(asked: readonly Request[]): string[] {
  return asked.flatMap((request) => new URLSearchParams(request.postData() ?? '').get('refresh_token') ?? []);
}

interface AccessToken {
  readonly cnf?: { readonly jkt?: string };
  /** Epoch seconds. */
  readonly exp: number;
}
