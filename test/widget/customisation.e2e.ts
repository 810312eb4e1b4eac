import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { hashPassword } from '../../src/org/passwords.js';
import { until } from '../e2e/support/session.js';
import { ada } from '../e2e/support/page-fixture.js';
import { widgetFixture, formIsThere, generations, identifier, isSignedIn, signInAs } from './support/widget-fixture.js';
import { action, field, send } from './support/flows.js';

/** Somebody who has an authenticator app, and is asked for it. */
const alan = 'alan@example.com';

/* What `widgetOptions` says, seen and used as a user would. */
describe('widgetOptions', () => {
  const fixture = widgetFixture();

  for (const generation of generations) {
    /** Opens a page with a form that has these options, written as the author would write them. */
    const visit = (options: string, { tag = '', head = '' } = {}) =>
      fixture.visit({
        config: { 'widget-generation': generation },
        head: `<script>globalThis.noted = []</script>${head}`,
        body: `<okta-signin mode="embedded" ${tag}></okta-signin>
          <script>document.querySelector('okta-signin').widgetOptions = {${options}}</script>`,
      });
    const noted = (page: Page) => page.evaluate(() => (globalThis as unknown as { noted: unknown[] }).noted);
    const main = (page: Page) => page.locator('main#okta-sign-in');

    describe(`of generation ${generation}`, () => {
      it('have a logo, texts, buttons and links of the author’s', async () => {
        fixture.file('/logo.svg', 'image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg" width="80" height="20"/>');
        const page = await visit(`
          logo: '/logo.svg',
          logoText: 'The shop',
          i18n: { en: { 'primaryauth.title': 'Welcome back', 'customButton.badge': 'Use my badge' } },
          customButtons: [
            { title: 'Scan a card', className: 'scan', dataAttr: 'scan', click: () => noted.push('card') },
            { i18nKey: 'customButton.badge', click: () => noted.push('badge') },
          ],
          helpLinks: {
            help: '/help', forgotPassword: '/forgotten', unlock: '/locked',
            custom: [{ text: 'Opening hours', href: '/hours' }, { text: 'Portal', href: '/portal', target: '_blank' }],
          }`);
        await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
        const logo = main(page).getByRole('img', { name: 'The shop' });
        assert.equal(await logo.evaluate((image: HTMLImageElement) => image.src), `${fixture.origin}/logo.svg`);
        assert.equal(
          await main(page)
            .locator(generation === '2' ? '.scan' : '[data-se=scan]')
            .count(),
          1,
        );
        await main(page)
          .getByText(/scan a card/i)
          .click();
        await main(page)
          .getByText(/use my badge/i)
          .click();
        assert.deepEqual(await noted(page), ['card', 'badge']);
        const links = await main(page)
          .locator('a[href]')
          .evaluateAll((all: HTMLAnchorElement[]) => all.map((link) => [link.getAttribute('href'), link.target]));
        const expected = [
          ['/forgotten', ''],
          ['/locked', ''],
          ['/help', ''],
          ['/hours', ''],
          ['/portal', '_blank'],
        ];
        for (const [href, target] of expected) {
          const found = links.find(([address]) => address === href);
          assert.ok(found, `${href} in ${JSON.stringify(links)}`);
          if (target) assert.equal(found[1], target);
        }
      });

      it('have hooks run before a form and after it', async () => {
        const page = await visit(`
          hooks: {
            identify: { after: [async () => { noted.push('after identify') }] },
            'challenge-authenticator': {
              before: [async () => {
                noted.push('before challenge');
                await new Promise((resolve) => setTimeout(resolve, 50));
                noted.push('waited');
              }],
              after: [async () => { noted.push('after challenge') }],
            },
          }`);
        await formIsThere(page);
        await until(async () => (await noted(page)).length > 0, 'the first hook');
        await signInAs(page, alan, 'alan-password');
        await field(page, 'code').waitFor();
        await until(async () => (await noted(page)).length >= 4, 'the other hooks');
        assert.deepEqual(
          (await noted(page)).filter((name, index, all) => all.indexOf(name) === index),
          ['after identify', 'before challenge', 'waited', 'after challenge'],
        );
      });

      it('have a say in signing up: what is asked, what is sent, and what comes of it', async () => {
        const name = randomUUID();
        const page = await visit(
          `registration: {
            parseSchema: (schema, done) => {
              noted.push(...schema.map(({ name }) => name));
              for (const field of schema) if (field.name === 'userProfile.lastName') field.label = 'Family name';
              done(schema);
            },
            preSubmit: (data, done) => {
              noted.push('asked for ' + data.userProfile.email);
              data.userProfile.firstName = data.userProfile.firstName.toUpperCase();
              done(data);
            },
            postSubmit: (answer, done) => { noted.push('posted'); done(answer); },
          }`,
          { tag: 'flow="signup"' },
        );
        // Generation 3 has labels of its own for the fields that everybody has; `i18n` changes those.
        if (generation === '2') await main(page).getByText('Family name').first().waitFor();
        await field(page, 'userProfile.lastName').waitFor();
        assert.ok((await noted(page)).includes('userProfile.lastName'));
        const email = `${name}@example.com`;
        const profile = { 'userProfile.email': email, 'userProfile.firstName': 'Some', 'userProfile.lastName': 'Body' };
        const sent = page.waitForRequest((request) => request.postData()?.includes('"SOME"') === true);
        await send(page, { ...profile, password: 'Crunchy-9-nuts' });
        await sent;
        await fixture.org.mailbox.waitFor(email, { timeoutMs: 15_000 });
        assert.ok((await noted(page)).includes(`asked for ${email}`));
        await until(async () => (await noted(page)).includes('posted'), 'it is told what came of it');
      });

      it('turn features on and off on the first form', async () => {
        const toggle = (page: Page) =>
          main(page).locator(
            '.password-toggle, [data-se="password-visibility-toggle"], button[aria-controls*=passcode], .o-form-input .eyeicon',
          );
        const usual = await visit('features: { autoFocus: true }');
        await formIsThere(usual);
        assert.ok((await toggle(usual).count()) > 0, 'a password can be made visible');
        await usual.waitForFunction(() => document.activeElement?.matches('main#okta-sign-in *'));
        const page = await visit(
          'features: { showPasswordToggleOnSignInPage: false, autoFocus: false, disableAutocomplete: true }',
        );
        await formIsThere(page);
        assert.equal(await toggle(page).count(), 0);
        assert.equal(await page.evaluate(() => document.activeElement?.matches('input')), false);
        assert.equal(await identifier(page).getAttribute('autocomplete'), 'off');
      });

      it('name the shop in the widget’s sentences, and in the title where the author wants that', async () => {
        const login = `${randomUUID()}@example.com`;
        const profile = { login, email: login, firstName: 'Nora', lastName: 'New' };
        fixture.org.directory.create({ profile, passwordHash: await hashPassword('nora-password') });
        const page = await visit("brandName: 'Munch', features: { setPageTitle: true }", {
          tag: 'acr-values="urn:okta:loa:2fa:any"',
        });
        await formIsThere(page);
        // Generation 2 leaves the title alone in any case.
        if (generation === '3') await until(async () => (await page.title()) === 'Munch | Sign In', 'it is the title');
        await signInAs(page, login, 'nora-password');
        await main(page).getByText(/Munch/).first().waitFor();
      });

      // What is passed on, and what is not, is the same for both: options.test.ts.
      if (generation !== '2') return;

      it('change what is typed for a name', async () => {
        const page = await visit("transformUsername: (name) => name.includes('@') ? name : name + '@example.com'");
        await formIsThere(page);
        await signInAs(page, 'ada', 'ada-password');
        await isSignedIn(page);
        const { user } = await page.evaluate(() => document.querySelector('okta-config')!.client!.state);
        assert.equal(user?.email, ada.login);
      });

      it('refuse a registration in the author’s words', async () => {
        const page = await visit(
          `registration: { preSubmit: (data, done, fail) => fail({ errorSummary: 'Not on Sundays.' }) }`,
          { tag: 'flow="signup"' },
        );
        await field(page, 'userProfile.email').waitFor();
        for (const [name, text] of [
          ['userProfile.email', 'sun@example.com'],
          ['userProfile.firstName', 'Sun'],
          ['userProfile.lastName', 'Day'],
          ['credentials.passcode', 'Secret1-sunday'],
        ] as const) {
          await page.locator(`main#okta-sign-in input[name="${name}"]`).fill(text);
        }
        await page.locator('main#okta-sign-in [type=submit]').click();
        await page.getByText('Not on Sundays.').first().waitFor();
        assert.equal(fixture.org.mailbox.messages('sun@example.com').length, 0);
      });

      it('lead to a registration of the author’s', async () => {
        const page = await visit("registration: { click: () => noted.push('registration') }");
        await action(page, /^sign up$/i).click();
        await until(async () => (await noted(page)).includes('registration'), 'it is called');
        await formIsThere(page);
      });

      describe('say what is around a second factor', () => {
        const back = /back to sign in/i;
        const atSecondFactor = async (options: string) => {
          const page = await visit(options);
          await formIsThere(page);
          await signInAs(page, alan, 'alan-password');
          await field(page, 'code').waitFor();
          return page;
        };

        it('by default who it is, and a link back', async () => {
          const page = await atSecondFactor('');
          await page.getByText(alan).first().waitFor();
          await action(page, back).waitFor();
        });

        it('neither, where the author wants that', async () => {
          const page = await atSecondFactor('features: { hideSignOutLinkInMFA: true, showIdentifier: false }');
          assert.equal(await action(page, back).count(), 0);
          assert.equal(await page.getByText(alan).count(), 0);
        });

        it('a link that leads where the author says', async () => {
          fixture.file('/start', 'text/html', '<!doctype html><title>Start</title>');
          const page = await atSecondFactor("backToSignInLink: '/start'");
          await action(page, back).click();
          await page.waitForURL(`${fixture.origin}/start`);
        });
      });

      it('have the name remembered, where the author wants that', async () => {
        for (const [options, value] of [
          ['', ''],
          ['features: { rememberMe: true }', ada.login],
        ] as const) {
          const page = await visit(options);
          await formIsThere(page);
          await signInAs(page, ada.login, 'ada-password');
          await isSignedIn(page);
          // Okta knows nobody any more, and neither does the page.
          await page.context().clearCookies({ name: /^idx/ });
          await page.evaluate(() => localStorage.clear());
          await page.reload();
          await formIsThere(page);
          await until(async () => (await identifier(page).inputValue()) === value, `the name is “${value}”`);
        }
      });

      it('choose the language and where its texts are', async () => {
        const page = await visit(`
          language: (supported) => supported.find((one) => one === 'fr'),
          assets: { rewrite: (path) => path + '?v=2' }`);
        await page.getByText('Connexion').first().waitFor();
        const texts = await page.evaluate(() =>
          performance
            .getEntriesByType('resource')
            .map(({ name }) => name)
            .filter((name) => name.includes('login_fr')),
        );
        assert.ok(texts.length > 0);
        for (const address of texts) assert.match(address, /login_fr\.json\?v=2$/);
      });
    });
  }
});
