import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { after, before, describe, it } from 'node:test';
import { createOrg, type Org } from '../../src/org/index.js';
import { APP, App, claimsOf, people } from './support/app.js';
import { UserAgent } from './support/user-agent.js';

const CUSTOM = 'login.munchbox.localhost';

describe('the host names of an org', () => {
  let org: Org;
  before(async () => {
    org = await createOrg({ seed: { ...people, customDomains: [CUSTOM] }, hostNames: ['second.localhost'] });
  });
  after(() => org.close());
  const agent = new UserAgent();

  it('are localhost, 127.0.0.1 and those that were asked for, on one port', () => {
    const port = new URL(org.origin).port;
    assert.deepEqual(org.origins, {
      localhost: `http://localhost:${port}`,
      '127.0.0.1': `http://127.0.0.1:${port}`,
      [CUSTOM]: `http://${CUSTOM}:${port}`,
      'second.localhost': `http://second.localhost:${port}`,
    });
    assert.equal(org.issuer, `${org.origin}/oauth2/default`);
  });

  it('are each an issuer of their own', async () => {
    for (const origin of Object.values(org.origins)) {
      const { json } = await agent.get(`${origin}/oauth2/default/.well-known/openid-configuration`);
      assert.equal(json.issuer, `${origin}/oauth2/default`);
      for (const [name, value] of Object.entries(json)) {
        if (name.endsWith('_endpoint') || name.endsWith('_uri'))
          assert.ok(String(value).startsWith(`${origin}/`), name);
      }
    }
  });

  it('mention no other anywhere on the way to tokens', async () => {
    const origin = org.origins[CUSTOM]!;
    const others = Object.values(org.origins).filter((other) => other !== origin);
    const browser = new App(org, origin);
    const seen: string[] = [];
    const { send } = browser.agent;
    browser.agent.send = async (...args) => {
      const answer = await send.apply(browser.agent, args);
      seen.push(answer.text, JSON.stringify(answer.headers));
      return answer;
    };
    const tokens = await browser.tokens('ada@example.com', { scope: 'openid profile offline_access' });
    assert.equal(claimsOf(tokens.id_token).iss, `${origin}/oauth2/default`);
    assert.equal(claimsOf(tokens.access_token).iss, `${origin}/oauth2/default`);
    for (const path of ['/', '/mailbox', '/users', '/oauth2/default/v1/keys', '/api/v1/sessions/me'])
      await browser.agent.get(origin + path);
    assert.ok(seen.length > 8);
    for (const text of seen) for (const other of others) assert.ok(!text.includes(other), `${other} in ${text}`);
  });

  it('are one org: tokens of one are honoured at another, browsers are signed in at one', async () => {
    const browser = new App(org, org.origins[CUSTOM]!);
    const tokens = await browser.tokens('ada@example.com', { scope: 'openid offline_access' });
    const elsewhere = new App(org, org.origin, { agent: browser.agent });
    assert.equal((await elsewhere.refresh(tokens.refresh_token)).status, 200);
    assert.equal((await elsewhere.authorizeSilently()).error, 'login_required', 'the cookie is of the other host');
    assert.ok((await browser.authorizeSilently()).code);
  });

  it('keep a sign-in to the one it was begun on', async () => {
    const browser = new App(org, org.origins[CUSTOM]!);
    const href = await browser.passPage(await browser.authorize(), 'ada@example.com');
    const moved = href.replace(org.origins[CUSTOM]!, org.origin);
    assert.notEqual(moved, href);
    assert.equal((await browser.agent.get(moved)).status, 400);
  });

  for (const host of ['evil.example', 'localhost', 'localhost:1', 'localhost.evil.example', 'localhost@evil.example']) {
    it(`do not include "${host}"`, async () => {
      for (const path of ['/', '/oauth2/default/.well-known/openid-configuration', '/mailbox']) {
        const answer = await agent.get(org.origin + path, { Host: host, Origin: APP });
        assert.equal(answer.status, 421);
        assert.equal(answer.headers['access-control-allow-origin'], undefined);
      }
    });
  }

  it('are on loopback and on no other address', async (test) => {
    const outside = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .find(({ internal, family }) => !internal && family === 'IPv4');
    if (!outside) return test.skip('this machine has no other address');
    const refused = await new Promise<boolean>((resolve) => {
      const socket = connect({ host: outside.address, port: Number(new URL(org.origin).port) });
      // Some networks swallow what others refuse.
      socket.setTimeout(2000, () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(true));
      socket.once('connect', () => {
        socket.destroy();
        resolve(false);
      });
    });
    assert.ok(refused);
  });
});

describe('pages of other origins', () => {
  let org: Org;
  before(async () => {
    org = await createOrg({ seed: people });
  });
  after(() => org.close());
  const agent = new UserAgent();
  const plain = [
    '/oauth2/default/.well-known/openid-configuration',
    '/oauth2/default/v1/token',
    '/oauth2/default/v1/keys',
    '/oauth2/default/v1/userinfo',
    '/oauth2/default/v1/revoke',
  ];
  const credentialed = ['/oauth2/default/v1/interact', '/idp/idx/introspect', '/api/v1/sessions/me'];

  for (const path of [...plain, ...credentialed]) {
    it(`may ask ${path} when they are trusted`, async () => {
      const answer = await agent.send(org.origin + path, {
        method: 'OPTIONS',
        headers: {
          Origin: APP,
          'Access-Control-Request-Method': 'POST',
          'Access-Control-Request-Headers': 'x-okta-user-agent-extended, dpop',
        },
      });
      assert.equal(answer.status, 204);
      assert.equal(answer.headers['access-control-allow-origin'], APP);
      assert.equal(answer.headers['access-control-allow-headers'], 'x-okta-user-agent-extended, dpop');
      assert.match(String(answer.headers['access-control-allow-methods']), /POST.*DELETE/);
      assert.equal(
        answer.headers['access-control-allow-credentials'],
        credentialed.includes(path) ? 'true' : undefined,
      );
      assert.match(String(answer.headers.vary), /origin/i);
    });

    it(`may not ask ${path} otherwise`, async () => {
      for (const origin of ['http://evil.example', 'null', `${APP}.evil.example`, 'http://app.example:8080']) {
        for (const method of ['OPTIONS', 'GET', 'POST']) {
          const answer = await agent.send(org.origin + path, {
            method,
            headers: { Origin: origin, 'Access-Control-Request-Method': 'POST' },
          });
          assert.equal(answer.headers['access-control-allow-origin'], undefined, `${method} from ${origin}`);
          assert.equal(answer.headers['access-control-allow-credentials'], undefined);
        }
      }
    });
  }

  it('can read errors', async () => {
    const answer = await agent.send(`${org.issuer}/v1/token`, {
      form: { grant_type: 'refresh_token' },
      headers: { Origin: APP },
    });
    assert.equal(answer.status, 400);
    assert.equal(answer.headers['access-control-allow-origin'], APP);
    assert.match(String(answer.headers['access-control-expose-headers']), /DPoP-Nonce/);
  });

  it('may not read the pages of the org', async () => {
    for (const path of ['/', '/mailbox', '/mailbox.json', '/users', '/oauth2/default/v1/authorize']) {
      const answer = await agent.get(org.origin + path, { Origin: APP });
      assert.equal(answer.headers['access-control-allow-origin'], undefined, path);
    }
  });
});
