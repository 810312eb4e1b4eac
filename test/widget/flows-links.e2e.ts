import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { generateTotpSecret } from '../../src/org/totp.js';
import { historyOf } from '../e2e/support/session.js';
import {
  action,
  choosePassword,
  enterCodeInstead,
  field,
  flowFixture,
  generation2,
  giveCode,
  giveName,
  givePassword,
  newPassword,
  opened,
  variants,
  type FlowFixture,
  type Somebody,
  type Variant,
  type FlowPage,
} from './support/flows.js';
import { detectLeaks } from './support/leak-detector.js';

const twoFactors = { tag: 'acr-values="urn:okta:loa:2fa:any"' };

/** Opens a mailed link in a tab of its own. */
async function openLink(view: FlowPage, link: string): Promise<FlowPage> {
  const page = await view.profile.newPage();
  await page.goto(link);
  return { ...view, page };
}

/** The same page in another browser. */
async function anotherBrowser(fixture: FlowFixture, link: string): Promise<FlowPage> {
  const profile = await fixture.profile();
  const leaks = await detectLeaks(profile);
  const page = await profile.newPage();
  await page.goto(link);
  return { profile, leaks, page };
}

async function toMail(fixture: FlowFixture, view: FlowPage, somebody: Somebody) {
  await givePassword(view, somebody);
  const mail = await fixture.mail(somebody.login);
  await enterCodeInstead(view);
  view.leaks.secret(mail.code);
  return mail;
}

describe('a link from a mail', () => {
  const fixture = flowFixture();

  for (const variant of variants) describe(`with ${variant.name}`, () => links(fixture, variant));
});

function links(fixture: FlowFixture, variant: Variant): void {
  /** Somebody who has a mail and no wish to set up an authenticator app. */
  const ready = async () => {
    const ada = await fixture.somebody();
    fixture.org.directory.declineEnrollment(ada.id);
    return ada;
  };

  it('signs in a second tab of the same browser, and the first tab too', async () => {
    const ada = await ready();
    const first = await fixture.visit(variant, twoFactors);
    const { link } = await toMail(fixture, first, ada);
    const second = await openLink(first, link);
    await opened(second.page, ada);
    assert.equal(second.page.url(), `${fixture.origin}/`);
    assert.deepEqual(
      (await historyOf(second.page)).filter((address) => address.includes('otp=')),
      [],
    );
    await first.page.bringToFront();
    await opened(first.page, ada);
    assert.ok(first.leaks.events.includes('okta-signin-success'));
    assert.ok(!first.leaks.events.includes('okta-error'));
    await first.leaks.assertDiscreet(second.page);
    await first.leaks.assertDiscreet(first.page);
  });

  // The rest is done by the element and Okta, and does not depend on the form.
  if (variant.isolation) return;

  it('shows the code in another browser, to be typed in the first', async () => {
    const ada = await ready();
    const first = await fixture.visit(variant, twoFactors);
    const { link, code } = await toMail(fixture, first, ada);
    const other = await anotherBrowser(fixture, link);
    await other.page.getByText(code).first().waitFor();
    assert.equal(await other.page.locator('#secret').isVisible(), false);
    assert.equal(other.page.url(), `${fixture.origin}/`);
    other.leaks.secret(code);
    await other.leaks.assertDiscreet(other.page);
    await giveCode(first, code);
    await opened(first.page, ada);
    await other.page.reload();
    await field(other.page, 'name').waitFor();
  });

  if (variant !== generation2) return;

  it('leads to the page that has the form', async () => {
    const ada = await ready();
    fixture.put(variant);
    const first = await fixture.visit(variant, { ...twoFactors, path: '/login' });
    const { link } = await toMail(fixture, first, ada);
    const second = await openLink(first, link);
    await opened(second.page, ada);
    assert.equal(new URL(second.page.url()).pathname, '/login');
  });

  it('lets the user choose a new password', async () => {
    const ada = await ready();
    const first = await fixture.visit(variant);
    await action(first.page, /forgot password/i).click();
    await giveName(first, ada.login);
    const { link, code } = await fixture.mail(ada.login);
    first.leaks.secret(code);
    await enterCodeInstead(first);
    const second = await openLink(first, link);
    const password = newPassword();
    await choosePassword(second, password);
    await opened(second.page, ada);
    await second.leaks.assertDiscreet(second.page);
    assert.equal(await fixture.org.directory.verifyPassword(ada.id, password), true);
  });

  it('asks for the second factor in the second tab', async () => {
    const totpSecret = generateTotpSecret();
    const ada = await fixture.somebody({ totpSecret });
    const first = await fixture.visit(variant);
    await action(first.page, /forgot password/i).click();
    await giveName(first, ada.login);
    const { link } = await fixture.mail(ada.login);
    await enterCodeInstead(first);
    const second = await openLink(first, link);
    const password = newPassword();
    await choosePassword(second, password);
    await field(second.page, 'code').waitFor();
    await second.page.reload();
    await giveCode(second, fixture.totp(totpSecret));
    await opened(second.page, ada);
  });

  it('keeps the session when the link was already used', async () => {
    const ada = await ready();
    const first = await fixture.visit(variant, twoFactors);
    const { link } = await toMail(fixture, first, ada);
    const second = await openLink(first, link);
    await opened(second.page, ada);
    const address = new URL(`${fixture.origin}/`);
    const { searchParams } = new URL(link);
    address.searchParams.set('otp', searchParams.get('otp')!);
    address.searchParams.set('state', `okta-elements.embedded.${'0'.repeat(64)}`);
    const third = await openLink(first, address.href);
    await opened(third.page, ada);
    assert.equal(third.page.url(), `${fixture.origin}/`);
  });
}
