import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { stored } from '../e2e/support/session.js';
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
  send,
  variants,
  type FlowSite,
  type Variant,
  type Visit,
} from './support/flows.js';

describe('an account', () => {
  const site = flowSite({ seed: { signIn: { lockoutAttempts: 3 } } });

  for (const variant of variants) describe(`with ${variant.name}`, () => flows(site, variant));
});

/*
 * Every flow with generation 2. For the others one flow of several steps; every form of theirs is in the tour
 * (every-form.e2e.ts), and what the org answers does not depend on the form.
 */
function flows(site: FlowSite, variant: Variant): void {
  it('is created by the link, and its address is verified by a mailed code', async () => {
    const login = `${randomUUID()}@example.com`;
    const visit = await site.visit(variant);
    await action(visit.page, /^sign up$/i).click();
    const password = newPassword();
    visit.witness.secret(password);
    const profile = { 'userProfile.email': login, 'userProfile.firstName': 'Some', 'userProfile.lastName': 'Body' };
    await send(visit.page, { ...profile, password });
    const { code } = await site.mail(login);
    await enterCodeInstead(visit);
    await giveCode(visit, code);
    await opened(visit.page, { login });
    await visit.witness.assertDiscreet(visit.page);
  });

  if (variant !== generation2) return;

  it('has its password reset by flow="resetPassword", with a mailed code', async () => {
    const ada = await site.somebody();
    const visit = await site.visit(variant, { tag: 'flow="resetPassword"' });
    await giveName(visit, ada.login);
    const { code } = await site.mail(ada.login);
    await enterCodeInstead(visit);
    await giveCode(visit, code);
    const password = newPassword();
    await choosePassword(visit, password);
    await opened(visit.page, ada);
    await visit.witness.assertDiscreet(visit.page);
    assert.equal(await site.org.directory.verifyPassword(ada.id, password), true);
  });

  for (const way of ['by the link', 'by flow="unlockAccount"'] as const) {
    it(`is unlocked ${way}, with a mailed code, and can be used again`, async () => {
      const ada = await site.somebody();
      site.org.directory.setStatus(ada.id, 'LOCKED_OUT');
      const visit = await site.visit(variant, way === 'by the link' ? {} : { tag: 'flow="unlockAccount"' });
      if (way === 'by the link') await action(visit.page, /unlock account/i).click();
      await giveName(visit, ada.login);
      const { code } = await site.mail(ada.login);
      await enterCodeInstead(visit);
      await giveCode(visit, code);
      await visit.page
        .getByText(/account successfully unlocked/i)
        .first()
        .waitFor();
      assert.equal(site.org.directory.get(ada.id)!.status, 'ACTIVE');
      assert.deepEqual(
        Object.keys((await stored(visit.page)).local).filter((key) => !key.includes('widget-links')),
        [],
      );
      // That leads to the form that was asked for.
      if (way === 'by the link') await action(visit.page, /back to sign in/i).click();
      else await visit.page.locator('okta-signin').evaluate((element) => element.setAttribute('flow', 'login'));
      await givePassword(visit, ada);
      await opened(visit.page, ada);
      await visit.witness.assertDiscreet(visit.page);
    });
  }

  it('has a form for each page, which a reload shows again', async () => {
    const signUp = (visit: Visit) => field(visit.page, 'userProfile.email');
    const visit = await site.visit(variant, { path: '/register', tag: 'flow="signup"' });
    await signUp(visit).waitFor();
    await visit.page.reload();
    await signUp(visit).waitFor();
    site.put(variant, { path: '/login' });
    await visit.page.goto(`${site.origin}/login`);
    await field(visit.page, 'name').waitFor();
    const asked: string[] = [];
    visit.page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await visit.page.reload();
    await field(visit.page, 'name').waitFor();
    assert.deepEqual(
      asked.filter((path) => path.endsWith('/v1/interact')),
      [],
    );
    const ada = await site.somebody();
    await givePassword(visit, ada);
    await opened(visit.page, ada);
  });

  it('is locked after too many wrong passwords', async () => {
    const ada = await site.somebody();
    const visit = await site.visit(variant);
    for (let time = 0; time < 3; time += 1) {
      const refused = visit.page.waitForResponse((response) => response.url().endsWith('/idp/idx/identify'));
      await givePassword(visit, { ...ada, password: `wrong-${time}` });
      await refused;
    }
    await visit.page
      .getByText(/account is locked/i)
      .first()
      .waitFor();
    assert.equal(site.org.directory.get(ada.id)!.status, 'LOCKED_OUT');
    await field(visit.page, 'name').waitFor();
    await visit.witness.assertDiscreet(visit.page);
  });
}
