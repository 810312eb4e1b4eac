import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { generateTotpSecret } from '../../src/org/totp.js';
import { historyOf, stored } from '../e2e/support/session.js';
import { field, giveCode, givePassword, opened } from '../widget/support/flows.js';
import { frameFixture, type FramePage } from './support/frame-fixture.js';

const identityProviders = [
  { id: '0oagoogle', type: 'GOOGLE' as const, name: 'Google' },
  { id: '0oacompany', type: 'OIDC' as const, name: 'Our Company' },
];

const button = ({ form }: FramePage, name: RegExp) => form.locator('main#okta-sign-in').getByText(name).first();

/** Clicks the button of a provider, and chooses the user to sign in there. */
async function signInAt(view: FramePage, name: RegExp, login: string): Promise<void> {
  await button(view, name).click();
  await view.page.waitForURL(/\/sso\/idps\//);
  await view.page.getByRole('link', { name: login }).click();
}

describe('a link of the form in the frame', () => {
  const fixture = frameFixture({ seed: { signIn: { identityProviders } } });

  it('takes the whole page to an identity provider, and returns signed in', async () => {
    const ada = await fixture.somebody();
    const view = await fixture.visit({ path: '/login' });
    fixture.put();
    await signInAt(view, /google/i, ada.login);
    await opened(view.page, ada);
    assert.equal(view.page.url(), `${fixture.app}/login`);
    assert.ok(`okta-elements:${encodeURIComponent(fixture.org.issuer)}:app` in (await stored(view.page)).local);
    assert.deepEqual(
      (await historyOf(view.page)).filter((address) => address.includes('interaction_code')),
      [],
    );
  });

  it('continues in the frame when Okta needs a second factor', async () => {
    const totpSecret = generateTotpSecret();
    const ada = await fixture.somebody({ totpSecret });
    const view = await fixture.visit({ tag: 'idp="0oacompany"' });
    await signInAt(view, /Our Company/, ada.login);
    await giveCode(view, fixture.totp(totpSecret));
    await opened(view.page, ada);
    assert.ok(!view.leaks.events.includes('okta-error'));
  });

  it('leaves a form that works after the user goes back from the provider', async () => {
    const ada = await fixture.somebody();
    const view = await fixture.visit();
    await button(view, /google/i).click();
    await view.page.waitForURL(/\/sso\/idps\//);
    await view.page.goBack();
    await givePassword(view, ada);
    await opened(view.page, ada);
  });

  it('opens help in a new window without an opener', async () => {
    const view = await fixture.visit();
    await field(view.form, 'name').waitFor();
    const help = view.form.locator('main#okta-sign-in a[href*="/help"]').first();
    const [tab] = await Promise.all([view.profile.waitForEvent('page'), help.click()]);
    await tab.waitForLoadState();
    assert.match(tab.url(), /\/help/);
    assert.equal(await tab.evaluate(() => window.opener), null);
    assert.equal(view.page.url(), `${fixture.app}/`);
    await field(view.form, 'name').waitFor();
  });
});

describe('an identity provider, when the browser blocks storage of the frame', () => {
  const fixture = frameFixture({ place: 'cross-site', seed: { signIn: { identityProviders } } });

  it('signs in', async () => {
    const ada = await fixture.somebody();
    const view = await fixture.visit();
    await signInAt(view, /google/i, ada.login);
    await opened(view.page, ada);
  });

  it('starts again when Okta needs a second factor', async () => {
    const totpSecret = generateTotpSecret();
    const ada = await fixture.somebody({ totpSecret });
    const view = await fixture.visit();
    await signInAt(view, /google/i, ada.login);
    await givePassword(view, ada);
    await giveCode(view, fixture.totp(totpSecret));
    await opened(view.page, ada);
  });
});
