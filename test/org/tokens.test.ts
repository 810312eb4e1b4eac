import assert from 'node:assert/strict';
import { createHash, createPublicKey, verify } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { createOrg, type Org } from '../../src/org/index.js';
import { App, claimsOf, people, REDIRECT_URI } from './support/app.js';
import type { Json } from './support/user-agent.js';

describe('tokens', () => {
  let org: Org;
  before(async () => {
    org = await createOrg({
      seed: {
        ...people,
        clients: [
          ...people.clients,
          { id: 'other', redirectUris: [REDIRECT_URI] },
          { id: 'server', secret: 'shh', redirectUris: [REDIRECT_URI] },
        ],
        authorizationServer: {
          scopes: ['groups', 'orders:read'],
          claims: [
            { name: 'groups', groups: '.*', in: ['idToken', 'accessToken', 'userinfo'], scopes: ['groups'] },
            { name: 'staff', groups: 'Warehouse.*', in: ['userinfo'] },
            { name: 'given', profile: 'firstName', in: ['idToken'] },
          ],
        },
      },
    });
  });
  after(() => org.close());
  const app = (): App => new App(org, org.origin);
  const userinfo = (browser: App, token: string, headers = {}) =>
    browser.agent.get(`${browser.issuer}/v1/userinfo`, { Authorization: `Bearer ${token}`, ...headers });
  const introspect = async (browser: App, token: string): Promise<Json> =>
    (await browser.agent.send(`${browser.issuer}/v1/introspect`, { form: { client_id: 'app', token } })).json;

  describe('at the exchange of a code', () => {
    it('look like Okta’s', async () => {
      const browser = app();
      const tokens = await browser.tokens('ada@example.com', { scope: 'openid profile email orders:read' });
      assert.deepEqual(Object.keys(tokens).sort(), ['access_token', 'expires_in', 'id_token', 'scope', 'token_type']);
      assert.equal(tokens.token_type, 'Bearer');
      assert.equal(tokens.expires_in, 3600);
      assert.deepEqual(tokens.scope.split(' ').sort(), ['email', 'openid', 'orders:read', 'profile']);

      const user = org.directory.findByLogin('ada@example.com')!;
      const { jti, iat, exp, auth_time: authTime, scp, ...access } = claimsOf(tokens.access_token);
      assert.deepEqual(access, {
        ver: 1,
        iss: browser.issuer,
        aud: 'api://default',
        cid: 'app',
        uid: user.id,
        sub: 'ada@example.com',
      });
      assert.match(jti, /^AT\./);
      assert.equal(exp - iat, 3600);
      assert.ok(authTime <= iat);
      assert.deepEqual(scp.sort(), ['email', 'openid', 'orders:read', 'profile']);

      const id = claimsOf(tokens.id_token);
      assert.equal(id.sub, user.id);
      assert.equal(id.iss, browser.issuer);
      assert.equal(id.aud, 'app');
      assert.equal(id.ver, 1);
      assert.equal(id.nonce, 'the nonce');
      assert.equal(id.name, 'Ada Lovelace');
      assert.equal(id.preferred_username, 'ada@example.com');
      assert.equal(id.email, 'ada@example.com');
      assert.equal(id.given, 'Ada');
      assert.match(id.idp, /^00o/);
      assert.match(id.jti, /^ID\./);
      assert.equal(id.exp - id.iat, 3600);
      assert.equal(id.auth_time, authTime);
      const digest = createHash('sha256').update(tokens.access_token).digest();
      assert.equal(id.at_hash, digest.subarray(0, 16).toString('base64url'));
    });

    it('are signed by a key of /v1/keys', async () => {
      const browser = app();
      const tokens = await browser.tokens('ada@example.com');
      const { keys } = (await browser.agent.get(`${browser.issuer}/v1/keys`)).json;
      for (const token of [tokens.id_token, tokens.access_token] as string[]) {
        const [header = '', payload = '', signature = ''] = token.split('.');
        const { kid, alg } = JSON.parse(Buffer.from(header, 'base64url').toString());
        const key = keys.find((one: Json) => one.kid === kid);
        assert.equal(alg, 'RS256');
        assert.equal(key.d, undefined, 'no private part is shown');
        const publicKey = createPublicKey({ key, format: 'jwk' });
        assert.ok(
          verify('sha256', Buffer.from(`${header}.${payload}`), publicKey, Buffer.from(signature, 'base64url')),
        );
      }
    });

    it('hold only what the scopes open', async () => {
      const browser = app();
      const id = claimsOf((await browser.tokens('ada@example.com', { scope: 'openid' })).id_token);
      for (const name of ['name', 'email', 'preferred_username', 'groups', 'staff'])
        assert.equal(id[name], undefined, name);
    });

    it('hold the groups when that scope was granted', async () => {
      const browser = app();
      const tokens = await browser.tokens('grace@example.com', { scope: 'openid groups' });
      const groups = ['Everyone', 'Members', 'Warehouse staff'];
      assert.deepEqual([...claimsOf(tokens.id_token).groups].sort(), groups);
      assert.deepEqual([...claimsOf(tokens.access_token).groups].sort(), groups);
      const info = (await userinfo(browser, tokens.access_token)).json;
      assert.deepEqual(info.staff, ['Warehouse staff'], 'a claim may be at userinfo alone');
    });

    it('need the verifier of the challenge', async () => {
      for (const verifier of [undefined, 'x'.repeat(43)]) {
        const browser = app();
        const { code } = await browser.signIn('ada@example.com');
        const answer = await browser.token({
          grant_type: 'authorization_code',
          code: code!,
          redirect_uri: REDIRECT_URI,
          ...(verifier && { code_verifier: verifier }),
        });
        assert.equal(answer.status, 400);
        assert.deepEqual(answer.json, { error: 'invalid_grant', error_description: 'PKCE verification failed.' });
      }
    });

    const wrong: [string, Record<string, string>][] = [
      ['another redirect URI', { redirect_uri: 'http://app.example/other' }],
      ['another client', { client_id: 'other' }],
      ['the interaction code grant', { grant_type: 'interaction_code' }],
    ];
    for (const [name, form] of wrong) {
      it(`refuse ${name}`, async () => {
        const browser = app();
        const { code } = await browser.signIn('ada@example.com');
        const answer = await browser.exchange(code, { ...form, ...(form.grant_type && { interaction_code: code! }) });
        assert.equal(answer.status, 400);
        assert.equal(answer.json.error, 'invalid_grant');
      });
    }

    it('are taken back when the code comes a second time', async () => {
      const browser = app();
      const { code } = await browser.signIn('ada@example.com', { scope: 'openid offline_access' });
      const tokens = (await browser.exchange(code)).json;
      assert.equal(
        (await browser.exchange(code)).json.error_description,
        'The authorization code is invalid or has expired.',
      );
      assert.equal((await userinfo(browser, tokens.access_token)).status, 401);
      assert.equal((await browser.refresh(tokens.refresh_token)).status, 400);
    });

    it('come too late a minute after the code', async () => {
      const browser = app();
      const { code } = await browser.signIn('ada@example.com');
      org.clock.advance(61_000);
      assert.equal((await browser.exchange(code)).json.error, 'invalid_grant');
    });

    it('need the secret where the client has one', async () => {
      const browser = app();
      const { code } = await browser.signIn('ada@example.com', { client_id: 'server' });
      const wrongSecret = await browser.exchange(code, { client_id: 'server', client_secret: 'loud' });
      assert.equal(wrongSecret.status, 401);
      assert.equal(wrongSecret.json.error, 'invalid_client');
      assert.equal((await browser.exchange(code, { client_id: 'server', client_secret: 'shh' })).status, 200);
    });
  });

  describe('access tokens', () => {
    it('open /v1/userinfo, which says what the ID token leaves out', async () => {
      const browser = app();
      const tokens = await browser.tokens('ada@example.com');
      const answer = await userinfo(browser, tokens.access_token);
      assert.equal(answer.status, 200);
      assert.equal(answer.json.sub, claimsOf(tokens.id_token).sub);
      assert.equal(answer.json.given_name, 'Ada');
      assert.equal(answer.json.email_verified, true);
      assert.equal(claimsOf(tokens.id_token).given_name, undefined);
    });

    it('are refused once the clock has passed them', async () => {
      const browser = app();
      const tokens = await browser.tokens('ada@example.com');
      assert.equal((await introspect(browser, tokens.access_token)).active, true);
      org.clock.advance(3_601_000);
      const answer = await userinfo(browser, tokens.access_token);
      assert.equal(answer.status, 401);
      assert.match(String(answer.headers['www-authenticate']), /error="invalid_token"/);
      assert.deepEqual(await introspect(browser, tokens.access_token), { active: false });
    });

    it('are refused when one character was changed', async () => {
      const browser = app();
      const { access_token: token } = await browser.tokens('ada@example.com');
      const [header, payload, signature] = (token as string).split('.');
      const forged = { ...claimsOf(token), sub: 'grace@example.com' };
      const changed = [header, Buffer.from(JSON.stringify(forged)).toString('base64url'), signature].join('.');
      assert.notEqual(payload, changed.split('.')[1]);
      assert.equal((await userinfo(browser, changed)).status, 401);
      assert.equal((await userinfo(browser, token)).status, 200);
    });

    it('are refused when only their id is known', async () => {
      const browser = app();
      const { access_token: token } = await browser.tokens('ada@example.com');
      assert.equal((await userinfo(browser, claimsOf(token).jti)).status, 401);
    });

    it('are described by /v1/introspect', async () => {
      const browser = app();
      const { access_token: token } = await browser.tokens('ada@example.com');
      const description = await introspect(browser, token);
      const claims = claimsOf(token);
      for (const name of ['iss', 'iat', 'exp', 'uid', 'aud', 'sub', 'jti'])
        assert.equal(description[name], claims[name], name);
      assert.equal(description.active, true);
      assert.equal(description.username, 'ada@example.com');
      assert.equal(description.client_id, 'app');
      assert.equal(description.token_type, 'Bearer');
      assert.equal(description.scope, 'openid profile email');
    });

    it('end at /v1/revoke, also when the client is named as auth-js does it', async () => {
      const basic = { Authorization: `Basic ${Buffer.from('app').toString('base64')}` };
      const ways: { form: Record<string, string>; headers?: Record<string, string> }[] = [
        { form: { client_id: 'app' } },
        { form: {}, headers: basic },
      ];
      for (const { form, headers } of ways) {
        const browser = app();
        const { access_token: token } = await browser.tokens('ada@example.com');
        const answer = await browser.agent.send(`${browser.issuer}/v1/revoke`, { form: { ...form, token }, headers });
        assert.equal(answer.status, 200);
        assert.equal((await userinfo(browser, token)).status, 401);
      }
    });

    it('are not ended by another client', async () => {
      const browser = app();
      const { access_token: token } = await browser.tokens('ada@example.com');
      await browser.agent.send(`${browser.issuer}/v1/revoke`, { form: { client_id: 'other', token } });
      assert.equal((await userinfo(browser, token)).status, 200);
    });
  });

  describe('refresh tokens', () => {
    const offline = { scope: 'openid profile offline_access' };

    it('come with offline_access, without a question to the user', async () => {
      const browser = app();
      const tokens = await browser.tokens('ada@example.com', offline);
      assert.ok(tokens.refresh_token);
      assert.match(tokens.scope, /offline_access/);
      const again = await browser.tokens('nobody@example.com', offline);
      assert.ok(again.refresh_token, 'and by way of the session too');
    });

    it('are exchanged for new tokens of the same sign-in', async () => {
      const browser = app();
      const first = await browser.tokens('ada@example.com', offline);
      org.clock.advance(120_000);
      const second = (await browser.refresh(first.refresh_token)).json;
      assert.notEqual(second.refresh_token, first.refresh_token);
      assert.notEqual(second.access_token, first.access_token);
      const [before, now] = [claimsOf(first.id_token), claimsOf(second.id_token)];
      assert.equal(now.sub, before.sub);
      assert.equal(now.auth_time, before.auth_time);
      assert.deepEqual(now.amr, before.amr);
      assert.ok(now.iat >= before.iat + 120);
      assert.equal(claimsOf(second.access_token).auth_time, before.auth_time);
    });

    it('may ask for fewer scopes, and not for more', async () => {
      const browser = app();
      const first = await browser.tokens('ada@example.com', offline);
      const fewer = (await browser.refresh(first.refresh_token, { scope: 'openid' })).json;
      assert.deepEqual(claimsOf(fewer.access_token).scp, ['openid']);
      assert.equal((await browser.refresh(fewer.refresh_token, { scope: 'openid email' })).json.error, 'invalid_scope');
    });

    it('used a second time end the whole family', async () => {
      const browser = app();
      const first = await browser.tokens('ada@example.com', offline);
      const second = (await browser.refresh(first.refresh_token)).json;
      const reused = await browser.refresh(first.refresh_token);
      assert.equal(reused.status, 400);
      assert.deepEqual(reused.json, {
        error: 'invalid_grant',
        error_description: 'The refresh token is invalid or expired.',
      });
      assert.equal((await browser.refresh(second.refresh_token)).status, 400, 'the newest is gone');
      assert.equal((await userinfo(browser, second.access_token)).status, 401, 'and so are the access tokens');
    });

    it('of another sign-in are not touched by that', async () => {
      const [browser, elsewhere] = [app(), app()];
      const first = await browser.tokens('ada@example.com', offline);
      const others = await elsewhere.tokens('ada@example.com', offline);
      await browser.refresh(first.refresh_token);
      await browser.refresh(first.refresh_token);
      assert.equal((await elsewhere.refresh(others.refresh_token)).status, 200);
    });

    it('end when they are not used for a week', async () => {
      const browser = app();
      const tokens = await browser.tokens('ada@example.com', offline);
      org.clock.advance(7 * 86_400_000 + 1000);
      assert.equal((await browser.refresh(tokens.refresh_token)).json.error, 'invalid_grant');
    });

    it('end at /v1/revoke', async () => {
      const browser = app();
      const tokens = await browser.tokens('ada@example.com', offline);
      await browser.agent.send(`${browser.issuer}/v1/revoke`, {
        form: { client_id: 'app', token: tokens.refresh_token },
      });
      assert.equal((await browser.refresh(tokens.refresh_token)).status, 400);
    });

    it('of a user who was deactivated are worth nothing', async () => {
      const browser = app();
      const tokens = await browser.tokens('alan@example.com', offline);
      const { id } = org.directory.findByLogin('alan@example.com')!;
      org.directory.setStatus(id, 'DEPROVISIONED');
      assert.equal((await browser.refresh(tokens.refresh_token)).json.error, 'invalid_grant');
      assert.equal((await userinfo(browser, tokens.access_token)).status, 401);
      org.directory.setStatus(id, 'ACTIVE');
    });
  });

  describe('after the keys were rotated', () => {
    it('old tokens are good until the next rotation, and new ones have the new key', async () => {
      const browser = app();
      const old = await browser.tokens('ada@example.com', { scope: 'openid offline_access' });
      await org.rotateKeys();
      const kidOf = (token: string): string =>
        JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString()).kid;
      const { keys } = (await browser.agent.get(`${browser.issuer}/v1/keys`)).json;
      assert.equal(keys.length, 2);
      assert.ok(keys.some(({ kid }: Json) => kid === kidOf(old.id_token)));
      assert.equal((await userinfo(browser, old.access_token)).status, 200);
      const renewed = (await browser.refresh(old.refresh_token)).json;
      assert.notEqual(kidOf(renewed.id_token), kidOf(old.id_token));
      assert.notEqual(kidOf(renewed.access_token), kidOf(old.access_token));
      assert.ok((await browser.authorizeSilently()).code, 'and nobody is signed out');
      await org.rotateKeys();
      assert.equal((await userinfo(browser, old.access_token)).status, 401);
    });
  });
});
