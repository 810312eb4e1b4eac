import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { signedIn, signedOut, signIn, stayAtOkta, tokenRequests } from './support/session.js';
import { ada, EVERYTHING, pageFixture } from './support/page-fixture.js';
import { eventsOf, recordEvents } from './support/event-recorder.js';

describe('hostile scripts:', () => {
  const fixture = pageFixture();

  describe('messages to the page', () => {
    it('change nothing, from any sender', async () => {
      fixture.page('/');
      const profile = await fixture.profile(ada);
      await recordEvents(profile);
      const requests = tokenRequests(profile);
      const page = await fixture.open(profile, '/');
      const address = await stayAtOkta(page, fixture);
      await page.goto(fixture.origin);
      await signedOut(page);
      await eventsOf(page);
      const state = address.searchParams.get('state')!;
      await page.evaluate(
        async ({ state, elsewhere }) => {
          const junk: unknown[] = [
            null,
            '',
            'okta-elements',
            { state, code: 'stolen' },
            { state, word: 'here' },
            { state, word: 'give' },
            { state, word: 'answer', answer: `?code=stolen&state=${state}` },
            { type: 'authorization_response', response: { state, code: 'stolen' } },
            { accessToken: 'x', idToken: 'y', scopes: [], expiresAt: 9e9 },
            JSON.stringify({ state, word: 'answer', answer: `?code=stolen&state=${state}` }),
            { __proto__: null, then: 1 },
          ];
          const frame = document.createElement('iframe');
          frame.srcdoc = '<p>A frame</p>';
          document.body.append(frame);
          await new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
          const channels = ['okta-elements', `okta-elements:${state}`, 'okta'].map(
            (name) => new BroadcastChannel(name),
          );
          for (const message of junk) {
            window.postMessage(message, '*');
            frame.contentWindow!.parent.postMessage(message, '*');
            for (const origin of [location.origin, elsewhere, 'null']) {
              dispatchEvent(new MessageEvent('message', { data: message, origin, source: frame.contentWindow }));
            }
            for (const channel of channels) channel.postMessage(message);
          }
          // Messages arrive in order, so once these markers arrive, the page has received all others.
          const arrivals = [
            new Promise((resolve) => addEventListener('message', ({ data }) => data === 'marker' && resolve(data))),
            ...channels.map((channel) => {
              const receiver = new BroadcastChannel(channel.name);
              return new Promise((resolve) => receiver.addEventListener('message', resolve, { once: true }));
            }),
          ];
          window.postMessage('marker', '*');
          for (const channel of channels) channel.postMessage('marker');
          await Promise.all(arrivals);
          for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
        },
        { state, elsewhere: fixture.elsewhere },
      );
      await signedOut(page);
      assert.deepEqual(await eventsOf(page), []);
      assert.deepEqual(requests, []);
      await signIn(page, ada);
      assert.deepEqual(requests, ['authorization_code']);
    });
  });

  describe('properties that a script added to every object', () => {
    /** As a careless merge of a query string does it, before the package's script has run. */
    const pollute = (profile: BrowserContext, polluted: Record<string, unknown>) =>
      profile.addInitScript(
        ({ polluted, origin }) => {
          if (location.origin === origin) Object.assign(Object.prototype, polluted);
        },
        { polluted, origin: fixture.origin },
      );

    const settings = () => ({
      issuer: fixture.elsewhere,
      clientId: 'evil',
      redirectUri: '/callback',
      postLogoutRedirectUri: '/evil',
      scopes: 'openid evil',
      allowedOrigins: fixture.elsewhere,
      storage: 'session',
      renew: 'off',
      callback: 'manual',
      dpop: true,
      idleTimeout: 1,
      requestTimeout: 1,
      src: '/evil.json',
      nonce: 'evil',
    });
    const options = {
      display: 'popup',
      returnTo: '/evil',
      loginHint: 'mallory@example.com',
      idp: 'evil',
      prompt: 'none',
      acrValues: 'evil',
      maxAge: 0,
      language: 'xx',
      automatic: true,
      authorizeParams: { response_mode: 'fragment', audience: 'evil' },
      responseMode: 'fragment',
      scope: 'local',
    };
    const session = {
      status: 'signed-in',
      user: { sub: 'evil', name: 'Evil' },
      sub: 'evil',
      name: 'Evil',
      accessToken: 'evil',
      idToken: 'e30.eyJzdWIiOiJldmlsIn0.c2ln',
      tokenType: 'Bearer',
      refreshToken: 'evil',
      expiresAt: 9e9,
      groups: ['Warehouse staff'],
      acr: 'evil',
      auth_time: 9e9,
      error: undefined,
      code: 'evil',
      access_token: 'evil',
      id_token: 'evil',
      refresh_token: 'evil',
      token_endpoint: 'https://evil.example/token',
      // Of a key (RFC 7517).
      alg: 'none',
      use: 'enc',
      key_ops: ['sign'],
      d: 'evil',
    };

    const body = `${EVERYTHING}
    <okta-guard id="staff" groups='["Warehouse staff"]'><p>staff</p></okta-guard>
    <okta-guard id="evil" claim="sub" value="evil"><p>evil</p></okta-guard>
    <okta-guard id="strong" acr-values="evil"><p>strong</p></okta-guard>`;

    const assertShown = async (page: Page) => {
      for (const id of ['staff', 'evil', 'strong'])
        assert.equal(await page.locator(`#${id} > p`).isVisible(), false, id);
    };

    it('are no settings', async () => {
      fixture.page('/', { body });
      const profile = await fixture.profile(ada);
      await pollute(profile, settings());
      const asked: string[] = [];
      profile.on('request', (request) => asked.push(request.url()));
      const page = await fixture.open(profile, '/');
      await signedOut(page);
      const [request] = await Promise.all([
        page.waitForRequest(/\/v1\/authorize/),
        page.locator('okta-signin').getByRole('button').click(),
      ]);
      const { origin, searchParams } = new URL(request.url());
      assert.equal(origin, fixture.org.origin);
      assert.equal(searchParams.get('client_id'), 'app');
      assert.equal(searchParams.get('redirect_uri'), `${fixture.origin}/`);
      assert.equal(searchParams.get('scope'), 'openid profile email groups offline_access');
      await signedIn(page, ada);
      const { config, refusal } = await page.evaluate(async (elsewhere) => {
        const client = document.querySelector('okta-config')!.client!;
        const refusal = await client.fetch(`${elsewhere}/api`).then(
          () => 'sent',
          (error: { code: string }) => error.code,
        );
        return { config: client.config, refusal };
      }, fixture.elsewhere);
      assert.equal(refusal, 'origin_not_allowed');
      assert.deepEqual(
        [config.storage, config.renew, config.callback, config.dpop, config.idleTimeout, config.requestTimeout],
        ['local', 'auto', 'auto', false, undefined, 10_000],
      );
      assert.equal(config.postLogoutRedirectUri, `${fixture.origin}/`);
      assert.deepEqual(fixture.askedElsewhere, []);
      assert.ok(!asked.some((url) => url.includes('evil')), asked.join('\n'));
    });

    it('are no options of a sign-in or a sign-out', async () => {
      fixture.page('/', { body });
      fixture.page('/evil', { body: 'evil' });
      const profile = await fixture.profile(ada);
      await pollute(profile, options);
      const page = await fixture.open(profile, '/');
      await signedOut(page);
      // By a script that passes no options, and by the element.
      for (const way of ['script', 'element']) {
        const [request] = await Promise.all([
          page.waitForRequest(/\/v1\/authorize/),
          way === 'element'
            ? page.locator('okta-signin').getByRole('button').click()
            : page.evaluate(() => void document.querySelector('okta-config')!.client!.signIn()),
        ]);
        const { searchParams } = new URL(request.url());
        const expected = [
          'client_id',
          'code_challenge',
          'code_challenge_method',
          'nonce',
          'redirect_uri',
          'response_type',
          'scope',
          'state',
        ];
        // The element says which language the page is in.
        if (way === 'element') expected.push('ui_locales');
        assert.deepEqual([...searchParams.keys()].sort(), expected);
        assert.notEqual(searchParams.get('ui_locales'), 'xx');
        await signedIn(page, ada);
        assert.equal(page.url(), `${fixture.origin}/`);
        if (way === 'script') {
          // Okta's own session stays for the second sign-in.
          await page.locator('okta-signout').getByRole('button').click();
          await signedOut(page);
          continue;
        }
        const logout = page.waitForRequest(/\/v1\/logout/);
        await page.evaluate(() => void document.querySelector('okta-config')!.client!.signOut());
        assert.equal(new URL((await logout).url()).searchParams.get('post_logout_redirect_uri'), `${fixture.origin}/`);
        await page.waitForURL(`${fixture.origin}/`);
        await signedOut(page);
        fixture.forget(ada);
      }
    });

    it('are no session, no claims and no responses of Okta', async () => {
      fixture.page('/', { body });
      const profile = await fixture.profile(ada);
      await pollute(profile, session);
      const page = await fixture.open(profile, '/');
      await signedOut(page);
      await assertShown(page);
      assert.doesNotMatch(await page.locator('body').innerText(), /Evil/);
      await signIn(page, ada);
      await assertShown(page);
      assert.equal(await page.locator('#staff').getAttribute('state'), 'denied');
      const token = await page.evaluate(() => document.querySelector('okta-config')!.client!.getAccessToken());
      assert.notEqual(token, 'evil');
      await page.locator('okta-signout').getByRole('button').click();
      await signedOut(page);
      await assertShown(page);
    });
  });
});
