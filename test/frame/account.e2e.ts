import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { until } from '../e2e/support/session.js';
import {
  action,
  chooseFactor,
  choosePassword,
  enterCodeInstead,
  field,
  giveCode,
  giveName,
  givePassword,
  newPassword,
  opened,
  send,
  sharedSecret,
} from '../widget/support/flows.js';
import { bringWitness } from '../widget/support/witness.js';
import { frameOf, framedSite, inFrame, type FramedVisit } from './support/framed.js';

const twoFactors = { tag: 'acr-values="urn:okta:loa:2fa:any"' };

/** Opens a mailed link in a new tab. */
async function openLink(visit: FramedVisit, link: string): Promise<FramedVisit> {
  const page = await visit.profile.newPage();
  await page.goto(link);
  return { ...visit, page, form: inFrame(page) };
}

describe('an account, with the form in a frame', () => {
  const site = framedSite({ seed: { signIn: { lockoutAttempts: 3 } } });

  for (const generation of [2, 3] as const) {
    it(`is created by flow="signup" and a mailed code, with generation ${generation}`, async () => {
      await site.deploy({ generation });
      const login = `${randomUUID()}@example.com`;
      const visit = await site.visit({ tag: 'flow="signup"' });
      // The script of generation 3 is 4 MB.
      await visit.page.locator('okta-signin[state=ready]').waitFor({ timeout: 60_000 });
      const password = newPassword();
      visit.witness.secret(password);
      const profile = { 'userProfile.email': login, 'userProfile.firstName': 'Some', 'userProfile.lastName': 'Body' };
      await send(visit.form, { ...profile, password });
      const { code } = await site.mail(login);
      await enterCodeInstead(visit);
      await giveCode(visit, code);
      await opened(visit.page, { login });
      await visit.witness.assertDiscreet(visit.page);
    });
  }

  it('has its password reset by the link and a mailed code', async () => {
    const ada = await site.somebody();
    const visit = await site.visit();
    await action(visit.form, /forgot password/i).click();
    await giveName(visit, ada.login);
    const { code } = await site.mail(ada.login);
    await enterCodeInstead(visit);
    await giveCode(visit, code);
    const password = newPassword();
    await choosePassword(visit, password);
    await opened(visit.page, ada);
    assert.equal(await site.org.directory.verifyPassword(ada.id, password), true);
  });

  it('is unlocked, and signs in after the page changes the flow', async () => {
    const ada = await site.somebody();
    site.org.directory.setStatus(ada.id, 'LOCKED_OUT');
    const visit = await site.visit({ tag: 'flow="unlockAccount"' });
    await giveName(visit, ada.login);
    const { code } = await site.mail(ada.login);
    await enterCodeInstead(visit);
    await giveCode(visit, code);
    await visit.form
      .getByText(/account successfully unlocked/i)
      .first()
      .waitFor();
    await visit.page.locator('okta-signin').evaluate((element) => element.setAttribute('flow', 'login'));
    await givePassword(visit, ada);
    await opened(visit.page, ada);
  });

  it('has an authenticator app set up', async () => {
    const ada = await site.somebody({ emailVerified: false });
    const visit = await site.visit(twoFactors);
    await givePassword(visit, ada);
    await chooseFactor(visit, 'google_otp');
    await action(visit.form, /can.t scan/i).click();
    const secret = await sharedSecret(visit);
    await action(visit.form, /^next$/i).click();
    await giveCode(visit, site.totp(secret));
    await opened(visit.page, ada);
  });

  it('signs in by a mailed link, in the second tab and in the first', async () => {
    const ada = await site.somebody();
    site.org.directory.declineEnrollment(ada.id);
    const first = await site.visit(twoFactors);
    await givePassword(first, ada);
    const { link } = await site.mail(ada.login);
    await enterCodeInstead(first);
    const second = await openLink(first, link);
    await opened(second.page, ada);
    await first.page.bringToFront();
    await opened(first.page, ada);
    assert.equal(await first.page.locator('iframe').count(), 0);
  });

  it('sends the code of a mailed link once when the frame is reloaded', async () => {
    const ada = await site.somebody();
    site.org.directory.declineEnrollment(ada.id);
    const first = await site.visit(twoFactors);
    await givePassword(first, ada);
    await site.mail(ada.login);
    await enterCodeInstead(first);
    // As the mailed link, but with a wrong code.
    const state = await first.page.evaluate(() => Object.keys(localStorage).find((key) => key.includes('shared'))!);
    const link = new URL(site.app);
    link.search = new URLSearchParams({ otp: 'wrong1', state: state.replace(/^.*:/, '') }).toString();
    const sent: string[] = [];
    first.profile.on('request', (request) => {
      if (request.postData()?.includes('wrong1')) sent.push(request.url());
    });
    const second = await openLink(first, link.href);
    await second.page.locator('okta-signin[state=ready]').waitFor();
    assert.equal(sent.length, 1);
    const again = second.page.waitForResponse(/\/idp\/idx\/introspect/);
    await frameOf(second.page).evaluate(() => location.reload());
    await again;
    // The frame sends the code before it renders the form.
    await second.form.locator('main#okta-sign-in form').waitFor();
    assert.equal(sent.length, 1);
  });

  it('shows the code of a mailed link in another browser, for use in the first', async () => {
    const ada = await site.somebody();
    site.org.directory.declineEnrollment(ada.id);
    const first = await site.visit(twoFactors);
    await givePassword(first, ada);
    const { link, code } = await site.mail(ada.login);
    await enterCodeInstead(first);
    const profile = await site.profile();
    const other = await openLink({ ...first, profile, witness: await bringWitness(profile) }, link);
    await other.form.getByText(code).first().waitFor();
    assert.equal(await other.page.locator('#secret').isVisible(), false);
    await giveCode(first, code);
    await opened(first.page, ada);
  });

  it('ends with an okta-error event when Okta denies access, and stores nothing', async () => {
    const ada = await site.somebody();
    const visit = await site.visit({ tag: 'acr-values="phr"' });
    await givePassword(visit, ada);
    await visit.page.locator('okta-signin[state=error]').waitFor();
    assert.ok(visit.witness.events.includes('okta-error'));
    assert.equal(await visit.page.locator('iframe').count(), 0);
    assert.equal(await visit.page.evaluate(() => localStorage.length + sessionStorage.length), 0);
    // The focus moves from the form to the button.
    const focused = () => visit.page.evaluate(() => document.activeElement?.localName);
    await until(async () => (await focused()) === 'okta-signin', 'the focus is on okta-signin');
    await visit.page.keyboard.press('Enter');
    await field(visit.form, 'name').waitFor();
  });
});
