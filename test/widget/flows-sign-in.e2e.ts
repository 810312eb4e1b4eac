import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { generateTotpSecret } from '../../src/org/totp.js';
import { stored, until } from '../e2e/support/session.js';
import {
  action,
  chooseFactor,
  enterCodeInstead,
  field,
  flowFixture,
  generation2,
  giveCode,
  givePassword,
  opened,
  send,
  sharedSecret,
  skipEnrolment,
  variants,
  type FlowFixture,
  type Variant,
  type FlowPage,
} from './support/flows.js';

/** What a page hears of a sign-in that went well, apart from forms. */
const toTheEnd = ['okta-signin-success', 'okta-guard-change', 'okta-state-change'];

/** Waits until somebody is signed in, and sees that tokens are in the store and nothing is told that should not be. */
async function endsWell(fixture: FlowFixture, { page, leaks }: FlowPage, login: string): Promise<void> {
  await opened(page, { login });
  for (const name of toTheEnd) assert.ok(leaks.events.includes(name), `${name} was heard`);
  assert.deepEqual(
    leaks.events.filter((name) => name === 'okta-error'),
    [],
  );
  const { local, session } = await stored(page);
  assert.deepEqual(
    [Object.keys(local), Object.keys(session)],
    [[`okta-elements:${encodeURIComponent(fixture.org.issuer)}:app`], []],
  );
  await leaks.assertDiscreet(page);
}

describe('a sign-in', () => {
  const fixture = flowFixture();

  for (const variant of variants) describe(`with ${variant.name}`, () => flows(fixture, variant));
});

/* Every flow with generation 2. For the others a wrong password and a second factor; the tour has all their forms. */
function flows(fixture: FlowFixture, variant: Variant): void {
  it('takes name and password after a wrong password', async () => {
    const ada = await fixture.somebody();
    const view = await fixture.visit(variant);
    await givePassword(view, { ...ada, password: 'not-that-one' });
    await view.page
      .getByText(/unable to sign in/i)
      .first()
      .waitFor();
    await givePassword(view, ada);
    await endsWell(fixture, view, ada.login);
    assert.ok(view.leaks.events.includes('okta-widget-error'));
  });

  it('takes a code of the authenticator app after a wrong code', async () => {
    const totpSecret = generateTotpSecret();
    const ada = await fixture.somebody({ totpSecret });
    const view = await fixture.visit(variant);
    await givePassword(view, ada);
    const code = fixture.totp(totpSecret);
    await giveCode(view, String((Number(code) + 500_000) % 1_000_000).padStart(6, '0'));
    await view.page
      .getByText(/invalid code/i)
      .first()
      .waitFor();
    await giveCode(view, code);
    await endsWell(fixture, view, ada.login);
  });

  if (variant !== generation2) return;

  it('lets the user choose among factors: a mailed code in place of the app', async () => {
    const totpSecret = generateTotpSecret();
    const ada = await fixture.somebody({ totpSecret });
    const view = await fixture.visit(variant);
    await givePassword(view, ada);
    await field(view.page, 'code').waitFor();
    await action(view.page, /verify with something else/i).click();
    await chooseFactor(view, 'okta_email');
    const { code } = await fixture.mail(ada.login);
    await enterCodeInstead(view);
    await giveCode(view, code);
    await endsWell(fixture, view, ada.login);
  });

  it('sends another code', async () => {
    const ada = await fixture.somebody();
    const view = await fixture.visit(variant, { tag: 'acr-values="urn:okta:loa:2fa:any"', fresh: true });
    await view.page.clock.install();
    await givePassword(view, ada);
    const first = await fixture.mail(ada.login);
    await enterCodeInstead(view);
    // The widget offers another after half a minute.
    const resend = action(view.page, /send again|resend/i);
    await until(async () => {
      await view.page.clock.fastForward(10_000);
      return resend.isVisible();
    }, 'another code is offered');
    await resend.click();
    const second = await fixture.mail(ada.login, first);
    view.leaks.secret(first.code);
    await giveCode(view, second.code);
    await skipEnrolment(view);
    await endsWell(fixture, view, ada.login);
  });

  it('has the user set up an authenticator app where two factors are required', async () => {
    const ada = await fixture.somebody({ emailVerified: false });
    const view = await fixture.visit(variant, { tag: 'acr-values="urn:okta:loa:2fa:any"' });
    await givePassword(view, ada);
    await chooseFactor(view, 'google_otp');
    await action(view.page, /can.t scan/i).click();
    const secret = await sharedSecret(view);
    view.leaks.secret(secret);
    await action(view.page, /^next$/i).click();
    await giveCode(view, fixture.totp(secret));
    await endsWell(fixture, view, ada.login);
    assert.equal(fixture.org.directory.totpSecret(ada.id), secret);
  });

  it('ends in a typed error and stores nothing when a policy denies access', async () => {
    const ada = await fixture.somebody();
    const view = await fixture.visit(variant, { tag: 'acr-values="phr"' });
    await givePassword(view, ada);
    await view.page.locator('okta-signin[state=error]').waitFor();
    await until(() => view.leaks.events.includes('okta-error'), 'an okta-error event');
    assert.equal(await view.page.locator('#secret').isVisible(), false);
    assert.deepEqual(await stored(view.page), { local: {}, session: {} });
    await view.leaks.assertDiscreet(view.page);
    await view.page.getByRole('button', { name: 'Sign in' }).click();
    await field(view.page, 'name').waitFor();
  });

  it('takes the name first, then the password, where the org asks so', async () => {
    fixture.org.config.signIn.identifierFirst = true;
    try {
      const ada = await fixture.somebody();
      const view = await fixture.visit(variant);
      await field(view.page, 'name').waitFor();
      assert.equal(await field(view.page, 'password').count(), 0);
      await send(view.page, { name: ada.login });
      view.leaks.secret(ada.password);
      await send(view.page, { password: ada.password });
      await endsWell(fixture, view, ada.login);
    } finally {
      fixture.org.config.signIn.identifierFirst = false;
    }
  });
}
