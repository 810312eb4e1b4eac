import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { generateTotpSecret } from '../../src/org/totp.js';
import { historyOf, stored, until } from '../e2e/support/session.js';
import {
  action,
  field,
  flowFixture,
  generation2,
  generation3,
  giveCode,
  givePassword,
  opened,
  send,
  submit,
  type,
  variants,
  type FlowFixture,
  type Variant,
  type FlowPage,
} from './support/flows.js';

const identityProviders = [
  { id: '0oagoogle', type: 'GOOGLE' as const, name: 'Google' },
  { id: '0oacompany', type: 'OIDC' as const, name: 'Our Company' },
];

/** Leaves by the button of a provider, and chooses who is signed in there. */
async function signInAt({ page }: FlowPage, button: RegExp, login: string): Promise<void> {
  await page.locator('main#okta-sign-in').getByText(button).first().click();
  await page.waitForURL(/\/sso\/idps\//);
  await page.getByRole('link', { name: login }).click();
}

describe('an identity provider', () => {
  const fixture = flowFixture({ seed: { signIn: { identityProviders } } });

  for (const variant of [generation2, generation3]) describe(`with ${variant.name}`, () => providers(fixture, variant));
});

function providers(fixture: FlowFixture, variant: Variant): void {
  it('leads back to the form when Okta needs a second factor', async () => {
    const totpSecret = generateTotpSecret();
    const ada = await fixture.somebody({ totpSecret });
    const view = await fixture.visit(variant, { path: '/login' });
    fixture.put(variant);
    await signInAt(view, /Our Company/, ada.login);
    await field(view.page, 'code').waitFor();
    assert.equal(view.page.url(), `${fixture.origin}/login`);
    assert.ok(!view.leaks.events.includes('okta-error'));
    await giveCode(view, fixture.totp(totpSecret));
    await opened(view.page, ada);
    await view.leaks.assertDiscreet(view.page);
  });

  // The rest happens outside of the form.
  if (variant !== generation2) return;

  it('has a button, which signs in', async () => {
    const ada = await fixture.somebody();
    const view = await fixture.visit(variant, { path: '/login' });
    fixture.put(variant);
    await view.page
      .locator('main#okta-sign-in')
      .getByText(/Our Company/)
      .first()
      .waitFor();
    await signInAt(view, /google/i, ada.login);
    await opened(view.page, ada);
    assert.equal(view.page.url(), `${fixture.origin}/login`);
    assert.ok(view.leaks.events.includes('okta-signin-success'));
    assert.ok(`okta-elements:${encodeURIComponent(fixture.org.issuer)}:app` in (await stored(view.page)).local);
    assert.deepEqual(
      (await historyOf(view.page)).filter((address) => address.includes('interaction_code')),
      [],
    );
  });

  it('ends in a typed error, and a way to start again, when it denies access', async () => {
    const ada = await fixture.somebody();
    fixture.org.directory.setStatus(ada.id, 'SUSPENDED');
    const view = await fixture.visit(variant);
    await signInAt(view, /google/i, ada.login);
    await view.page.locator('okta-signin[state=error]').waitFor();
    await until(() => view.leaks.events.includes('okta-error'), 'an okta-error event');
    assert.ok(!(`okta-elements:${encodeURIComponent(fixture.org.issuer)}:app` in (await stored(view.page)).local));
    await view.page.getByRole('button', { name: 'Sign in' }).click();
    await field(view.page, 'name').waitFor();
  });

  it('is left by going back to a new form', async () => {
    const ada = await fixture.somebody();
    const view = await fixture.visit(variant);
    await view.page
      .locator('main#okta-sign-in')
      .getByText(/google/i)
      .first()
      .click();
    await view.page.waitForURL(/\/sso\/idps\//);
    await view.page.goBack();
    await givePassword(view, ada);
    await opened(view.page, ada);
  });

  it('of idp="…" is offered first', async () => {
    const ada = await fixture.somebody();
    const view = await fixture.visit(variant, { tag: 'idp="0oacompany"' });
    await signInAt(view, /Our Company/, ada.login);
    await opened(view.page, ada);
  });
}

describe('a sign-in that takes long', () => {
  const fixture = flowFixture({ seed: { signIn: { identifierFirst: true, stateLifetimeSeconds: 10_000 } } });

  for (const variant of variants) {
    it(`goes on after a reload at each step, with ${variant.name}`, async () => {
      const totpSecret = generateTotpSecret();
      const ada = await fixture.somebody({ totpSecret });
      const view = await fixture.visit(variant);
      await send(view.page, { name: ada.login });
      await field(view.page, 'password').waitFor();
      await view.page.reload();
      view.leaks.secret(ada.password);
      await send(view.page, { password: ada.password });
      await field(view.page, 'code').waitFor();
      await view.page.reload();
      await giveCode(view, fixture.totp(totpSecret));
      await opened(view.page, ada);
      await view.leaks.assertDiscreet(view.page);
    });
  }

  // The rest puts the clock of the org on, so it comes last. A form does not know how old it is: what expires is at Okta
  // and in the element.
  /** So much time passes that Okta has given up, by all clocks. */
  const expire = async ({ page }: FlowPage) => {
    fixture.org.clock.advance(10_001_000);
    await page.clock.setSystemTime(fixture.org.clock.now());
  };

  it('says that the session has expired, and starts again', async () => {
    const ada = await fixture.somebody();
    const view = await fixture.visit(generation2, { fresh: true });
    await type(view.page, 'name', ada.login);
    await expire(view);
    await submit(view.page);
    await view.page
      .getByText(/logged out due to inactivity|session has expired/i)
      .first()
      .waitFor();
    await action(view.page, /back to sign in/i).click();
    await send(view.page, { name: ada.login });
    await field(view.page, 'password').waitFor();
    await view.page.reload();
    view.leaks.secret(ada.password);
    await send(view.page, { password: ada.password });
    await opened(view.page, ada);
    await view.leaks.assertDiscreet(view.page);
  });

  it('starts again when it expired before the page was reloaded', async () => {
    const ada = await fixture.somebody();
    const view = await fixture.visit(generation2, { fresh: true });
    await send(view.page, { name: ada.login });
    await field(view.page, 'password').waitFor();
    await expire(view);
    await view.page.reload();
    const again = action(view.page, /back to sign in/i);
    await field(view.page, 'name').or(again).first().waitFor();
    if (await again.isVisible()) await again.click();
    await send(view.page, { name: ada.login });
    await send(view.page, { password: ada.password });
    await opened(view.page, ada);
  });

  it('signs in after two hours at the form', async () => {
    const ada = await fixture.somebody();
    const profile = await fixture.profile();
    fixture.put(generation2);
    const page = await profile.newPage();
    await page.clock.install({ time: fixture.org.clock.now() });
    await page.goto(`${fixture.origin}/`);
    const wait = async (minutes: number) => {
      fixture.org.clock.advance(minutes * 60_000);
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
