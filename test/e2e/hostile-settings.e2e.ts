import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { signedIn, signedOut, signIn } from './support/session.js';
import { ada, EVERYTHING, site } from './support/site.js';
import { eventsOf, witnessEvents } from './support/witness.js';

describe('hostile settings:', () => {
  const shop = site();

  describe('attributes of', () => {
    const evil = [
      'javascript:document.title=1',
      'https://evil.example/',
      '//evil.example',
      '\\\\evil.example',
      'data:,x',
    ];

    it('<okta-config>: addresses elsewhere are refused in words, and nothing is asked', async () => {
      const profile = await shop.profile(ada);
      await witnessEvents(profile);
      const asked: string[] = [];
      profile.on('request', (request) => asked.push(request.url()));
      const page = await profile.newPage();
      const refused: Record<string, string | undefined>[] = [
        ...evil.flatMap((address) => [{ 'redirect-uri': address }, { 'post-logout-redirect-uri': address }]),
        ...[
          'javascript:document.title=1',
          '//evil.example',
          'data:,x',
          'http://evil.example',
          'https://user:password@evil.example',
          'https://${yourOktaDomain}/oauth2/default',
        ].map((issuer) => ({ issuer })),
        ...['*', 'https://*.example', 'http://evil.example', 'javascript:1'].map((origins) => ({
          'allowed-origins': origins,
        })),
        { 'client-id': '{clientId}' },
        { scopes: 'profile' },
        { storage: 'cookie' },
        { 'request-timeout': 'never' },
      ];
      for (const config of refused) {
        shop.page('/', { config });
        await page.goto(shop.origin);
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
        asked.filter((url) => !url.startsWith(shop.origin) && !url.startsWith('data:')),
        [],
      );
    });

    it('all others: return-to leads nowhere else', async () => {
      shop.page('/');
      const profile = await shop.profile(ada);
      for (const address of evil) {
        const body = EVERYTHING.replaceAll(/<okta-(signin|signout|callback)/g, `$& return-to="${address}"`);
        shop.page('/start', { body });
        const page = await shop.open(profile, '/start');
        await signIn(page, ada);
        assert.equal(page.url(), `${shop.origin}/`);
        await page.goto(`${shop.origin}/start`);
        await signedIn(page, ada);
        await page.locator('okta-signout').getByRole('button').click();
        await page.waitForURL(`${shop.origin}/`);
        await signedOut(page);
        assert.equal(await page.title(), '/');
        await page.close();
      }
    });
  });

  describe('a configuration file', () => {
    const refused: Record<string, string> = {
      'a page of HTML': '<!doctype html><p>Not found',
      nothing: '',
      null: 'null',
      'a list': '[]',
      text: '"https://evil.example"',
      'a number as issuer': '{"issuer":5,"clientId":"app"}',
      'an object as issuer': '{"issuer":{"toString":1},"clientId":"app"}',
      'a list as client id': '{"issuer":"https://evil.example","clientId":["app"]}',
      'an issuer in its prototype': '{"__proto__":{"issuer":"https://evil.example","clientId":"app"}}',
      'an address elsewhere':
        '{"issuer":"https://shop.example","clientId":"app","redirectUri":"https://evil.example/"}',
      'an object as address': '{"issuer":"https://shop.example","clientId":"app","redirectUri":{}}',
      'a list as storage': '{"issuer":"https://shop.example","clientId":"app","storage":["local"]}',
      'an object as timeout': '{"issuer":"https://shop.example","clientId":"app","requestTimeout":{}}',
      'an object as scopes': '{"issuer":"https://shop.example","clientId":"app","scopes":{"length":1}}',
      'objects that are no text':
        '{"issuer":"https://shop.example","clientId":"app","storage":{"toString":1,"valueOf":1}}',
      'a list of objects that are no text':
        '{"issuer":"https://shop.example","clientId":"app","scopes":["openid",{"toString":1}]}',
      'numbers as origins': '{"issuer":"https://shop.example","clientId":"app","allowedOrigins":[1,null]}',
    };

    it('is refused in words when it holds anything else than it should', async () => {
      const profile = await shop.profile(ada);
      await witnessEvents(profile);
      const asked: string[] = [];
      profile.on('request', (request) => asked.push(request.url()));
      const page = await profile.newPage();
      for (const [what, text] of Object.entries(refused)) {
        shop.file('/okta.json', 'application/json', text);
        shop.page('/', { config: { src: '/okta.json', issuer: undefined, 'client-id': undefined, scopes: undefined } });
        await page.goto(shop.origin);
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
        asked.filter((url) => !url.startsWith(shop.origin) && !url.startsWith('data:')),
        [],
      );
    });

    it('is not taken from another origin, not even by a redirect', async () => {
      shop.redirect('/okta.json', `${shop.elsewhere}/okta.json`);
      const profile = await shop.profile(ada);
      const page = await profile.newPage();
      for (const src of ['/okta.json', `${shop.elsewhere}/okta.json`, 'data:application/json,{}', 'javascript:1']) {
        shop.page('/', { config: { src, issuer: undefined, 'client-id': undefined, scopes: undefined } });
        await page.goto(shop.origin);
        const alert = page.locator('okta-signin').getByRole('alert');
        await alert.waitFor();
        assert.match(await alert.innerText(), /^The file .+ cannot be used: .+; mend src\.$/);
      }
    });

    it('may be huge, and may be late', async () => {
      const padding = 'x'.repeat(5_000_000);
      const good = JSON.stringify({
        padding,
        issuer: shop.org.issuer,
        clientId: 'app',
        scopes: 'openid profile email',
      });
      shop.file('/okta.json', 'application/json', good);
      shop.page('/', { config: { src: '/okta.json', issuer: undefined, 'client-id': undefined, scopes: undefined } });
      const profile = await shop.profile(ada);
      const page = await profile.newPage();
      await page.route('**/okta.json', async (route) => {
        await new Promise((resolve) => setTimeout(resolve, 1000));
        await route.continue();
      });
      await page.goto(shop.origin);
      assert.equal(await page.locator('#secret').isVisible(), false);
      await signIn(page, ada);
    });
  });
});
