import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { generateTotpSecret } from '../../src/org/totp.js';
import { historyOf } from '../e2e/support/session.js';
import {
  action,
  choosePassword,
  enterCodeInstead,
  field,
  flowSite,
  generation2,
  giveCode,
  giveName,
  givePassword,
  newPassword,
  opened,
  variants,
  type FlowSite,
  type Somebody,
  type Variant,
  type Visit,
} from './support/flows.js';
import { bringWitness } from './support/witness.js';

const twoFactors = { tag: 'acr-values="urn:okta:loa:2fa:any"' };

/** Opens a mailed link in a tab of its own. */
async function openLink(visit: Visit, link: string): Promise<Visit> {
  const page = await visit.profile.newPage();
  await page.goto(link);
  return { ...visit, page };
}

/** The same page in another browser. */
async function anotherBrowser(site: FlowSite, link: string): Promise<Visit> {
  const profile = await site.profile();
  const witness = await bringWitness(profile);
  const page = await profile.newPage();
  await page.goto(link);
  return { profile, witness, page };
}

async function toMail(site: FlowSite, visit: Visit, somebody: Somebody) {
  await givePassword(visit, somebody);
  const mail = await site.mail(somebody.login);
  await enterCodeInstead(visit);
  visit.witness.secret(mail.code);
  return mail;
}

describe('a link from a mail', () => {
  const site = flowSite();

  for (const variant of variants) describe(`with ${variant.name}`, () => links(site, variant));
});

function links(site: FlowSite, variant: Variant): void {
  /** Somebody who has a mail and no wish to set up an authenticator app. */
  const ready = async () => {
    const ada = await site.somebody();
    site.org.directory.declineEnrollment(ada.id);
    return ada;
  };

  it('signs in a second tab of the same browser, and the first tab too', async () => {
    const ada = await ready();
    const first = await site.visit(variant, twoFactors);
    const { link } = await toMail(site, first, ada);
    const second = await openLink(first, link);
    await opened(second.page, ada);
    assert.equal(second.page.url(), `${site.origin}/`);
    assert.deepEqual(
      (await historyOf(second.page)).filter((address) => address.includes('otp=')),
      [],
    );
    await first.page.bringToFront();
    await opened(first.page, ada);
    assert.ok(first.witness.events.includes('okta-signin-success'));
    assert.ok(!first.witness.events.includes('okta-error'));
    await first.witness.assertDiscreet(second.page);
    await first.witness.assertDiscreet(first.page);
  });

  // The rest is the element's and Okta's, whatever form shows it.
  if (variant.isolation) return;

  it('shows the code in another browser, to be typed in the first', async () => {
    const ada = await ready();
    const first = await site.visit(variant, twoFactors);
    const { link, code } = await toMail(site, first, ada);
    const other = await anotherBrowser(site, link);
    await other.page.getByText(code).first().waitFor();
    assert.equal(await other.page.locator('#secret').isVisible(), false);
    assert.equal(other.page.url(), `${site.origin}/`);
    other.witness.secret(code);
    await other.witness.assertDiscreet(other.page);
    await giveCode(first, code);
    await opened(first.page, ada);
    await other.page.reload();
    await field(other.page, 'name').waitFor();
  });

  if (variant !== generation2) return;

  it('leads to the page that has the form', async () => {
    const ada = await ready();
    site.put(variant);
    const first = await site.visit(variant, { ...twoFactors, path: '/login' });
    const { link } = await toMail(site, first, ada);
    const second = await openLink(first, link);
    await opened(second.page, ada);
    assert.equal(new URL(second.page.url()).pathname, '/login');
  });

  it('lets the user choose a new password', async () => {
    const ada = await ready();
    const first = await site.visit(variant);
    await action(first.page, /forgot password/i).click();
    await giveName(first, ada.login);
    const { link, code } = await site.mail(ada.login);
    first.witness.secret(code);
    await enterCodeInstead(first);
    const second = await openLink(first, link);
    const password = newPassword();
    await choosePassword(second, password);
    await opened(second.page, ada);
    await second.witness.assertDiscreet(second.page);
    assert.equal(await site.org.directory.verifyPassword(ada.id, password), true);
  });

  it('asks for the second factor in the second tab', async () => {
    const totpSecret = generateTotpSecret();
    const ada = await site.somebody({ totpSecret });
    const first = await site.visit(variant);
    await action(first.page, /forgot password/i).click();
    await giveName(first, ada.login);
    const { link } = await site.mail(ada.login);
    await enterCodeInstead(first);
    const second = await openLink(first, link);
    const password = newPassword();
    await choosePassword(second, password);
    await field(second.page, 'code').waitFor();
    await second.page.reload();
    await giveCode(second, site.totp(totpSecret));
    await opened(second.page, ada);
  });

  it('keeps the session when the link was already used', async () => {
    const ada = await ready();
    const first = await site.visit(variant, twoFactors);
    const { link } = await toMail(site, first, ada);
    const second = await openLink(first, link);
    await opened(second.page, ada);
    const address = new URL(`${site.origin}/`);
    const { searchParams } = new URL(link);
    address.searchParams.set('otp', searchParams.get('otp')!);
    address.searchParams.set('state', `okta-elements.embedded.${'0'.repeat(64)}`);
    const third = await openLink(first, address.href);
    await opened(third.page, ada);
    assert.equal(third.page.url(), `${site.origin}/`);
  });
}
