import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ada } from '../e2e/support/page-fixture.js';
import {
  widgetFixture,
  type WidgetFixture,
  failure,
  formIsThere,
  generations,
  isSignedIn,
  NOTE_ERRORS,
  signInAs,
  WIDGET_PAGE,
} from './support/widget-fixture.js';

describe('when Okta does not answer', () => {
  const fixture = widgetFixture();

  for (const generation of generations) describe(`with generation ${generation}`, () => limits(fixture, generation));
});

function limits(fixture: WidgetFixture, generation: (typeof generations)[number]): void {
  const config = { 'widget-generation': generation, 'request-timeout': '4000' };

  // Before the form, it is the element that asks, whatever the generation.
  for (const endpoint of generation === '2' ? (['interact', 'idx'] as const) : []) {
    it(`gives the form up in time, and shows it when the user tries again: ${endpoint}`, async () => {
      fixture.org.faults.set(endpoint, { hang: true });
      const page = await fixture.visit({ config, head: NOTE_ERRORS, body: WIDGET_PAGE });
      const { code, message } = await failure(page);
      assert.equal(code, 'timeout');
      assert.match(message, /did not answer within 4 s; try again/);
      assert.equal(await page.locator('main#okta-sign-in').count(), 0);
      fixture.org.faults.clear();
      await page.getByRole('button', { name: 'Sign in' }).click();
      await formIsThere(page);
      await signInAs(page, ada.login, 'ada-password');
      await isSignedIn(page);
    });
  }

  it('says so in the form that is there, and goes on with the sign-in', async () => {
    const page = await fixture.visit({ config, head: NOTE_ERRORS, body: WIDGET_PAGE });
    await formIsThere(page);
    fixture.org.faults.set('idx', { hang: true });
    await signInAs(page, ada.login, 'ada-password');
    await page
      .locator('main#okta-sign-in')
      .getByText(/did not answer|unable to connect/i)
      .first()
      .waitFor();
    assert.equal(await page.locator('okta-signin').getAttribute('state'), 'ready');
    fixture.org.faults.clear();
    // Generation 3 says so in place of the form.
    if (generation === '3') await page.reload();
    await signInAs(page, ada.login, 'ada-password');
    await isSignedIn(page);
  });
}
