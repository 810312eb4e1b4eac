import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { handleAdmin } from '../../src/org/admin/pages.js';
import { Directory } from '../../src/org/directory.js';
import { Mailbox } from '../../src/org/mailbox.js';

describe('The pages for developers', () => {
  const now = 1_111_111_109_000;
  const clock = { now: () => now };
  const mailbox = new Mailbox(clock);
  const directory = new Directory(
    {
      users: [
        { login: 'a@example.com', firstName: '<b>Ada</b>', lastName: 'L', password: 'Secret<4>all', groups: ['Staff'] },
        { login: 'b@example.com', firstName: 'Bob', lastName: 'L', totpSecret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ' },
      ],
    },
    clock,
  );
  const server = createServer((req, res) => {
    void handleAdmin(req, res, { origin: 'http://org.example', directory, mailbox, now: clock.now }).then(
      (answered) => {
        if (!answered) res.writeHead(404).end();
      },
    );
  });
  let origin = '';
  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    mailbox.send({ to: 'a@example.com', subject: 'First', text: 'One', code: '111111' });
    mailbox.send({
      to: 'b@example.com',
      subject: 'Second <script>',
      text: 'Two',
      code: '222222',
      link: 'http://x.example/?a=1&b=2',
    });
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const page = async (path: string) => (await fetch(origin + path)).text();

  it('show mail, the newest first, with its code and link', async () => {
    const html = await page('/mailbox');
    assert.ok(html.indexOf('222222') < html.indexOf('111111'));
    assert.match(html, /href="http:\/\/x\.example\/\?a=1&#38;b=2"/);
    assert.match(html, /Second &#60;script&#62;/);
    const one = await page('/mailbox?to=A%40example.com');
    assert.ok(one.includes('111111') && !one.includes('222222'));
  });

  it('have the mail as JSON', async () => {
    const all = (await (await fetch(`${origin}/mailbox.json`)).json()) as { code: string; to: string }[];
    assert.deepEqual(
      all.map(({ code }) => code),
      ['111111', '222222'],
    );
    const some = (await (await fetch(`${origin}/mailbox.json?to=b@example.com`)).json()) as { code: string }[];
    assert.deepEqual(
      some.map(({ code }) => code),
      ['222222'],
    );
  });

  it('show users with all that a developer needs to sign in as them', async () => {
    const html = await page('/users');
    assert.match(html, /&#60;b&#62;Ada&#60;\/b&#62; L/);
    assert.match(html, /Secret&#60;4&#62;all/);
    assert.match(html, /<span class="tag">Staff<\/span>/);
    assert.match(html, /<code>081804<\/code><\/strong> now/);
  });

  it('run no script and are read only', async () => {
    for (const path of ['/mailbox', '/users']) {
      const response = await fetch(origin + path);
      assert.match(response.headers.get('content-security-policy') ?? '', /^default-src 'none'; style-src 'sha256-/);
      assert.doesNotMatch(await response.text(), /<script/);
      assert.equal((await fetch(origin + path, { method: 'POST' })).status, 405);
    }
    assert.equal((await fetch(`${origin}/other`)).status, 404);
  });
});
