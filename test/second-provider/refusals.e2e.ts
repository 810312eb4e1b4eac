/** What becomes of a sign-in that a real provider refuses, in its own words. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { whyNot } from './installation.js';
import {
  ada,
  bob,
  enterPassword,
  eve,
  goOn,
  home,
  leave,
  signIn,
  providerFixture,
  storedTokens,
  until,
} from './fixture.js';

describe('when Glewlwyd refuses a sign-in', { skip: whyNot() }, () => {
  const fixture = providerFixture();

  it('keeps a guard closed for a scope the user did not grant, and opens it after the grant', async () => {
    const page = await fixture.visit('/notes.html');
    await leave(page);
    await enterPassword(page, bob);
    await goOn(page);
    await page.locator('#name', { hasText: bob.name }).waitFor();
    await page.getByText('You kept your notes from this page.').waitFor();
    assert.equal(await page.locator('okta-guard').getByText('Buy milk').isVisible(), false);

    await page.locator('#local').getByRole('button').click();
    await page.locator('okta-signin').evaluate((el) => el.setAttribute('prompt', 'consent'));
    await leave(page);
    await page.locator('#grant-notes').check();
    await page.getByRole('button', { name: 'Grant access' }).click();
    await page.getByRole('button', { name: 'Grant access' }).waitFor({ state: 'detached' });
    await goOn(page);
    await page.locator('okta-guard').getByText('Buy milk').waitFor();
  });

  it('leaves a working page when the user comes back without a sign-in', async () => {
    const page = await fixture.visit('/notes.html');
    await leave(page);
    await enterPassword(page, eve);
    await page.getByText('no required scope is available').waitFor();
    await page.goBack();
    await page.locator('okta-guard').getByText('Sign in to read your notes.').waitFor();
    assert.equal(await storedTokens(page), 0);
    await leave(page);
    await page.getByText('no required scope is available').waitFor();
  });

  it('reports an error without a description by its code', async () => {
    const page = await fixture.visit('/');
    await page.locator('okta-signin').evaluate((el) => el.setAttribute('prompt', 'none'));
    await leave(page);
    await alert(page, 'interaction_required').waitFor();
    assert.equal(page.url(), `${fixture.site.origin}/`);
    assert.equal(await storedTokens(page), 0);
    await page.locator('okta-signin').evaluate((el) => el.removeAttribute('prompt'));
    await signIn(page, ada);
  });

  it('treats a session of unknown age as too old for max-age', async () => {
    // Glewlwyd is asked for max_age, and answers with an auth_time of 0.
    const page = await fixture.visit('/');
    await page.locator('okta-signin').evaluate((el) => el.setAttribute('max-age', '3600'));
    await leave(page);
    await enterPassword(page, ada);
    await goOn(page);
    await alert(page, 'auth_time').waitFor();
    assert.equal(await storedTokens(page), 0);
    assert.equal(await page.locator('okta-guard').first().getAttribute('state'), 'error');
  });

  it('leaves a working page when the provider does not know the client', async () => {
    const page = await fixture.visit(home.stranger);
    const refusal = page.waitForResponse((response) => response.url().startsWith(`${fixture.issuer}/auth`));
    await leave(page);
    assert.equal((await refusal).status(), 403);
    await until(() => page.url().startsWith('chrome-error:'));
    await page.goBack();
    await page.locator('okta-signin').getByRole('button', { name: 'Sign in' }).waitFor();
    assert.equal(await page.locator('okta-signin').getByRole('button').isEnabled(), true);
    assert.equal(await storedTokens(page), 0);
  });

  it('reports an issuer that does not exist', async () => {
    const page = await fixture.visit(home.lost);
    await leave(page);
    await alert(page, 'check issuer').waitFor();
    assert.equal(page.url(), fixture.site.origin + home.lost);
    assert.equal(await page.locator('okta-signin').getByRole('button').isEnabled(), true);
  });
});

function alert(page: Page, text: string) {
  return page.getByRole('alert').filter({ hasText: text }).first();
}
