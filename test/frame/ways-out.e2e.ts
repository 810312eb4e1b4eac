import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { generateTotpSecret } from '../../src/org/totp.js';
import { historyOf, stored } from '../e2e/support/session.js';
import { field, giveCode, givePassword, opened } from '../widget/support/flows.js';
import { framedSite, type FramedVisit } from './support/framed.js';

const identityProviders = [
  { id: '0oagoogle', type: 'GOOGLE' as const, name: 'Google' },
  { id: '0oacompany', type: 'OIDC' as const, name: 'Our Company' },
];

const button = ({ form }: FramedVisit, name: RegExp) => form.locator('main#okta-sign-in').getByText(name).first();

/** Clicks the button of a provider, and chooses the user to sign in there. */
async function signInAt(visit: FramedVisit, name: RegExp, login: string): Promise<void> {
  await button(visit, name).click();
  await visit.page.waitForURL(/\/sso\/idps\//);
  await visit.page.getByRole('link', { name: login }).click();
}

describe('a link of the form in the frame', () => {
  const site = framedSite({ seed: { signIn: { identityProviders } } });

  it('takes the whole page to an identity provider, and returns signed in', async () => {
    const ada = await site.somebody();
    const visit = await site.visit({ path: '/login' });
    site.put();
    await signInAt(visit, /google/i, ada.login);
    await opened(visit.page, ada);
    assert.equal(visit.page.url(), `${site.app}/login`);
    assert.ok(`okta-elements:${site.org.issuer}:app` in (await stored(visit.page)).local);
    assert.deepEqual(
      (await historyOf(visit.page)).filter((address) => address.includes('interaction_code')),
      [],
    );
  });

  it('continues in the frame when Okta needs a second factor', async () => {
    const totpSecret = generateTotpSecret();
    const ada = await site.somebody({ totpSecret });
    const visit = await site.visit({ tag: 'idp="0oacompany"' });
    await signInAt(visit, /Our Company/, ada.login);
    await giveCode(visit, site.totp(totpSecret));
    await opened(visit.page, ada);
    assert.ok(!visit.witness.events.includes('okta-error'));
  });

  it('leaves a form that works after the user goes back from the provider', async () => {
    const ada = await site.somebody();
    const visit = await site.visit();
    await button(visit, /google/i).click();
    await visit.page.waitForURL(/\/sso\/idps\//);
    await visit.page.goBack();
    await givePassword(visit, ada);
    await opened(visit.page, ada);
  });

  it('opens help in a new window without an opener', async () => {
    const visit = await site.visit();
    await field(visit.form, 'name').waitFor();
    const help = visit.form.locator('main#okta-sign-in a[href*="/help"]').first();
    const [opened] = await Promise.all([visit.profile.waitForEvent('page'), help.click()]);
    await opened.waitForLoadState();
    assert.match(opened.url(), /\/help/);
    assert.equal(await opened.evaluate(() => window.opener), null);
    assert.equal(visit.page.url(), `${site.app}/`);
    await field(visit.form, 'name').waitFor();
  });
});

describe('an identity provider, when the browser blocks storage of the frame', () => {
  const site = framedSite({ place: 'cross-site', seed: { signIn: { identityProviders } } });

  it('signs in', async () => {
    const ada = await site.somebody();
    const visit = await site.visit();
    await signInAt(visit, /google/i, ada.login);
    await opened(visit.page, ada);
  });

  it('starts again when Okta needs a second factor', async () => {
    const totpSecret = generateTotpSecret();
    const ada = await site.somebody({ totpSecret });
    const visit = await site.visit();
    await signInAt(visit, /google/i, ada.login);
    await givePassword(visit, ada);
    await giveCode(visit, site.totp(totpSecret));
    await opened(visit.page, ada);
  });
});
