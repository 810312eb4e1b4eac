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
import { detectLeaks } from '../widget/support/leak-detector.js';
import { frameOf, frameFixture, inFrame, type FramePage } from './support/frame-fixture.js';

const twoFactors = { tag: 'acr-values="urn:okta:loa:2fa:any"' };

/** Opens a mailed link in a new tab. */
async function openLink(view: FramePage, link: string): Promise<FramePage> {
  const page = await view.profile.newPage();
  await page.goto(link);
  return { ...view, page, form: inFrame(page) };
}

describe('an account, with the form in a frame', () => {
  const fixture = frameFixture({ seed: { signIn: { lockoutAttempts: 3 } } });

  for (const generation of [2, 3] as const) {
    it(`is created by flow="signup" and a mailed code, with generation ${generation}`, async () => {
      await fixture.deploy({ generation });
      const login = `${randomUUID()}@example.com`;
      const view = await fixture.visit({ tag: 'flow="signup"' });
      // The script of generation 3 is 4 MB.
      await view.page.locator('okta-signin[state=ready]').waitFor({ timeout: 60_000 });
      const password = newPassword();
      view.leaks.secret(password);
      const profile = { 'userProfile.email': login, 'userProfile.firstName': 'Some', 'userProfile.lastName': 'Body' };
      await send(view.form, { ...profile, password });
      const { code } = await fixture.mail(login);
      await enterCodeInstead(view);
      await giveCode(view, code);
      await opened(view.page, { login });
      await view.leaks.assertDiscreet(view.page);
    });
  }

  it('has its password reset by the link and a mailed code', async () => {
    const ada = await fixture.somebody();
    const view = await fixture.visit();
    await action(view.form, /forgot password/i).click();
    await giveName(view, ada.login);
    const { code } = await fixture.mail(ada.login);
    await enterCodeInstead(view);
    await giveCode(view, code);
    const password = newPassword();
    await choosePassword(view, password);
    await opened(view.page, ada);
    assert.equal(await fixture.org.directory.verifyPassword(ada.id, password), true);
  });

  it('is unlocked, and signs in after the page changes the flow', async () => {
    const ada = await fixture.somebody();
    fixture.org.directory.setStatus(ada.id, 'LOCKED_OUT');
    const view = await fixture.visit({ tag: 'flow="unlockAccount"' });
    await giveName(view, ada.login);
    const { code } = await fixture.mail(ada.login);
    await enterCodeInstead(view);
    await giveCode(view, code);
    await view.form
      .getByText(/account successfully unlocked/i)
      .first()
      .waitFor();
    await view.page.locator('okta-signin').evaluate((element) => element.setAttribute('flow', 'login'));
    await givePassword(view, ada);
    await opened(view.page, ada);
  });

  it('has an authenticator app set up', async () => {
    const ada = await fixture.somebody({ emailVerified: false });
    const view = await fixture.visit(twoFactors);
    await givePassword(view, ada);
    await chooseFactor(view, 'google_otp');
    await action(view.form, /can.t scan/i).click();
    const secret = await sharedSecret(view);
    await action(view.form, /^next$/i).click();
    await giveCode(view, fixture.totp(secret));
    await opened(view.page, ada);
  });

  it('signs in by a mailed link, in the second tab and in the first', async () => {
    const ada = await fixture.somebody();
    fixture.org.directory.declineEnrollment(ada.id);
    const first = await fixture.visit(twoFactors);
    await givePassword(first, ada);
    const { link } = await fixture.mail(ada.login);
    await enterCodeInstead(first);
    const second = await openLink(first, link);
    await opened(second.page, ada);
    await first.page.bringToFront();
    await opened(first.page, ada);
    assert.equal(await first.page.locator('iframe').count(), 0);
  });

  it('sends the code of a mailed link once when the frame is reloaded', async () => {
    const ada = await fixture.somebody();
    fixture.org.directory.declineEnrollment(ada.id);
    const first = await fixture.visit(twoFactors);
    await givePassword(first, ada);
    await fixture.mail(ada.login);
    await enterCodeInstead(first);
    // As the mailed link, but with a wrong code.
    const state = await first.page.evaluate(() => Object.keys(localStorage).find((key) => key.includes('shared'))!);
    const link = new URL(fixture.app);
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
    const ada = await fixture.somebody();
    fixture.org.directory.declineEnrollment(ada.id);
    const first = await fixture.visit(twoFactors);
    await givePassword(first, ada);
    const { link, code } = await fixture.mail(ada.login);
    await enterCodeInstead(first);
    const profile = await fixture.profile();
    const other = await openLink({ ...first, profile, leaks: await detectLeaks(profile) }, link);
    await other.form.getByText(code).first().waitFor();
    assert.equal(await other.page.locator('#secret').isVisible(), false);
    await giveCode(first, code);
    await opened(first.page, ada);
  });

  it('ends with an okta-error event when Okta denies access, and stores nothing', async () => {
    const ada = await fixture.somebody();
    const view = await fixture.visit({ tag: 'acr-values="phr"' });
    await givePassword(view, ada);
    await view.page.locator('okta-signin[state=error]').waitFor();
    await until(() => view.leaks.events.includes('okta-error'), 'an okta-error event');
    assert.equal(await view.page.locator('iframe').count(), 0);
    assert.equal(await view.page.evaluate(() => localStorage.length + sessionStorage.length), 0);
    // The focus moves from the form to the button.
    const focused = () => view.page.evaluate(() => document.activeElement?.localName);
    await until(async () => (await focused()) === 'okta-signin', 'the focus is on okta-signin');
    await view.page.keyboard.press('Enter');
    await field(view.form, 'name').waitFor();
  });
});
