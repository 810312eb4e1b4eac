import assert from 'node:assert/strict';
import { mkdtemp, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { listenOnLoopback, type Loopback } from '../../src/org/server.js';
import { serveFiles } from '../../stories/munchbox/static-files.js';

let server: Loopback;
let folder: string;
let port: number;

interface Answer {
  status: number;
  headers: Record<string, unknown>;
  body: string;
}

/** The path goes out as it is; `fetch` would tidy it first. */
function ask(path: string, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, method }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body }));
    })
      .on('error', reject)
      .end();
  });
}

describe('the file server of the shop', () => {
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'munchbox-'));
    await mkdir(join(folder, 'pages'));
    await mkdir(join(folder, 'pages/notes'));
    await mkdir(join(folder, 'pages-of-others'));
    await mkdir(join(folder, 'cdn'));
    const files = {
      'secret.txt': 'secret',
      'pages-of-others/index.html': 'secret',
      'pages/.hidden': 'secret',
      'pages/index.html': '<p>ORIGIN</p>',
      'pages/notes/index.html': 'notes',
      'pages/a b.css': 'a{}',
      'pages/404.html': 'crumbs',
      'cdn/okta-elements.js': 'export {};',
      'cdn/auth-js.Ab3_-9xY.js': 'export {};',
    };
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
    await symlink(join(folder, 'secret.txt'), join(folder, 'pages/link.txt'));
    const handle = serveFiles({
      mounts: [
        { path: '/cdn/', folder: join(folder, 'cdn') },
        { path: '/', folder: join(folder, 'pages') },
      ],
      headers: () => ({ 'Content-Security-Policy': "default-src 'self'" }),
      rewrite: (html) => html.replace('ORIGIN', 'http://localhost:1'),
      notFound: join(folder, 'pages/404.html'),
    });
    server = await listenOnLoopback((req, res) => void handle(req, res), 0);
    port = server.port;
  });

  after(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });

  it('serves a page at its folder, rewritten and never from a cache unasked', async () => {
    const { status, headers, body } = await ask('/?a=1');
    assert.equal(status, 200);
    assert.equal(body, '<p>http://localhost:1</p>');
    assert.equal(headers['content-type'], 'text/html; charset=utf-8');
    assert.equal(headers['cache-control'], 'no-cache');
    assert.equal((await ask('/notes/')).body, 'notes');
  });

  it('sends the policy and the type with everything', async () => {
    for (const path of ['/', '/a%20b.css', '/nothing', '/cdn/okta-elements.js']) {
      const { headers } = await ask(path);
      assert.equal(headers['content-security-policy'], "default-src 'self'", path);
      assert.equal(headers['x-content-type-options'], 'nosniff', path);
    }
    assert.equal((await ask('/a%20b.css')).headers['content-type'], 'text/css; charset=utf-8');
    assert.equal((await ask('/cdn/okta-elements.js')).headers['content-type'], 'text/javascript; charset=utf-8');
  });

  it('lets browsers keep only what has a hash in its name', async () => {
    assert.match(String((await ask('/cdn/auth-js.Ab3_-9xY.js')).headers['cache-control']), /immutable/);
    assert.equal((await ask('/cdn/okta-elements.js')).headers['cache-control'], 'no-cache');
    assert.equal((await ask('/cdn/auth-js.Gone1234.js')).headers['cache-control'], 'no-cache');
  });

  it('stays inside its folders', async () => {
    const outside = [
      '/../secret.txt',
      '/..%2fsecret.txt',
      '/%2e%2e/secret.txt',
      '/..%5csecret.txt',
      '/../pages-of-others/index.html',
      '/cdn/../../secret.txt',
      '/cdn/..%2f..%2fsecret.txt',
      '//etc/passwd',
      '/link.txt',
      '/.hidden',
      '/index.html%00.css',
      '/%zz',
      '/notes',
    ];
    for (const path of outside) {
      const { status, body } = await ask(path);
      assert.equal(status, 404, path);
      assert.equal(body, 'crumbs', path);
    }
  });

  it('answers only to reading', async () => {
    assert.equal((await ask('/', 'POST')).status, 405);
    assert.equal((await ask('/', 'DELETE')).headers.allow, 'GET, HEAD');
    const { status, body } = await ask('/', 'HEAD');
    assert.equal(status, 200);
    assert.equal(body, '');
  });
});
