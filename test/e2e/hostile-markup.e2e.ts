import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { eventsOf, recordEvents } from './support/event-recorder.js';
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

  describe('markup with mistakes', () => {
    const codes = async (page: Page) =>
      (await eventsOf(page)).filter(({ type }) => type === 'okta-error').map(({ said }) => said);

    it('keeps a guard with an empty or misspelt attribute closed from the first paint', async () => {
      const rules = ['groups=""', 'groups="[broken"', 'group="Nobody"', 'claims="vip"', 'maxage="1"', 'when="never"'];
      fixture.page('/', {
        body: rules.map((rule) => `<okta-guard class="wrong" ${rule}><p>secret</p></okta-guard>`).join('') + EVERYTHING,
      });
      const profile = await fixture.signedIn(ada);
      await recordEvents(profile);
      // Remembers whether content of such a guard was visible in any frame.
      await profile.addInitScript(() => {
        const look = () => {
          const seen = [...document.querySelectorAll('.wrong p')].some((element) => element.checkVisibility());
          if (seen) document.documentElement.dataset.seen = 'true';
          requestAnimationFrame(look);
        };
        look();
      });
      const page = await fixture.open(profile, '/');
      await page.locator('#secret').waitFor();
      for (const guard of await page.locator('.wrong').all()) {
        await guard.and(page.locator('[state=error]')).waitFor({ state: 'attached' });
      }
      await page.waitForFunction(
        (count) => window.witness.events.filter(({ type }) => type === 'okta-error').length >= count,
        rules.length,
      );
      const said = await codes(page);
      assert.equal(said.length, rules.length);
      assert.ok(said.every((text) => text.includes('guard_invalid')));
      assert.equal(await page.evaluate(() => document.documentElement.dataset.seen), undefined);
    });

    it('reports a guard whose content the parser moved out', async () => {
      fixture.page('/', { body: `${EVERYTHING}<p><okta-guard id="lost" groups="staff"><p>secret</p></okta-guard>` });
      const profile = await fixture.profile();
      await recordEvents(profile);
      const page = await fixture.open(profile, '/');
      await page.locator('#lost[state=error]').waitFor({ state: 'attached' });
      await page.waitForFunction(() => window.witness.events.some(({ type }) => type === 'okta-error'));
      const said = await codes(page);
      assert.equal(said.length, 1);
      assert.match(said[0]!, /guard_empty.*groups=/);
    });

    it('does not report a guard that the parser has not left yet', async () => {
      fixture.page('/');
      const profile = await fixture.profile();
      const page = await fixture.open(profile, '/');
      const chunk = page.waitForResponse(/guard-services/);
      // The parser of the frame stays inside the guard until more is written.
      await page.evaluate((issuer) => {
        document.body.append(document.createElement('iframe'));
        const parser = document.querySelector('iframe')!.contentDocument!;
        parser.open();
        parser.write(`<script type="module" async src="/okta-elements/okta-elements.js"></script>
          <script type="application/json" data-okta-config>{"issuer":"${issuer}","client-id":"app"}</script><okta-guard>`);
      }, fixture.org.issuer);
      await (await chunk).finished();
      // A guard that is found empty later than the one in the frame would be.
      await page.evaluate(() => document.body.insertAdjacentHTML('beforeend', '<okta-guard id="empty"></okta-guard>'));
      await page.locator('#empty[state=error]').waitFor({ state: 'attached' });
      const inFrame = page.frameLocator('iframe').locator('okta-guard');
      assert.equal(await inFrame.getAttribute('state'), 'signed-out');
      await page.evaluate(() => {
        const parser = document.querySelector('iframe')!.contentDocument!;
        parser.write('<p>secret</p></okta-guard><okta-guard id="lost"></okta-guard>');
        parser.close();
      });
      await page.frameLocator('iframe').locator('#lost[state=error]').waitFor({ state: 'attached' });
      assert.equal(await inFrame.first().getAttribute('state'), 'signed-out');
    });

    it('signs out as far as possible with an unknown scope', async () => {
      fixture.page('/', { body: `${EVERYTHING}<okta-signout id="unknown" scope="everywhere"></okta-signout>` });
      const profile = await fixture.profile(ada);
      const page = await fixture.open(profile, '/');
      await signIn(page, ada);
      await page.locator('#unknown').getByRole('button').click();
      await signedOut(page);
      // The session at Okta has ended, too: it asks for the password.
      await page.locator('okta-signin').getByRole('button').click();
      await page.locator('input[type=password], input[name=identifier]').first().waitFor();
      assert.equal(new URL(page.url()).origin, fixture.org.origin);
      fixture.forget(ada);
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
