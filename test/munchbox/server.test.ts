import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { startMunchbox, type Munchbox } from '../../stories/munchbox/server.js';

let munchbox: Munchbox;

/** Asks the shop by one of its names; whether that name resolves here is the browser's affair. */
function page(origin: string): Promise<{ html: string; csp: string }> {
  const { host, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path: '/sign-in.html', headers: { host } }, (response) => {
      let html = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (html += chunk));
      response.on('end', () => resolve({ html, csp: String(response.headers['content-security-policy']) }));
    })
      .on('error', reject)
      .end();
  });
}

describe('the shop and its org', () => {
  before(async () => {
    munchbox = await startMunchbox();
  });

  after(() => munchbox.close());

  it('name each other, wherever they are', async () => {
    const { shop, org } = munchbox;
    const { html, csp } = await page(shop.origin);
    assert.ok(html.includes(`issuer="${org.issuer}"`));
    assert.ok(html.includes(`${org.origin}/mailbox`));
    assert.ok(csp.includes(`connect-src 'self' ${org.origin};`));
    assert.deepEqual(org.config.trustedOrigins, [
      ...[shop.origin, shop.frameOrigin],
      ...[shop.customOrigin, shop.customFrameOrigin],
    ]);
    assert.deepEqual(org.config.clients[0]!.redirectUris, [`${shop.origin}/`, `${shop.customOrigin}/`]);
  });

  it('mention nothing but the custom domain on the custom domain', async () => {
    const { shop, org } = munchbox;
    const { html, csp } = await page(shop.customOrigin);
    const origin = org.origins['login.munchbox.localhost']!;
    assert.ok(html.includes(`issuer="${origin}/oauth2/default"`));
    assert.doesNotMatch(html + csp, /http:\/\/localhost/);
  });

  it('runs script and style of its own only', async () => {
    const { csp } = await page(munchbox.shop.origin);
    assert.match(csp, /script-src 'self';/);
    assert.match(csp, /style-src 'self';/);
    assert.doesNotMatch(csp, /unsafe|\*/);
  });

  it('says so when a port is taken, and leaves nothing behind', async () => {
    const port = Number(new URL(munchbox.shop.origin).port);
    const orgPort = Number(new URL(munchbox.org.origin).port);
    await assert.rejects(startMunchbox({ port }), { code: 'EADDRINUSE' });
    await assert.rejects(startMunchbox({ orgPort }), { code: 'EADDRINUSE' });
  });
});
