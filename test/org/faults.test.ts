import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { createOrg, type FaultName, type Org } from '../../src/org/index.js';
import { FAULT_NAMES } from '../../src/org/faults.js';
import { APP, people } from './support/app.js';
import { UserAgent, type Answer } from './support/user-agent.js';

describe('faults', () => {
  let org: Org;
  before(async () => {
    org = await createOrg({ seed: people });
  });
  after(() => org.close());
  afterEach(() => org.faults.clear());
  const agent = new UserAgent();
  const discovery = (): Promise<Answer> => agent.get(`${org.issuer}/.well-known/openid-configuration`, { Origin: APP });

  const paths: Record<FaultName, string> = {
    discovery: '/oauth2/default/.well-known/openid-configuration',
    keys: '/oauth2/default/v1/keys',
    authorize: '/oauth2/default/v1/authorize',
    token: '/oauth2/default/v1/token',
    userinfo: '/oauth2/default/v1/userinfo',
    revoke: '/oauth2/default/v1/revoke',
    logout: '/oauth2/default/v1/logout',
    introspect: '/oauth2/default/v1/introspect',
    interact: '/oauth2/default/v1/interact',
    idx: '/idp/idx/introspect',
    sessions: '/api/v1/sessions/me',
  };
  for (const name of FAULT_NAMES) {
    it(`reach ${name} and nothing else`, async () => {
      org.faults.set(name, { status: 503 });
      for (const [other, path] of Object.entries(paths)) {
        const { status } = await agent.get(org.origin + path);
        assert.equal(status === 503, other === name, `${other}: ${status}`);
      }
    });
  }

  it('end with clear(), one or all', async () => {
    org.faults.set('discovery', { status: 500 });
    org.faults.set('keys', { status: 500 });
    org.faults.clear('keys');
    assert.equal((await agent.get(`${org.issuer}/v1/keys`)).status, 200);
    assert.equal((await discovery()).status, 500);
    org.faults.clear();
    assert.equal((await discovery()).status, 200);
  });

  it('last as many requests as they are told, preflights not counted', async () => {
    org.faults.set('discovery', { status: 500, times: 2 });
    await agent.send(org.origin + paths.discovery, {
      method: 'OPTIONS',
      headers: { Origin: APP, 'Access-Control-Request-Method': 'GET' },
    });
    assert.deepEqual(
      [(await discovery()).status, (await discovery()).status, (await discovery()).status],
      [500, 500, 200],
    );
  });

  it('give 429 with Retry-After', async () => {
    org.faults.set('token', { status: 429, retryAfter: 7 });
    const answer = await agent.send(org.origin + paths.token, { form: {}, headers: { Origin: APP } });
    assert.equal(answer.status, 429);
    assert.equal(answer.headers['retry-after'], '7');
    assert.equal(answer.json.errorCode, 'E0000047');
    assert.equal(answer.headers['access-control-allow-origin'], APP, 'readable, as on Okta');
  });

  it('spoil the body', async () => {
    org.faults.set('discovery', { body: 'html' });
    assert.match((await discovery()).text, /^<!doctype html>/);
    org.faults.set('discovery', { body: 'truncated' });
    const truncated = await discovery();
    assert.equal(truncated.status, 200);
    assert.throws(() => truncated.json, SyntaxError);
    org.faults.set('discovery', { body: 'empty' });
    assert.equal((await discovery()).text, '');
    org.faults.set('discovery', { body: '{"issuer":"http://evil.example"}' });
    assert.deepEqual((await discovery()).json, { issuer: 'http://evil.example' });
  });

  it('take the permission to read away', async () => {
    for (const name of ['discovery', 'token', 'userinfo'] as const) {
      org.faults.set(name, { cors: false });
      const answer = await agent.get(org.origin + paths[name], { Origin: APP });
      assert.equal(answer.headers['access-control-allow-origin'], undefined, name);
      assert.notEqual(answer.status, 500);
    }
  });

  it('delay, and then answer as usual', async () => {
    org.faults.set('discovery', { delayMs: 150 });
    const started = performance.now();
    assert.equal((await discovery()).status, 200);
    assert.ok(performance.now() - started >= 145);
  });

  it('close the connection', async () => {
    org.faults.set('token', { drop: true });
    await assert.rejects(agent.send(org.origin + paths.token, { form: { grant_type: 'x' } }), { code: 'ECONNRESET' });
  });

  it('refuse a name that does not exist', () => {
    assert.throws(() => org.faults.set('tokens' as FaultName, {}), /tokens.*one of discovery/);
  });

  it('do not keep an org from closing', async () => {
    const short = await createOrg({ seed: people });
    short.faults.set('token', { hang: true });
    short.faults.set('keys', { delayMs: 60_000 });
    const hanging = [
      agent.send(`${short.issuer}/v1/token`, { form: {} }).catch((error: unknown) => error),
      agent.get(`${short.issuer}/v1/keys`).catch((error: unknown) => error),
    ];
    await new Promise((resolve) => setTimeout(resolve, 100));
    await short.close();
    for (const outcome of await Promise.all(hanging)) assert.ok(outcome instanceof Error);
  });
});
