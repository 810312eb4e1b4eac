import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { generateTotpSecret } from '../../src/org/totp.js';
import { stored, until } from '../e2e/support/session.js';
import {
  action,
  chooseFactor,
  enterCodeInstead,
  field,
  flowSite,
  generation2,
  giveCode,
  givePassword,
  opened,
  send,
  sharedSecret,
  skipEnrolment,
  variants,
  type FlowSite,
  type Variant,
  type Visit,
} from './support/flows.js';

/** What a page hears of a sign-in that went well, apart from forms. */
const toTheEnd = ['okta-signin-success', 'okta-guard-change', 'okta-state-change'];

/** Waits until somebody is signed in, and sees that tokens are in the store and nothing is told that should not be. */
async function endsWell(site: FlowSite, { page, witness }: Visit, login: string): Promise<void> {
  await opened(page, { login });
  for (const name of toTheEnd) assert.ok(witness.events.includes(name), `${name} was heard`);
  assert.deepEqual(
    witness.events.filter((name) => name === 'okta-error'),
    [],
  );
  const { local, session } = await stored(page);
  assert.deepEqual([Object.keys(local), Object.keys(session)], [[`okta-elements:${site.org.issuer}:app`], []]);
  await witness.assertDiscreet(page);
}

describe('a sign-in', () => {
  const site = flowSite();

  for (const variant of variants) describe(`with ${variant.name}`, () => flows(site, variant));
});

/* Every flow with generation 2. For the others a wrong password and a second factor; the tour has all their forms. */
function flows(site: FlowSite, variant: Variant): void {
  it('takes name and password after a wrong password', async () => {
    const ada = await site.somebody();
    const visit = await site.visit(variant);
    await givePassword(visit, { ...ada, password: 'not-that-one' });
    await visit.page
      .getByText(/unable to sign in/i)
      .first()
      .waitFor();
    await givePassword(visit, ada);
    await endsWell(site, visit, ada.login);
    assert.ok(visit.witness.events.includes('okta-widget-error'));
  });

  it('takes a code of the authenticator app after a wrong code', async () => {
    const totpSecret = generateTotpSecret();
    const ada = await site.somebody({ totpSecret });
    const visit = await site.visit(variant);
    await givePassword(visit, ada);
    const code = site.totp(totpSecret);
    await giveCode(visit, String((Number(code) + 500_000) % 1_000_000).padStart(6, '0'));
    await visit.page
      .getByText(/invalid code/i)
      .first()
      .waitFor();
    await giveCode(visit, code);
    await endsWell(site, visit, ada.login);
  });

  if (variant !== generation2) return;

  it('lets the user choose among factors: a mailed code in place of the app', async () => {
    const totpSecret = generateTotpSecret();
    const ada = await site.somebody({ totpSecret });
    const visit = await site.visit(variant);
    await givePassword(visit, ada);
    await field(visit.page, 'code').waitFor();
    await action(visit.page, /verify with something else/i).click();
    await chooseFactor(visit, 'okta_email');
    const { code } = await site.mail(ada.login);
    await enterCodeInstead(visit);
    await giveCode(visit, code);
    await endsWell(site, visit, ada.login);
  });

  it('sends another code', async () => {
    const ada = await site.somebody();
    const visit = await site.visit(variant, { tag: 'acr-values="urn:okta:loa:2fa:any"', fresh: true });
    await visit.page.clock.install();
    await givePassword(visit, ada);
    const first = await site.mail(ada.login);
    await enterCodeInstead(visit);
    // The widget offers another after half a minute.
    const resend = action(visit.page, /send again|resend/i);
    await until(async () => {
      await visit.page.clock.fastForward(10_000);
      return resend.isVisible();
    }, 'another code is offered');
    await resend.click();
    const second = await site.mail(ada.login, first);
    visit.witness.secret(first.code);
    await giveCode(visit, second.code);
    await skipEnrolment(visit);
    await endsWell(site, visit, ada.login);
  });

  it('has the user set up an authenticator app where two factors are required', async () => {
    const ada = await site.somebody({ emailVerified: false });
    const visit = await site.visit(variant, { tag: 'acr-values="urn:okta:loa:2fa:any"' });
    await givePassword(visit, ada);
    await chooseFactor(visit, 'google_otp');
    await action(visit.page, /can.t scan/i).click();
    const secret = await sharedSecret(visit);
    visit.witness.secret(secret);
    await action(visit.page, /^next$/i).click();
    await giveCode(visit, site.totp(secret));
    await endsWell(site, visit, ada.login);
    assert.equal(site.org.directory.totpSecret(ada.id), secret);
  });

  it('ends in a typed error and stores nothing when a policy denies access', async () => {
    const ada = await site.somebody();
    const visit = await site.visit(variant, { tag: 'acr-values="phr"' });
    await givePassword(visit, ada);
    await visit.page.locator('okta-signin[state=error]').waitFor();
    assert.ok(visit.witness.events.includes('okta-error'));
    assert.equal(await visit.page.locator('#secret').isVisible(), false);
    assert.deepEqual(await stored(visit.page), { local: {}, session: {} });
    await visit.witness.assertDiscreet(visit.page);
    await visit.page.getByRole('button', { name: 'Sign in' }).click();
    await field(visit.page, 'name').waitFor();
  });

  it('takes the name first, then the password, where the org asks so', async () => {
    site.org.config.signIn.identifierFirst = true;
    try {
      const ada = await site.somebody();
      const visit = await site.visit(variant);
      await field(visit.page, 'name').waitFor();
      assert.equal(await field(visit.page, 'password').count(), 0);
      await send(visit.page, { name: ada.login });
      visit.witness.secret(ada.password);
      await send(visit.page, { password: ada.password });
      await endsWell(site, visit, ada.login);
    } finally {
      site.org.config.signIn.identifierFirst = false;
    }
  });
}
