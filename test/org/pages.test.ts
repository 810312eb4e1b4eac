import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createOrg, type Org } from '../../src/org/index.js';
import { App, callbackParams, people } from './support/app.js';
import { UserAgent } from './support/user-agent.js';

describe('the pages of the org', () => {
  let org: Org;
  before(async () => {
    org = await createOrg({ seed: { ...people, branding: { name: 'Snacks & <Co>', primaryColor: '#b93315' } } });
  });
  after(() => org.close());
  const agent = new UserAgent();
  const get = (path: string) => agent.get(org.origin + path, { Accept: 'text/html' });

  it('say at / what this is, and lead on', async () => {
    const { status, text, headers } = await get('/');
    assert.equal(status, 200);
    assert.match(text, /not Okta/);
    assert.match(text, /not for production/);
    assert.ok(text.includes(org.issuer));
    assert.match(text, /<code>app<\/code>/);
    for (const path of ['/mailbox', '/users']) {
      assert.ok(text.includes(`href="${path}"`));
      assert.equal((await get(path)).status, 200);
    }
    assert.match(String(headers['content-security-policy']), /default-src 'none'/);
  });

  it('escape what the seed says', async () => {
    for (const page of [await get('/'), await new App(org, org.origin).authorize()]) {
      assert.ok(page.text.includes('Snacks &#38; &#60;Co&#62;'));
      assert.ok(!page.text.includes('<Co>'));
    }
  });

  it('let the sign-in page show the pictures that the seed names, wherever they are', async (t) => {
    const branding = { logo: 'HTTPS://cdn.example.com/logo.svg', backgroundImage: 'http://127.0.0.1:8080/a.png' };
    const other = await createOrg({ seed: { ...people, branding } });
    t.after(() => other.close());
    const { headers } = await new App(other, other.origin).authorize();
    const policy = String(headers['content-security-policy']);
    assert.match(policy, /img-src 'self' data: https:\/\/cdn\.example\.com http:\/\/127\.0\.0\.1:8080;/);
  });

  it('load nothing from elsewhere, and everything they name is there', async () => {
    for (const page of [await get('/'), await new App(org, org.origin).authorize(), await get('/help/login')]) {
      const names = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address!);
      assert.ok(names.length > 2);
      for (const name of names) {
        assert.match(name, /^\/(?!\/)/);
        assert.equal((await get(name)).status, 200, name);
      }
    }
  });

  it('give the widget’s fonts, images and translations', async () => {
    const page = await new App(org, org.origin).authorize();
    const base = /"assets":\{"baseUrl":"([^"]+)"/.exec(page.text)![1]!;
    for (const path of ['/labels/json/login_de.json', '/font/inter-latin-400-normal.woff2']) {
      const answer = await get(base + path);
      assert.equal(answer.status, 200, path);
      assert.match(String(answer.headers['cache-control']), /immutable/);
    }
  });

  for (const path of [
    '/../package.json',
    '/%2e%2e/package.json',
    '/..%2fpackage.json',
    '/js/../../package.json',
    '/js',
    '/js/',
    '/%',
    '/nothing.js',
  ]) {
    it(`give nothing outside the widget’s folder: ${path}`, async () => {
      const page = await new App(org, org.origin).authorize();
      const base = /"assets":\{"baseUrl":"([^"]+)"/.exec(page.text)![1]!;
      assert.equal((await get(base + path)).status, 404);
    });
  }

  it('are few: the rest is not there, in the manner of the path', async () => {
    const page = await get('/nothing');
    assert.equal(page.status, 404);
    assert.match(page.text, /<h1>/);
    for (const path of [
      '/api/v1/users',
      '/oauth2/default/v1/clients',
      '/oauth2/default/v1/logout/confirm',
      '/oauth2/other/v1/authorize',
    ]) {
      const answer = await get(path);
      assert.equal(answer.status, 404, path);
      assert.equal(answer.json.errorCode, 'E0000007');
      assert.ok(answer.json.errorId);
    }
  });

  it('take an authorization request by POST', async () => {
    const app = new App(org, org.origin);
    const url = new URL(app.authorizeUrl({ prompt: 'none' }));
    const answer = await app.agent.send(url.origin + url.pathname, { form: Object.fromEntries(url.searchParams) });
    assert.equal(answer.status, 303);
    const back = callbackParams(await app.agent.get(new URL(answer.location, org.origin).href));
    assert.equal(back.error, 'login_required');
  });

  it('refuse a body without end', async () => {
    const answer = await agent.send(`${org.issuer}/v1/interact`, { form: { state: 'x'.repeat(100_000) } });
    assert.equal(answer.status, 413);
  });
});
