import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Route } from 'playwright-core';
import { signedIn, signedOut, signIn } from './support/session.js';
import { ada, EVERYTHING, pageFixture } from './support/page-fixture.js';
import { eventsOf, recordEvents } from './support/event-recorder.js';

describe('hostile settings:', () => {
  const fixture = pageFixture();

  describe('attributes of', () => {
    // The pure tests of the configuration have many more values.
    it('<okta-config> are rejected with a message and no request when an address is on another origin', async () => {
      const profile = await fixture.profile(ada);
      await recordEvents(profile);
      const asked: string[] = [];
      profile.on('request', (request) => asked.push(request.url()));
      const page = await profile.newPage();
      const refused: Record<string, string | undefined>[] = [
        { 'redirect-uri': 'javascript:document.title=1' },
        { issuer: 'https://user:password@evil.example' },
        { 'allowed-origins': '*' },
      ];
      for (const config of refused) {
        fixture.page('/', { config });
        await page.goto(fixture.origin);
        const what = JSON.stringify(config);
        await page
          .locator('okta-signin')
          .getByRole('alert')
          .waitFor()
          .catch(() => assert.fail(`accepted: ${what}`));
        assert.ok((await page.locator('okta-signin').getByRole('alert').innerText()).length > 30, what);
        assert.equal(await page.locator('#secret').isVisible(), false, what);
        const errors = (await eventsOf(page)).filter(({ type }) => type === 'okta-error');
        assert.ok(
          errors.length === 1 && errors[0]!.said.includes('config_invalid'),
          `${what}: ${JSON.stringify(errors)}`,
        );
        assert.equal(await page.title(), '/');
      }
      assert.deepEqual(
        asked.filter((url) => !url.startsWith(fixture.origin) && !url.startsWith('data:')),
        [],
      );
    });

    // The pure tests of `safeReturnTo()` have many more addresses.
    it('all other elements cannot make return-to leave the site', async () => {
      fixture.page('/');
      const body = EVERYTHING.replace('<okta-signin', '<okta-signin return-to="javascript:document.title=1"')
        .replace('<okta-signout', '<okta-signout return-to="//evil.example"')
        .replace('<okta-callback', '<okta-callback return-to="data:,x"');
      fixture.page('/start', { body });
      const profile = await fixture.profile(ada);
      const page = await fixture.open(profile, '/start');
      await signIn(page, ada);
      assert.equal(page.url(), `${fixture.origin}/`);
      await page.goto(`${fixture.origin}/start`);
      await signedIn(page, ada);
      await page.locator('okta-signout').getByRole('button').click();
      await page.waitForURL(`${fixture.origin}/`);
      await signedOut(page);
      assert.equal(await page.title(), '/');
    });
  });

  describe('a configuration file', () => {
    // test/session/settings-file.test.ts has many more files.
    const refused: Record<string, string> = {
      'a page of HTML': '<!doctype html><p>Not found',
      'a redirect URI on another origin':
        '{"issuer":"https://shop.example","clientId":"app","redirectUri":"https://evil.example/"}',
      'an object as storage': '{"issuer":"https://shop.example","clientId":"app","storage":{"toString":1,"valueOf":1}}',
    };

    it('is rejected with a message when it holds invalid values', async () => {
      const profile = await fixture.profile(ada);
      await recordEvents(profile);
      const asked: string[] = [];
      profile.on('request', (request) => asked.push(request.url()));
      const page = await profile.newPage();
      for (const [what, text] of Object.entries(refused)) {
        fixture.file('/okta.json', 'application/json', text);
        fixture.page('/', {
          config: { src: '/okta.json', issuer: undefined, 'client-id': undefined, scopes: undefined },
        });
        await page.goto(fixture.origin);
        const alert = page.locator('okta-signin').getByRole('alert');
        await alert.waitFor().catch(() => assert.fail(`accepted: ${what}`));
        assert.match(await alert.innerText(), /^.{30,}\.$/s, what);
        assert.equal(await page.locator('#secret').isVisible(), false, what);
        const errors = (await eventsOf(page)).filter(({ type }) => type === 'okta-error');
        assert.ok(
          errors.length === 1 && errors[0]!.said.includes('config_invalid'),
          `${what}: ${JSON.stringify(errors)}`,
        );
      }
      assert.deepEqual(
        asked.filter((url) => !url.startsWith(fixture.origin) && !url.startsWith('data:')),
        [],
      );
    });

    it('is not loaded from another origin, not even by a redirect', async () => {
      fixture.redirect('/okta.json', `${fixture.elsewhere}/okta.json`);
      const profile = await fixture.profile(ada);
      const page = await profile.newPage();
      for (const src of ['/okta.json', `${fixture.elsewhere}/okta.json`]) {
        fixture.page('/', { config: { src, issuer: undefined, 'client-id': undefined, scopes: undefined } });
        await page.goto(fixture.origin);
        const alert = page.locator('okta-signin').getByRole('alert');
        await alert.waitFor();
        assert.match(await alert.innerText(), /^Sign-in isn’t available on this page/);
      }
    });

    it('may be huge and late', async () => {
      const padding = 'x'.repeat(5_000_000);
      const good = JSON.stringify({
        padding,
        issuer: fixture.org.issuer,
        clientId: 'app',
        scopes: 'openid profile email',
      });
      fixture.file('/okta.json', 'application/json', good);
      fixture.page('/', {
        config: { src: '/okta.json', issuer: undefined, 'client-id': undefined, scopes: undefined },
      });
      const profile = await fixture.profile(ada);
      const page = await profile.newPage();
      let onAsked!: (route: Route) => void;
      const asked = new Promise<Route>((resolve) => (onAsked = resolve));
      await page.route('**/okta.json', (route) => onAsked(route), { times: 1 });
      await page.goto(fixture.origin);
      const route = await asked;
      assert.equal(await page.locator('#secret').isVisible(), false);
      await route.continue();
      await signIn(page, ada);
    });
  });
});
