import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { field, givePassword, opened } from '../widget/support/flows.js';
import { failure, NOTE_ERRORS } from '../widget/support/embedded.js';
import { frameOf, framedSite, type FramedOptions, type FramedVisit } from './support/framed.js';

const soon = { 'request-timeout': '3000' };
const message = ({ page }: FramedVisit) => page.locator('okta-signin [part=error]').textContent();

/** It says so, asks for nothing, and leads to Okta's own page. */
async function fallsBack(visit: FramedVisit, issuer: string, said: RegExp): Promise<void> {
  const { page } = visit;
  await page.locator('okta-signin[state=error]').waitFor();
  assert.match((await message(visit)) ?? '', said);
  assert.ok(visit.witness.events.includes('okta-error'));
  assert.equal(await page.locator('iframe').count(), 0);
  await page.getByRole('button', { name: 'Try again' }).waitFor();
  const asked = page.waitForRequest((request) => request.url().startsWith(`${issuer}/v1/authorize`));
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await asked;
}

const refusals: { name: string; options: FramedOptions; said: RegExp }[] = [
  {
    name: 'a frame that does not know the page',
    options: { settings: (right) => ({ ...right, parents: ['https://shop.example.com'] }) },
    said: /said nothing within 3 s; check frame-src, and that "parents"/,
  },
  {
    name: 'a frame that does not know the page, whose server sends no headers',
    options: { settings: (right) => ({ ...right, parents: ['https://shop.example.com'] }), headers: () => ({}) },
    said: /said nothing within 3 s/,
  },
];

for (const { name, options, said } of refusals) {
  describe(name, () => {
    const site = framedSite(options);
    it('is given up, and there is still Okta’s own page', async () => {
      await fallsBack(await site.visit({ config: soon }), site.org.issuer, said);
      // The frame says it too, to whoever looks.
      site.forgive();
    });
  });
}

describe('a frame', () => {
  const site = framedSite();

  it('that is not there is given up, and there is still Okta’s own page', async () => {
    const visit = await site.visit({ config: { ...soon, 'frame-src': 'http://127.0.0.1:9/' } });
    await fallsBack(visit, site.org.issuer, /127\.0\.0\.1:9 said nothing/);
  });

  it('that says nothing is given up, and can be tried again', async () => {
    const ada = await site.somebody();
    const visit = await site.visit({
      config: soon,
      before: async (page) => void (await page.route('**/okta-frame.json', () => {}, { times: 1 })),
    });
    await visit.page.locator('okta-signin[state=error]').waitFor();
    await visit.page.getByRole('button', { name: 'Try again' }).click();
    await field(visit.form, 'name').fill(ada.login);
    await field(visit.form, 'password').fill(ada.password);
    await field(visit.form, 'password').press('Enter');
    await opened(visit.page, ada);
  });

  it('that is led elsewhere after the form was there is given up', async () => {
    const visit = await site.visit({ config: soon });
    await field(visit.form, 'name').waitFor();
    await visit.page
      .locator('iframe')
      .evaluate((frame, src) => ((frame as HTMLIFrameElement).src = src), `${site.elsewhere}/x.gif`);
    await fallsBack(visit, site.org.issuer, /said nothing/);
  });

  it('that is asked for what there is not says which attribute it is', async () => {
    for (const [tag, name] of [
      ['flow="signUp"', 'flow'],
      ['max-age="0.5"', 'max-age'],
    ] as const) {
      const visit = await site.visit({ tag, head: NOTE_ERRORS });
      const { code, message: text } = await failure(visit.page);
      assert.equal(code, 'config_invalid');
      assert.ok(text.includes(`cannot take ${name} as the page says it`), text);
      assert.equal(await visit.page.locator('iframe').count(), 0);
    }
  });

  it('whose form cannot be loaded says so, and who was in it is at what to do next', async () => {
    const visit = await site.visit({
      before: async (page) => void (await page.route('**/okta-sign-in.css', (route) => route.abort())),
    });
    await visit.page.locator('okta-signin[state=error]').waitFor();
    assert.match((await message(visit)) ?? '', /sign-in form could not be loaded/);
    await visit.page.getByRole('button', { name: 'Try again' }).waitFor();
  });

  it('without frame-src, or on the page’s own origin, is refused before anything is asked', async () => {
    for (const address of [undefined, `${site.app}/frame/`]) {
      const visit = await site.visit({ config: { 'frame-src': address } });
      await visit.page.locator('okta-signin[state=error]').waitFor();
      assert.match((await message(visit)) ?? '', /frame-src/);
      assert.equal(await visit.page.locator('iframe').count(), 0);
    }
  });

  it('opened by itself says what it is for', async () => {
    const page = await (await site.profile()).newPage();
    await page.goto(site.frame);
    await page.getByText('shown inside a page of its own application').waitFor();
    site.forgive();
  });
});

for (const [name, value] of [
  ['issuer', 'https://login.example.com/oauth2/default'],
  ['clientId', 'other'],
] as const) {
  describe(`a frame that is set up with another ${name} than the page`, () => {
    const site = framedSite({ settings: (right) => ({ ...right, [name]: value }) });
    it('asks for no password', async () => {
      const visit = await site.visit();
      await visit.page.locator('okta-signin[state=error]').waitFor();
      const text = (await message(visit)) ?? '';
      assert.ok(text.includes(`another ${name} (${value})`), text);
      assert.equal(await visit.page.locator('iframe').count(), 0);
    });
  });
}

describe('a frame that Okta does not answer', () => {
  const site = framedSite({ settings: (right) => ({ ...right, requestTimeout: 4000 }) });
  it('says so, and comes when it is tried again', async () => {
    site.org.faults.set('idx', { hang: true });
    const visit = await site.visit({ head: NOTE_ERRORS });
    const { code, message: text } = await failure(visit.page);
    assert.equal(code, 'timeout');
    assert.match(text, /did not answer within 4 s/);
    site.org.faults.clear();
    await visit.page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await field(visit.form, 'name').waitFor();
  });
});

for (const [name, scopes, warned] of [
  ['other scopes', 'openid email', true],
  ['the same scopes in another order', 'offline_access groups email profile openid', false],
] as const) {
  describe(`a frame that is set up with ${name}`, () => {
    const site = framedSite({ settings: (right) => ({ ...right, scopes }) });
    it(`works, and the author is ${warned ? 'told once' : 'not told'}`, async () => {
      const warnings: string[] = [];
      const before = async (page: Page) =>
        void page.on('console', (said) => said.text().includes('scopes') && warnings.push(said.text()));
      const visit = await site.visit({ before });
      await field(visit.form, 'name').waitFor();
      await frameOf(visit.page).evaluate(() => location.reload());
      const ada = await site.somebody();
      await givePassword(visit, ada);
      await opened(visit.page, ada);
      assert.equal(warnings.length, warned ? 1 : 0);
      if (warned) assert.match(warnings[0]!, /"openid email", which count, and <okta-config> names "openid profile/);
    });
  });
}
