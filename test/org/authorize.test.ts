import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createOrg, type Org } from '../../src/org/index.js';
import { App, callbackParams, claimsOf, people, REDIRECT_URI, settingsOf, stateTokenOf } from './support/app.js';

const NOT_SIGNED_IN = 'The client specified not to prompt, but the user is not logged in.';
const NOT_ENOUGH = 'The client specified not to prompt, but the client app requires re-authentication or MFA.';

describe('/v1/authorize', () => {
  let org: Org;
  before(async () => {
    org = await createOrg({ seed: people });
  });
  after(() => org.close());
  const app = (): App => new App(org, org.origin);

  describe('when nobody is signed in', () => {
    it('answers with the sign-in page itself', async () => {
      const page = await app().authorize();
      assert.equal(page.status, 200);
      assert.match(String(page.headers['content-type']), /^text\/html/);
      assert.equal(page.headers['cache-control'], 'no-store');
      assert.match(stateTokenOf(page), /^02/);
    });

    it('runs the page under a policy that lets in no foreign script', async () => {
      const page = await app().authorize();
      const policy = String(page.headers['content-security-policy']);
      const nonce = /script-src 'nonce-([\w-]+)'(;|$)/.exec(policy)?.[1];
      assert.ok(nonce, policy);
      assert.doesNotMatch(policy, /unsafe/);
      assert.match(policy, /default-src 'none'/);
      assert.match(policy, /form-action 'self' http:\/\/app\.example(;|$)/);
      for (const [tag] of page.text.matchAll(/<script(?![^>]*application\/json)[^>]*>/g))
        assert.ok(tag.includes(nonce), tag);
      const again = await app().authorize();
      assert.ok(!again.text.includes(nonce), 'the nonce is new each time');
    });

    it('comes back with a code and the state once the user has signed in', async () => {
      const back = await app().signIn('ada@example.com');
      assert.equal(back.state, 'the state');
      assert.ok(back.code);
      assert.deepEqual(Object.keys(back).sort(), ['code', 'state'], 'Okta sends no more than that');
    });

    it('says login_required to prompt=none', async () => {
      assert.deepEqual(await app().authorizeSilently(), {
        error: 'login_required',
        error_description: NOT_SIGNED_IN,
        state: 'the state',
      });
    });

    it('offers the identifier the application hints at', async () => {
      const browser = app();
      const page = await browser.authorize({ login_hint: 'ada@example.com' });
      const step = await browser.idx('introspect', { stateToken: stateTokenOf(page) });
      assert.match(JSON.stringify(step), /ada@example\.com/);
    });

    it('speaks the language that ui_locales prefers and the widget knows', async () => {
      const page = await app().authorize({ ui_locales: 'tlh de-AT en' });
      assert.match(page.text, /<html lang="de">/);
      assert.equal(settingsOf(page).widget.language, 'de');
    });

    it('starts with the view that flow names', async () => {
      assert.equal(settingsOf(await app().authorize({ flow: 'signup' })).widget.flow, 'signup');
      assert.equal(settingsOf(await app().authorize({ flow: 'javascript:' })).widget.flow, undefined);
    });
  });

  describe('when the user is signed in already', () => {
    it('goes straight back with a code', async () => {
      const browser = app();
      await browser.signIn('ada@example.com');
      assert.ok(callbackParams(await browser.authorize()).code);
      assert.ok((await browser.authorizeSilently()).code);
    });

    it('asks again for prompt=login, and takes another user', async () => {
      const browser = app();
      await browser.signIn('ada@example.com');
      assert.equal((await browser.authorize({ prompt: 'login' })).status, 200);
      const tokens = await browser.tokens('grace@example.com', { prompt: 'login' });
      assert.equal(claimsOf(tokens.id_token).preferred_username, 'grace@example.com');
      const after = await browser.tokens('nobody@example.com');
      assert.equal(claimsOf(after.id_token).preferred_username, 'grace@example.com', 'the session is hers now');
    });

    it('asks again when the sign-in is older than max_age, and not before', async () => {
      const browser = app();
      const first = claimsOf((await browser.tokens('ada@example.com')).id_token);
      assert.ok((await browser.authorizeSilently({ max_age: '60' })).code);
      org.clock.advance(61_000);
      assert.deepEqual(await browser.authorizeSilently({ max_age: '60' }), {
        error: 'login_required',
        error_description: NOT_ENOUGH,
        state: 'the state',
      });
      const second = claimsOf((await browser.tokens('ada@example.com', { max_age: '60' })).id_token);
      assert.ok(second.auth_time - first.auth_time >= 60, 'auth_time is that of the new sign-in');
      assert.equal(second.sub, first.sub);
    });

    it('asks for max_age=0 whatever the age', async () => {
      const browser = app();
      await browser.signIn('ada@example.com');
      assert.equal((await browser.authorize({ max_age: '0' })).status, 200);
      assert.ok((await browser.signIn('ada@example.com', { max_age: '0' })).code, 'and is content once it is done');
    });

    it('is not taken in by a session cookie that was tampered with', async () => {
      const browser = app();
      await browser.signIn('ada@example.com');
      const value = browser.agent.cookie(org.origin, 'idx')!.value;
      browser.agent.setCookie(org.origin, 'idx', `${value.slice(0, -1)}${value.endsWith('A') ? 'B' : 'A'}`);
      assert.equal((await browser.authorizeSilently()).error, 'login_required');
    });

    it('does not let in a user who was suspended meanwhile', async () => {
      const browser = app();
      await browser.signIn('grace@example.com');
      const { id } = org.directory.findByLogin('grace@example.com')!;
      org.directory.setStatus(id, 'SUSPENDED');
      assert.equal((await browser.authorizeSilently()).error, 'login_required');
      org.directory.setStatus(id, 'ACTIVE');
    });
  });

  describe('acr_values', () => {
    it('is met by one factor when one is asked for, and named in the ID token', async () => {
      const tokens = await app().tokens('ada@example.com', { acr_values: 'urn:okta:loa:1fa:any' });
      assert.equal(claimsOf(tokens.id_token).acr, 'urn:okta:loa:1fa:any');
      assert.deepEqual(claimsOf(tokens.id_token).amr, ['pwd']);
    });

    it('is not named when it was not asked for', async () => {
      assert.equal(claimsOf((await app().tokens('ada@example.com')).id_token).acr, undefined);
    });

    it('makes a session with one factor step up to two', async () => {
      const browser = app();
      const first = claimsOf((await browser.tokens('ada@example.com')).id_token);
      assert.deepEqual(first.amr, ['pwd']);
      const silent = await browser.authorizeSilently({ acr_values: 'urn:okta:loa:2fa:any' });
      assert.equal(silent.error, 'login_required');
      assert.equal(silent.error_description, NOT_ENOUGH);

      const page = await browser.authorize({ acr_values: 'urn:okta:loa:2fa:any' });
      const step = await browser.idx('introspect', { stateToken: stateTokenOf(page) });
      assert.equal(step.currentAuthenticatorEnrollment.value.key, 'okta_email', 'only what is missing is asked for');

      const second = claimsOf(
        (await browser.tokens('ada@example.com', { acr_values: 'urn:okta:loa:2fa:any' })).id_token,
      );
      assert.equal(second.acr, 'urn:okta:loa:2fa:any');
      assert.ok(second.amr.includes('pwd') && second.amr.includes('mfa'), second.amr);
      assert.equal(second.sub, first.sub);
      assert.ok(
        (await browser.authorizeSilently({ acr_values: 'urn:okta:loa:2fa:any' })).code,
        'and it holds for the session',
      );
    });

    it('ignores values that Okta does not have', async () => {
      const tokens = await app().tokens('ada@example.com', { acr_values: 'gold' });
      assert.equal(claimsOf(tokens.id_token).acr, undefined);
    });
  });

  describe('when the request cannot be sent back', () => {
    const cases: [string, Record<string, string | undefined>, RegExp][] = [
      ['an unknown client', { client_id: 'stranger' }, /Invalid value for &#39;client_id&#39; parameter/],
      [
        'another redirect URI',
        { redirect_uri: 'http://evil.example/' },
        /&#39;redirect_uri&#39; parameter must be a Login redirect URI/,
      ],
      ['a redirect URI with a longer path', { redirect_uri: `${REDIRECT_URI}/more` }, /&#39;redirect_uri&#39;/],
      ['no client', { client_id: undefined }, /client_id/],
    ];
    for (const [name, params, message] of cases) {
      it(`shows a page and no redirect for ${name}`, async () => {
        const page = await app().authorize(params);
        assert.equal(page.status, 400);
        assert.equal(page.location, '');
        assert.match(String(page.headers['content-type']), /^text\/html/);
        assert.match(page.text, message);
      });
    }
  });

  describe('when the request is wrong otherwise', () => {
    const cases: [string, Record<string, string | undefined>, string][] = [
      ['no code challenge', { code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request'],
      ['the plain challenge method', { code_challenge_method: 'plain' }, 'invalid_request'],
      ['a scope nobody set up', { scope: 'openid pets' }, 'invalid_scope'],
      ['the implicit flow', { response_type: 'token' }, 'unsupported_response_type'],
      ['prompt=none together with another', { prompt: 'none login' }, 'invalid_request'],
      ['a prompt that does not exist', { prompt: 'dance' }, 'invalid_request'],
      ['a max_age that is no number', { max_age: 'soon' }, 'invalid_request'],
    ];
    for (const [name, params, error] of cases) {
      it(`tells the application ${error} for ${name}`, async () => {
        const back = callbackParams(await app().authorize(params));
        assert.equal(back.error, error);
        assert.equal(back.state, 'the state');
        assert.ok(back.error_description);
        assert.equal(back.iss, undefined);
      });
    }
  });

  describe('response_mode', () => {
    it('fragment', async () => {
      const browser = app();
      await browser.signIn('ada@example.com');
      const { location } = await browser.authorize({ response_mode: 'fragment' });
      assert.match(location, /^http:\/\/app\.example\/callback#code=[\w-]+&state=the\+state$/);
    });

    it('form_post', async () => {
      const browser = app();
      await browser.signIn('ada@example.com');
      const page = await browser.authorize({ response_mode: 'form_post' });
      assert.equal(page.status, 200);
      assert.match(page.text, /action="http:\/\/app\.example\/callback"/);
      assert.match(page.text, /name="code"/);
    });

    it('okta_post_message posts to the redirect URI’s origin and no other', async () => {
      const browser = app();
      await browser.signIn('ada@example.com');
      const page = await browser.authorize({ response_mode: 'okta_post_message', prompt: 'none' });
      assert.equal(page.status, 200);
      assert.match(page.text, /\.postMessage\(\{"code":"[\w-]+","state":"the state"\}, "http:\/\/app\.example"\)/);
      assert.match(String(page.headers['content-security-policy']), /frame-ancestors http:\/\/app\.example$/);
    });

    it('okta_post_message carries errors, and a state that looks like markup stays inside the script', async () => {
      const page = await app().authorize({
        response_mode: 'okta_post_message',
        prompt: 'none',
        state: '</script><img src=x>',
      });
      assert.match(page.text, /"error":"login_required"/);
      assert.equal(page.text.split('</script>').length, 2);
    });
  });

  describe('the way back from the sign-in page', () => {
    it('works once', async () => {
      const browser = app();
      const href = await browser.passPage(await browser.authorize(), 'ada@example.com');
      await browser.finish(href);
      const again = await browser.agent.get(href);
      assert.equal(again.status, 400);
      assert.equal(again.location, '');
    });

    it('works in the browser that began, and in no other', async () => {
      const browser = app();
      const href = await browser.passPage(await browser.authorize(), 'ada@example.com');
      const other = app();
      await other.authorize();
      let answer = await other.agent.get(href);
      while (answer.location.startsWith(org.origin)) answer = await other.agent.get(answer.location);
      assert.equal(answer.status, 400);
      assert.equal((await other.authorizeSilently()).error, 'login_required', 'and leaves no session there');
    });

    it('leads each of two sign-ins in one browser to its own end', async () => {
      const browser = app();
      const first = await browser.authorize({ state: 'one' });
      const second = await browser.authorize({ state: 'two' });
      const two = await browser.finish(await browser.passPage(second, 'ada@example.com'));
      const one = await browser.finish(await browser.passPage(first, 'ada@example.com'));
      assert.equal(two.state, 'two');
      assert.equal(one.state, 'one');
      assert.ok(one.code && two.code && one.code !== two.code);
    });
  });
});
