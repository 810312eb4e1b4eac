import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { field, givePassword, opened } from '../widget/support/flows.js';
import { failure, NOTE_ERRORS } from '../widget/support/widget-fixture.js';
import { until } from '../support/session/page.js';
import { frameOf, frameFixture, type Deployment, type FramePage } from './support/frame-fixture.js';

const soon = { 'request-timeout': '3000' };
/** The message for developers. Visits need {@link NOTE_ERRORS}. */
const message = async ({ page }: FramePage) => (await failure(page)).message;

/** Waits for the error, and checks that the button then leads to the page of Okta. */
async function fallsBack(view: FramePage, issuer: string, said: RegExp): Promise<void> {
  const { page } = view;
  await page.locator('okta-signin[state=error]').waitFor();
  assert.match(await message(view), said);
  await until(() => view.leaks.events.includes('okta-error'), 'an okta-error event');
  assert.equal(await page.locator('iframe').count(), 0);
  await page.getByRole('button', { name: 'Try again' }).waitFor();
  const asked = page.waitForRequest((request) => request.url().startsWith(`${issuer}/v1/authorize`));
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await asked;
}

const strangers = (right: Record<string, unknown>) => ({ ...right, parents: ['https://shop.example.com'] });
const unknownPages: Record<string, { deployment: Deployment; said: RegExp }> = {
  'does not list the page in "parents"': {
    deployment: { settings: strangers },
    said: /said nothing within 3 s; check frame-src, and that "parents"/,
  },
  'does not list the page in "parents" and sends no headers': {
    deployment: { settings: strangers, headers: () => ({}) },
    said: /said nothing within 3 s/,
  },
};

describe('a frame', () => {
  const fixture = frameFixture();

  for (const [what, { deployment, said }] of Object.entries(unknownPages)) {
    it(`that ${what} fails, and hosted sign-in still works`, async () => {
      await fixture.deploy(deployment);
      await fallsBack(await fixture.visit({ config: soon, head: NOTE_ERRORS }), fixture.org.issuer, said);
      // The frame reports it in its console too.
      fixture.forgive();
    });
  }

  it('that does not exist fails, and hosted sign-in still works', async () => {
    const view = await fixture.visit({ config: { ...soon, 'frame-src': 'http://127.0.0.1:9/' }, head: NOTE_ERRORS });
    await fallsBack(view, fixture.org.issuer, /127\.0\.0\.1:9 said nothing/);
  });

  it('that sends no message fails, and the user can retry', async () => {
    const ada = await fixture.somebody();
    const view = await fixture.visit({
      config: soon,
      before: async (page) => void (await page.route('**/okta-frame.json', () => {}, { times: 1 })),
    });
    await view.page.locator('okta-signin[state=error]').waitFor();
    await view.page.getByRole('button', { name: 'Try again' }).click();
    await field(view.form, 'name').fill(ada.login);
    await field(view.form, 'password').fill(ada.password);
    await field(view.form, 'password').press('Enter');
    await opened(view.page, ada);
  });

  it('that navigates away after it was ready fails', async () => {
    const view = await fixture.visit({ config: soon, head: NOTE_ERRORS });
    await field(view.form, 'name').waitFor();
    await view.page
      .locator('iframe')
      .evaluate((frame, src) => ((frame as HTMLIFrameElement).src = src), `${fixture.elsewhere}/x.gif`);
    await fallsBack(view, fixture.org.issuer, /said nothing/);
  });

  it('reports the attribute with an invalid value', async () => {
    for (const [tag, says] of [
      // The element checks lists of values, the frame the rest.
      ['flow="signUp"', /<okta-signin flow="signUp">: set it to one of/],
      ['max-age="0.5"', /cannot take max-age as the page says it/],
    ] as const) {
      const view = await fixture.visit({ tag, head: NOTE_ERRORS });
      const { code, message: text } = await failure(view.page);
      assert.equal(code, 'config_invalid');
      assert.match(text, says);
      assert.equal(await view.page.locator('iframe').count(), 0);
    }
  });

  it('reports that its form could not be loaded', async () => {
    const view = await fixture.visit({
      head: NOTE_ERRORS,
      before: async (page) => void (await page.route('**/okta-sign-in.css', (route) => route.abort())),
    });
    await view.page.locator('okta-signin[state=error]').waitFor();
    assert.match(await message(view), /sign-in form could not be loaded/);
    await view.page.getByRole('button', { name: 'Try again' }).waitFor();
  });

  it('is rejected without frame-src, or with one on the origin of the page', async () => {
    for (const address of [undefined, `${fixture.app}/frame/`]) {
      const view = await fixture.visit({ config: { 'frame-src': address }, head: NOTE_ERRORS });
      await view.page.locator('okta-signin[state=error]').waitFor();
      assert.match(await message(view), /frame-src/);
      assert.equal(await view.page.locator('iframe').count(), 0);
    }
  });

  it('opened on its own explains its purpose', async () => {
    const page = await (await fixture.profile()).newPage();
    await page.goto(fixture.frame);
    await page.getByText('shown inside a page of its own application').waitFor();
    fixture.forgive();
  });

  for (const [name, value] of [
    ['issuer', 'https://login.example.com/oauth2/default'],
    ['clientId', 'other'],
  ] as const) {
    it(`with another ${name} than the page asks for no password`, async () => {
      await fixture.deploy({ settings: (right) => ({ ...right, [name]: value }) });
      const view = await fixture.visit({ head: NOTE_ERRORS });
      await view.page.locator('okta-signin[state=error]').waitFor();
      const text = await message(view);
      assert.ok(text.includes(`another ${name} (${value})`), text);
      assert.equal(await view.page.locator('iframe').count(), 0);
    });
  }

  it('that gets no answer from Okta reports a timeout, and a retry shows the form', async () => {
    await fixture.deploy({ settings: (right) => ({ ...right, requestTimeout: 2000 }) });
    fixture.org.faults.set('idx', { hang: true });
    const view = await fixture.visit({ head: NOTE_ERRORS });
    const { code, message: text } = await failure(view.page);
    assert.equal(code, 'timeout');
    assert.match(text, /did not answer within 2 s/);
    fixture.org.faults.clear();
    // The retry has the usual timeout.
    await fixture.deploy({});
    await view.page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await field(view.form, 'name').waitFor();
  });

  for (const [name, scopes, warned] of [
    ['other scopes than the page', 'openid email', true],
    ['the scopes of the page in another order', 'offline_access groups email profile openid', false],
  ] as const) {
    it(`with ${name} works, and ${warned ? 'warns once' : 'does not warn'}`, async () => {
      await fixture.deploy({ settings: (right) => ({ ...right, scopes }) });
      const warnings: string[] = [];
      const before = async (page: Page) =>
        void page.on('console', (said) => said.text().includes('scopes') && warnings.push(said.text()));
      const view = await fixture.visit({ before });
      await field(view.form, 'name').waitFor();
      if (!warned) return assert.deepEqual(warnings, []);
      const ready = view.page.waitForResponse(/\/idp\/idx\/introspect/);
      await frameOf(view.page).evaluate(() => location.reload());
      await ready;
      const ada = await fixture.somebody();
      await givePassword(view, ada);
      await opened(view.page, ada);
      assert.equal(warnings.length, 1);
      assert.match(warnings[0]!, /"openid email", which count, and <okta-config> names "openid profile/);
    });
  }
});
