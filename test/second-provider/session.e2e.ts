/** A session, from sign-in to sign-out, at a real provider that nobody here wrote. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { whyNot } from './installation.js';
import {
  ada,
  enterPassword,
  goOn,
  leave,
  requestsTo,
  signIn,
  providerFixture,
  storedTokens,
  until,
} from './fixture.js';

describe('a session at Glewlwyd', { skip: whyNot() }, () => {
  const fixture = providerFixture();

  it('starts on the pages of Glewlwyd and returns to the same path, query and hash', async () => {
    const address = '/notes.html?box=2&note=a%20b#archive';
    const page = await fixture.visit(address);
    await page.locator('okta-guard').getByText('Sign in to read your notes.').waitFor();
    assert.equal(await page.locator('okta-guard').getByText('Buy milk').isVisible(), false);
    await leave(page);
    await page.locator('#username').waitFor();
    assert.equal(new URL(page.url()).origin, fixture.glewlwyd.origin);
    await enterPassword(page, ada);
    await goOn(page);
    await page.locator('#name', { hasText: ada.name }).waitFor();
    assert.equal(page.url(), fixture.site.origin + address);
    await page.locator('#email', { hasText: ada.email }).waitFor();
    await page.locator('okta-guard').getByText('Buy milk').waitFor();
  });

  it('opens guards by the granted scopes, not the requested ones', async () => {
    const page = await fixture.visitAsAda('/notes.html');
    await page.locator('okta-guard').getByText('Buy milk').waitFor();
    await page.locator('okta-guard').getByText('This page may not read the archive.').waitFor();
    assert.equal(await page.locator('okta-guard').getByText('Buy a cow').count(), 0);
  });

  it('survives a reload and reaches a new tab without a request to the provider', async () => {
    const page = await fixture.visitAsAda('/notes.html');
    const asked = requestsTo(fixture.glewlwyd.origin, page);
    await page.reload();
    await page.locator('#name', { hasText: ada.name }).waitFor();
    const tab = await fixture.another(page, '/notes.html');
    await tab.locator('#name', { hasText: ada.name }).waitFor();
    await tab.locator('okta-guard').getByText('Buy milk').waitFor();
    assert.deepEqual(
      asked.map((request) => request.url()),
      [],
    );
  });

  it('starts in a popup while the page stays where it is', async () => {
    const page = await fixture.visit('/notes.html?box=2');
    await page.locator('okta-signin').evaluate((el) => el.setAttribute('display', 'popup'));
    const opened = page.waitForEvent('popup');
    await leave(page);
    const popup = await opened;
    await enterPassword(popup, ada);
    const closed = popup.waitForEvent('close');
    await goOn(popup);
    await closed;
    await page.locator('#name', { hasText: ada.name }).waitFor();
    assert.equal(page.url(), `${fixture.site.origin}/notes.html?box=2`);
  });

  it('has an access token that an API can check at Glewlwyd', async () => {
    const page = await fixture.visitAsAda('/notes.html');
    const { status, body } = await callApi(page, fixture.api.origin);
    assert.equal(status, 200);
    assert.equal(body.name, ada.name);
    const refused = await fetch(fixture.api.origin, { headers: { authorization: 'Bearer of-bad-news' } });
    assert.equal(refused.status, 401);
  });

  it('reads claims from the userinfo endpoint', async () => {
    const page = await fixture.visitAsAda('/notes.html');
    const user = await page.evaluate(() => document.querySelector('okta-config')!.client!.getUserInfo());
    assert.equal(user.email, ada.email);
  });

  it('ends only in this browser with scope="local", and starts again without a password', async () => {
    const page = await fixture.visitAsAda('/notes.html');
    const asked = requestsTo(fixture.glewlwyd.origin, page);
    await signOut(page, 'local');
    await page.locator('okta-guard').getByText('Sign in to read your notes.').waitFor();
    assert.equal(await storedTokens(page), 0);
    assert.deepEqual(asked, []);
    await leave(page);
    await goOn(page);
    await page.locator('#name', { hasText: ada.name }).waitFor();
  });

  it('ends with scope="app" even if Glewlwyd rejects the revocation', async () => {
    const page = await fixture.visitAsAda('/notes.html');
    const tab = await fixture.another(page, '/notes.html');
    await tab.locator('okta-guard').getByText('Buy milk').waitFor();
    const asked = requestsTo(`${fixture.issuer}/revoke`, page);
    await signOut(page, 'app');
    for (const either of [page, tab]) {
      await either.locator('okta-guard').getByText('Sign in to read your notes.').waitFor();
      assert.equal(await either.locator('okta-guard').getByText('Buy milk').isVisible(), false);
      assert.equal(await storedTokens(either), 0);
    }
    await until(() => asked.length === 2);
    const answers = await Promise.all(asked.map(async (request) => (await request.response())?.status()));
    assert.deepEqual(answers, [401, 401]);
  });

  it('ends at Glewlwyd too, after its logout page', async () => {
    const page = await fixture.visit('/notes.html');
    await signIn(page, ada);
    await signOut(page, 'global');
    // It names the address that it was given only when it accepted our ID token, and the address is registered.
    await page.getByText(`you will be redirected to: ${fixture.site.origin}/`).waitFor();
    await page.locator('button', { hasText: 'Logout' }).click();
    await page.getByText('You are disconnected').waitFor();
    await page.goto(`${fixture.site.origin}/notes.html`);
    await page.locator('okta-guard').getByText('Sign in to read your notes.').waitFor();
    assert.equal(await storedTokens(page), 0);
    await leave(page);
    await page.locator('#password').waitFor();
  });
});

async function signOut(page: Page, scope: 'local' | 'app' | 'global'): Promise<void> {
  await page.locator(`#${scope}`).getByRole('button').click();
}

async function callApi(page: Page, url: string): Promise<{ status: number; body: Record<string, unknown> }> {
  return page.evaluate(async (api) => {
    const response = await document.querySelector('okta-config')!.client!.fetch(api);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }, url);
}
