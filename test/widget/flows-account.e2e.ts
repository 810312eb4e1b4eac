import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { stored } from '../e2e/support/session.js';
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
  send,
  variants,
  type FlowFixture,
  type Variant,
  type FlowPage,
} from './support/flows.js';

describe('an account', () => {
  const fixture = flowFixture({ seed: { signIn: { lockoutAttempts: 3 } } });

  for (const variant of variants) describe(`with ${variant.name}`, () => flows(fixture, variant));
});

/*
 * Every flow with generation 2. For the others one flow of several steps; every form of theirs is in the tour
 * (every-form.e2e.ts), and what the org answers does not depend on the form.
 */
function flows(fixture: FlowFixture, variant: Variant): void {
  it('is created by the link, and its address is verified by a mailed code', async () => {
    const login = `${randomUUID()}@example.com`;
    const view = await fixture.visit(variant);
    await action(view.page, /^sign up$/i).click();
    const password = newPassword();
    view.leaks.secret(password);
    const profile = { 'userProfile.email': login, 'userProfile.firstName': 'Some', 'userProfile.lastName': 'Body' };
    await send(view.page, { ...profile, password });
    const { code } = await fixture.mail(login);
    await enterCodeInstead(view);
    await giveCode(view, code);
    await opened(view.page, { login });
    await view.leaks.assertDiscreet(view.page);
  });

  if (variant !== generation2) return;

  it('has its password reset by flow="resetPassword", with a mailed code', async () => {
    const ada = await fixture.somebody();
    const view = await fixture.visit(variant, { tag: 'flow="resetPassword"' });
    await giveName(view, ada.login);
    const { code } = await fixture.mail(ada.login);
    await enterCodeInstead(view);
    await giveCode(view, code);
    const password = newPassword();
    await choosePassword(view, password);
    await opened(view.page, ada);
    await view.leaks.assertDiscreet(view.page);
    assert.equal(await fixture.org.directory.verifyPassword(ada.id, password), true);
  });

  for (const way of ['by the link', 'by flow="unlockAccount"'] as const) {
    it(`is unlocked ${way}, with a mailed code, and can be used again`, async () => {
      const ada = await fixture.somebody();
      fixture.org.directory.setStatus(ada.id, 'LOCKED_OUT');
      const view = await fixture.visit(variant, way === 'by the link' ? {} : { tag: 'flow="unlockAccount"' });
      if (way === 'by the link') await action(view.page, /unlock account/i).click();
      await giveName(view, ada.login);
      const { code } = await fixture.mail(ada.login);
      await enterCodeInstead(view);
      await giveCode(view, code);
      await view.page
        .getByText(/account successfully unlocked/i)
        .first()
        .waitFor();
      assert.equal(fixture.org.directory.get(ada.id)!.status, 'ACTIVE');
      assert.deepEqual(
        Object.keys((await stored(view.page)).local).filter((key) => !key.includes('widget-links')),
        [],
      );
      // That leads to the form that was asked for.
      if (way === 'by the link') await action(view.page, /back to sign in/i).click();
      else await view.page.locator('okta-signin').evaluate((element) => element.setAttribute('flow', 'login'));
      await givePassword(view, ada);
      await opened(view.page, ada);
      await view.leaks.assertDiscreet(view.page);
    });
  }

  it('has a form for each page, which a reload shows again', async () => {
    const signUp = (view: FlowPage) => field(view.page, 'userProfile.email');
    const view = await fixture.visit(variant, { path: '/register', tag: 'flow="signup"' });
    await signUp(view).waitFor();
    await view.page.reload();
    await signUp(view).waitFor();
    fixture.put(variant, { path: '/login' });
    await view.page.goto(`${fixture.origin}/login`);
    await field(view.page, 'name').waitFor();
    const asked: string[] = [];
    view.page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await view.page.reload();
    await field(view.page, 'name').waitFor();
    assert.deepEqual(
      asked.filter((path) => path.endsWith('/v1/interact')),
      [],
    );
    const ada = await fixture.somebody();
    await givePassword(view, ada);
    await opened(view.page, ada);
  });

  it('is locked after too many wrong passwords', async () => {
    const ada = await fixture.somebody();
    const view = await fixture.visit(variant);
    for (let time = 0; time < 3; time += 1) {
      const refused = view.page.waitForResponse((response) => response.url().endsWith('/idp/idx/identify'));
      await givePassword(view, { ...ada, password: `wrong-${time}` });
      await refused;
    }
    await view.page
      .getByText(/account is locked/i)
      .first()
      .waitFor();
    assert.equal(fixture.org.directory.get(ada.id)!.status, 'LOCKED_OUT');
    await field(view.page, 'name').waitFor();
    await view.leaks.assertDiscreet(view.page);
  });
}
