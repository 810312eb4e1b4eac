import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createOrg, type Org } from '../../src/org/index.js';
import { APP, App, people } from './support/app.js';
import type { Answer } from './support/user-agent.js';

describe('Okta sessions', () => {
  let org: Org;
  before(async () => {
    org = await createOrg({ seed: { ...people, sessions: { idleMinutes: 30, lifetimeMinutes: 60 } } });
  });
  after(() => org.close());
  const app = (): App => new App(org, org.origin);
  const me = (browser: App, method = 'GET', path = ''): Promise<Answer> =>
    browser.agent.send(`${org.origin}/api/v1/sessions/me${path}`, { method, headers: { Origin: APP } });

  it('are in a signed cookie that scripts cannot read and other sites do not send', async () => {
    const browser = app();
    await browser.signIn('ada@example.com');
    const cookie = browser.agent.cookie(org.origin, 'idx')!;
    assert.match(cookie.attributes, /httponly/i);
    assert.match(cookie.attributes, /samesite=lax/i);
    assert.doesNotMatch(cookie.attributes, /expires|max-age/i, 'and goes with the browser');
    assert.ok(browser.agent.cookie(org.origin, 'idx.sig'));
  });

  it('outlive the browser when the user asks for it', async () => {
    const browser = app();
    await browser.signIn('ada@example.com', {}, true);
    assert.match(browser.agent.cookie(org.origin, 'idx')!.attributes, /expires=/i);
  });

  it('get a new cookie at every sign-in', async () => {
    const browser = app();
    await browser.signIn('ada@example.com');
    const thief = app();
    for (const name of ['idx', 'idx.sig'])
      thief.agent.setCookie(org.origin, name, browser.agent.cookie(org.origin, name)!.value);
    assert.equal((await me(thief)).status, 200);
    await browser.signIn('ada@example.com', { prompt: 'login' });
    assert.equal((await me(browser)).status, 200);
    assert.equal((await me(thief)).status, 404, 'and the one before is worth nothing');
  });

  describe('/api/v1/sessions/me', () => {
    it('says who is signed in', async () => {
      const browser = app();
      await browser.signIn('ada@example.com');
      const answer = await me(browser);
      assert.equal(answer.status, 200);
      const { json } = answer;
      assert.equal(json.login, 'ada@example.com');
      assert.equal(json.userId, org.directory.findByLogin('ada@example.com')!.id);
      assert.equal(json.status, 'ACTIVE');
      assert.deepEqual(json.amr, ['pwd']);
      assert.match(json.id, /^102/);
      assert.notEqual(json.id.slice(3), browser.agent.cookie(org.origin, 'idx')!.value, 'the id is not the secret');
      assert.equal(Math.round((Date.parse(json.expiresAt) - org.clock.now()) / 60_000), 30);
      assert.equal(answer.headers['access-control-allow-credentials'], 'true');
    });

    it('says so when nobody is', async () => {
      const answer = await me(app());
      assert.equal(answer.status, 404);
      assert.equal(answer.json.errorCode, 'E0000007');
      assert.deepEqual(answer.json.errorCauses, []);
      assert.equal(answer.headers['access-control-allow-origin'], APP);
    });

    it('ends the session', async () => {
      const browser = app();
      await browser.signIn('ada@example.com');
      const stolen = browser.agent.cookie(org.origin, 'idx')!.value;
      const signature = browser.agent.cookie(org.origin, 'idx.sig')!.value;
      assert.equal((await me(browser, 'DELETE')).status, 204);
      assert.equal((await me(browser)).status, 404);
      assert.equal((await browser.authorizeSilently()).error, 'login_required');
      const other = app();
      other.agent.setCookie(org.origin, 'idx', stolen);
      other.agent.setCookie(org.origin, 'idx.sig', signature);
      assert.equal((await me(other)).status, 404, 'a copy of the cookie is worth nothing afterwards');
    });

    it('refuses what it does not know', async () => {
      const browser = app();
      await browser.signIn('ada@example.com');
      assert.equal((await me(browser, 'PUT')).status, 405);
      assert.equal((await me(browser)).status, 200);
    });
  });

  describe('end by themselves', () => {
    it('when they are not used', async () => {
      const browser = app();
      await browser.signIn('ada@example.com');
      org.clock.advance(31 * 60_000);
      assert.equal((await me(browser)).status, 404);
      assert.equal((await browser.authorizeSilently()).error, 'login_required');
    });

    it('not while they are', async () => {
      const browser = app();
      await browser.signIn('ada@example.com');
      org.clock.advance(25 * 60_000);
      assert.ok((await browser.authorizeSilently()).code);
      org.clock.advance(25 * 60_000);
      assert.equal((await me(browser)).status, 200);
    });

    it('when they are refreshed, later', async () => {
      const browser = app();
      await browser.signIn('ada@example.com');
      org.clock.advance(25 * 60_000);
      assert.equal((await me(browser, 'POST', '/lifecycle/refresh')).status, 200);
      org.clock.advance(25 * 60_000);
      assert.equal((await me(browser)).status, 200);
    });

    it('at the latest when their lifetime is over, however much they are used', async () => {
      const browser = app();
      await browser.signIn('ada@example.com');
      for (let minutes = 20; minutes < 60; minutes += 20) {
        org.clock.advance(20 * 60_000);
        assert.ok((await browser.authorizeSilently()).code, `after ${minutes} minutes`);
      }
      org.clock.advance(21 * 60_000);
      assert.equal((await browser.authorizeSilently()).error, 'login_required');
    });
  });

  describe('end at /v1/logout', () => {
    const logout = (browser: App, params: Record<string, string>): Promise<Answer> =>
      browser.agent.get(`${browser.issuer}/v1/logout?${new URLSearchParams(params).toString()}`, {
        Accept: 'text/html',
      });

    it('and go on to the application, with the state', async () => {
      const browser = app();
      const tokens = await browser.tokens('ada@example.com');
      const answer = await logout(browser, {
        id_token_hint: tokens.id_token,
        post_logout_redirect_uri: `${APP}/`,
        state: 'bye & bye',
      });
      assert.equal(answer.status, 302);
      assert.equal(answer.location, `${APP}/?state=bye+%26+bye`);
      assert.equal((await me(browser)).status, 404);
    });

    it('with an ID token that has expired', async () => {
      const browser = app();
      const tokens = await browser.tokens('ada@example.com');
      org.clock.advance(2 * 3_600_000);
      assert.equal(
        (await logout(browser, { id_token_hint: tokens.id_token, post_logout_redirect_uri: `${APP}/` })).location,
        `${APP}/`,
      );
    });

    it('and leave the tokens alone', async () => {
      const browser = app();
      const tokens = await browser.tokens('ada@example.com', { scope: 'openid offline_access' });
      await logout(browser, { id_token_hint: tokens.id_token });
      assert.equal((await browser.refresh(tokens.refresh_token)).status, 200);
    });

    const refused: [string, (token: string) => Record<string, string>][] = [
      [
        'an address the client has not',
        (token) => ({ id_token_hint: token, post_logout_redirect_uri: 'http://evil.example/' }),
      ],
      ['a hint that was tampered with', (token) => ({ id_token_hint: `${token.slice(0, -4)}AAAA` })],
      ['no hint', () => ({ post_logout_redirect_uri: `${APP}/` })],
    ];
    for (const [name, params] of refused) {
      it(`not for ${name}`, async () => {
        const browser = app();
        const tokens = await browser.tokens('ada@example.com');
        const answer = await logout(browser, params(tokens.id_token));
        assert.equal(answer.status, 400);
        assert.equal(answer.location, '');
        assert.equal((await me(browser)).status, 200, 'the session goes on');
      });
    }
  });
});
