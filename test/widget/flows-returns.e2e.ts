import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { generateTotpSecret } from '../../src/org/totp.js';
import { historyOf, stored } from '../e2e/support/session.js';
import {
  action,
  field,
  flowSite,
  generation2,
  generation3,
  giveCode,
  givePassword,
  opened,
  send,
  submit,
  type,
  variants,
  type FlowSite,
  type Variant,
  type Visit,
} from './support/flows.js';

const identityProviders = [
  { id: '0oagoogle', type: 'GOOGLE' as const, name: 'Google' },
  { id: '0oacompany', type: 'OIDC' as const, name: 'Our Company' },
];

/** Leaves by the button of a provider, and chooses who is signed in there. */
async function signInAt({ page }: Visit, button: RegExp, login: string): Promise<void> {
  await page.locator('main#okta-sign-in').getByText(button).first().click();
  await page.waitForURL(/\/sso\/idps\//);
  await page.getByRole('link', { name: login }).click();
}

describe('an identity provider', () => {
  const site = flowSite({ seed: { signIn: { identityProviders } } });

  for (const variant of [generation2, generation3]) describe(`with ${variant.name}`, () => providers(site, variant));
});

function providers(site: FlowSite, variant: Variant): void {
  it('leads back to the form when Okta needs a second factor', async () => {
    const totpSecret = generateTotpSecret();
    const ada = await site.somebody({ totpSecret });
    const visit = await site.visit(variant, { path: '/login' });
    site.put(variant);
    await signInAt(visit, /Our Company/, ada.login);
    await field(visit.page, 'code').waitFor();
    assert.equal(visit.page.url(), `${site.origin}/login`);
    assert.ok(!visit.witness.events.includes('okta-error'));
    await giveCode(visit, site.totp(totpSecret));
    await opened(visit.page, ada);
    await visit.witness.assertDiscreet(visit.page);
  });

  // The rest happens outside of the form.
  if (variant !== generation2) return;

  it('has a button, which signs in', async () => {
    const ada = await site.somebody();
    const visit = await site.visit(variant, { path: '/login' });
    site.put(variant);
    await visit.page
      .locator('main#okta-sign-in')
      .getByText(/Our Company/)
      .first()
      .waitFor();
    await signInAt(visit, /google/i, ada.login);
    await opened(visit.page, ada);
    assert.equal(visit.page.url(), `${site.origin}/login`);
    assert.ok(visit.witness.events.includes('okta-signin-success'));
    assert.ok(`okta-elements:${site.org.issuer}:app` in (await stored(visit.page)).local);
    assert.deepEqual(
      (await historyOf(visit.page)).filter((address) => address.includes('interaction_code')),
      [],
    );
  });

  it('ends in a typed error, and a way to start again, when it denies access', async () => {
    const ada = await site.somebody();
    site.org.directory.setStatus(ada.id, 'SUSPENDED');
    const visit = await site.visit(variant);
    await signInAt(visit, /google/i, ada.login);
    await visit.page.locator('okta-signin[state=error]').waitFor();
    assert.ok(visit.witness.events.includes('okta-error'));
    assert.ok(!(`okta-elements:${site.org.issuer}:app` in (await stored(visit.page)).local));
    await visit.page.getByRole('button', { name: 'Sign in' }).click();
    await field(visit.page, 'name').waitFor();
  });

  it('is left by going back to a new form', async () => {
    const ada = await site.somebody();
    const visit = await site.visit(variant);
    await visit.page
      .locator('main#okta-sign-in')
      .getByText(/google/i)
      .first()
      .click();
    await visit.page.waitForURL(/\/sso\/idps\//);
    await visit.page.goBack();
    await givePassword(visit, ada);
    await opened(visit.page, ada);
  });

  it('of idp="…" is offered first', async () => {
    const ada = await site.somebody();
    const visit = await site.visit(variant, { tag: 'idp="0oacompany"' });
    await signInAt(visit, /Our Company/, ada.login);
    await opened(visit.page, ada);
  });
}

describe('a sign-in that takes long', () => {
  const site = flowSite({ seed: { signIn: { identifierFirst: true, stateLifetimeSeconds: 10_000 } } });

  for (const variant of variants) {
    it(`goes on after a reload at each step, with ${variant.name}`, async () => {
      const totpSecret = generateTotpSecret();
      const ada = await site.somebody({ totpSecret });
      const visit = await site.visit(variant);
      await send(visit.page, { name: ada.login });
      await field(visit.page, 'password').waitFor();
      await visit.page.reload();
      visit.witness.secret(ada.password);
      await send(visit.page, { password: ada.password });
      await field(visit.page, 'code').waitFor();
      await visit.page.reload();
      await giveCode(visit, site.totp(totpSecret));
      await opened(visit.page, ada);
      await visit.witness.assertDiscreet(visit.page);
    });
  }

  // The rest puts the clock of the org on, so it comes last. A form does not know how old it is: what expires is at Okta
  // and in the element.
  /** So much time passes that Okta has given up, by all clocks. */
  const expire = async ({ page }: Visit) => {
    site.org.clock.advance(10_001_000);
    await page.clock.setSystemTime(site.org.clock.now());
  };

  it('says that the session has expired, and starts again', async () => {
    const ada = await site.somebody();
    const visit = await site.visit(generation2, { fresh: true });
    await type(visit.page, 'name', ada.login);
    await expire(visit);
    await submit(visit.page);
    await visit.page
      .getByText(/logged out due to inactivity|session has expired/i)
      .first()
      .waitFor();
    await action(visit.page, /back to sign in/i).click();
    await send(visit.page, { name: ada.login });
    await field(visit.page, 'password').waitFor();
    await visit.page.reload();
    visit.witness.secret(ada.password);
    await send(visit.page, { password: ada.password });
    await opened(visit.page, ada);
    await visit.witness.assertDiscreet(visit.page);
  });

  it('starts again when it expired before the page was reloaded', async () => {
    const ada = await site.somebody();
    const visit = await site.visit(generation2, { fresh: true });
    await send(visit.page, { name: ada.login });
    await field(visit.page, 'password').waitFor();
    await expire(visit);
    await visit.page.reload();
    const again = action(visit.page, /back to sign in/i);
    await field(visit.page, 'name').or(again).first().waitFor();
    if (await again.isVisible()) await again.click();
    await send(visit.page, { name: ada.login });
    await send(visit.page, { password: ada.password });
    await opened(visit.page, ada);
  });

  it('signs in after two hours at the form', async () => {
    const ada = await site.somebody();
    const profile = await site.profile();
    site.put(generation2);
    const page = await profile.newPage();
    await page.clock.install({ time: site.org.clock.now() });
    await page.goto(`${site.origin}/`);
    const wait = async (minutes: number) => {
      site.org.clock.advance(minutes * 60_000);
      await page.clock.fastForward(minutes * 60_000);
    };
    await field(page, 'name').waitFor();
    await wait(61);
    await send(page, { name: ada.login });
    await field(page, 'password').waitFor();
    await wait(61);
    await send(page, { password: ada.password });
    await opened(page, ada);
  });
});
