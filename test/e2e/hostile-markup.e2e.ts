import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { signedOut, signIn } from './support/session.js';
import { ada, EVERYTHING, pageFixture, type Person } from './support/page-fixture.js';

/** A user whose name is markup. */
const mallory: Person = {
  login: 'mallory@example.com',
  name: '<img src=x onerror="document.title=1"> <script>document.title=2</script>',
  sub: '',
};
describe('hostile markup:', () => {
  const fixture = pageFixture();

  describe('claims', () => {
    it('render as text, and do not include the properties of every object', async () => {
      const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
      const body = `${EVERYTHING}
      ${names.map((name) => `<p class="inherited"><okta-user claim="${name}">-</okta-user></p>`).join('')}
      ${names.map((name) => `<okta-guard class="inherited" claim="${name}"><p>secret</p></okta-guard>`).join('')}
      ${names.map((name) => `<okta-guard class="inherited" groups='["${name}"]'><p>secret</p></okta-guard>`).join('')}`;
      fixture.page('/', { body });
      const profile = await fixture.profile(mallory);
      const page = await fixture.open(profile, '/');
      await signIn(page, mallory);
      assert.equal(await page.title(), '/');
      assert.equal(
        await page
          .locator('okta-user')
          .first()
          .evaluate((user) => user.shadowRoot!.childElementCount),
        0,
      );
      assert.deepEqual(
        await page.locator('p.inherited').allInnerTexts(),
        names.map(() => '-'),
      );
      for (const guard of await page.locator('okta-guard.inherited').all()) {
        assert.equal(await guard.getAttribute('state'), 'denied');
        assert.equal(await guard.locator('p').isVisible(), false);
      }
    });
  });

  describe('markup whose names shadow properties of the document', () => {
    const names = [
      'location',
      'currentScript',
      'baseURI',
      'cookie',
      'referrer',
      'defaultView',
      'forms',
      'title',
      'domain',
    ];
    const ids = [
      'okta-config',
      'okta-elements',
      'issuer',
      'config',
      'getClient',
      'origin',
      'ShadyCSS',
      'process',
      'global',
      'module',
      'exports',
      'define',
    ];

    it('changes nothing', async () => {
      const clutter = `
      ${names.map((name) => `<form name="${name}"><input name="attributes"><input name="href" value="https://evil.example"></form>`).join('')}
      ${names.map((name) => `<img name="${name}" alt="">`).join('')}
      ${ids.map((id) => `<a id="${id}" name="${id}" href="https://evil.example/">evil</a><form id="${id}"><input name="client"></form>`).join('')}
      <base href="https://evil.example/">`;
      fixture.page('/', { body: `${clutter}${EVERYTHING}` });
      const profile = await fixture.profile(ada);
      const asked: string[] = [];
      profile.on('request', (request) => asked.push(new URL(request.url()).origin));
      const page = await fixture.open(profile, '/?box=2');
      await signIn(page, ada);
      assert.equal(page.url(), `${fixture.origin}/?box=2`);
      await page.locator('okta-signout').getByRole('button').click();
      await signedOut(page);
      assert.deepEqual(
        [...new Set(asked)].filter((origin) => origin !== 'null').sort(),
        [fixture.origin, fixture.org.origin].sort(),
      );
    });

    it('does not change the address of the configuration file', async () => {
      fixture.file('/okta.json', 'application/json', JSON.stringify({ issuer: fixture.org.issuer, clientId: 'app' }));
      const clutter = names.map((name) => `<img name="${name}" alt="" src="data:,">`).join('');
      fixture.page('/', {
        config: { src: '/okta.json', issuer: undefined, 'client-id': undefined, scopes: undefined },
        body: `${clutter}${EVERYTHING}`,
      });
      const profile = await fixture.profile(ada);
      const page = await fixture.open(profile, '/');
      await signIn(page, ada);
    });

    it('shows nothing guarded when it hides DOM methods that every library needs', async () => {
      const profile = await fixture.profile(ada);
      const page = await profile.newPage();
      for (const clutter of [
        '<img name="createElement" alt="">',
        '<img name="createTreeWalker" alt=""><img name="importNode" alt="">',
        '<img name="createComment" alt=""><img name="addEventListener" alt="">',
        '<a id="litHtmlVersions"></a>',
        '<a id="litElementHydrateSupport"></a>',
      ]) {
        fixture.page('/', { body: `${clutter}${EVERYTHING}` });
        await page.goto(fixture.origin);
        // The scripts have run, the session is known if there is one, and the page has painted.
        await page.evaluate(async () => {
          const script = document.querySelector<HTMLScriptElement>('script[type=module]')!.src;
          await import(script).catch(() => undefined);
          await document.querySelector('okta-config')?.client?.ready;
          for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
        });
        assert.equal(await page.locator('#secret').isVisible(), false, clutter);
        assert.equal(await page.locator('#stamped').count(), 0, clutter);
      }
      fixture.forgive();
    });
  });
});
