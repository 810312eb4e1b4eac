import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../../src/org/cli.ts', import.meta.url));

interface Run {
  code: number | null;
  out: string;
  err: string;
}

/** Runs `okta-org` to its end. With `whenReady`, that is called once it says so, and then the signal is sent. */
function run(
  args: string[],
  {
    whenReady,
    signal = 'SIGINT',
    nodeArgs = [] as string[],
  }: { whenReady?: (out: string) => Promise<void>; signal?: NodeJS.Signals; nodeArgs?: string[] } = {},
): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', ...nodeArgs, CLI, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [out, err, ready] = ['', '', false];
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      if (ready || !/^ready$/m.test(out)) return;
      ready = true;
      (whenReady?.(out) ?? Promise.resolve()).then(() => child.kill(signal), reject);
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, out, err }));
  });
}

describe('okta-org', { concurrency: 2 }, () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'okta-org-'));
  });
  after(() => rm(folder, { recursive: true }));
  const seedFile = async (name: string, content: string): Promise<string> => {
    const file = join(folder, name);
    await writeFile(file, content);
    return file;
  };

  it('says where it is and who is there, answers, and stops cleanly', async () => {
    const seed = await seedFile(
      'good.json',
      JSON.stringify({
        users: [{ login: 'zoe@example.com', firstName: 'Z', lastName: 'Y', password: 'zoe-password' }],
        clients: [{ id: 'shop' }],
      }),
    );
    let issuer = '';
    const { code, out } = await run(
      ['--port', '0', '--seed', seed, '--host', 'login.shop.localhost', '--app', 'http://localhost:5999/'],
      {
        async whenReady(text) {
          issuer = /Issuer +(\S+)/.exec(text)![1]!;
          const answer = await fetch(`${issuer}/.well-known/openid-configuration`, {
            headers: { Origin: 'http://localhost:5999' },
          });
          assert.equal(((await answer.json()) as { issuer: string }).issuer, issuer);
          assert.equal(answer.headers.get('access-control-allow-origin'), 'http://localhost:5999');
        },
      },
    );
    assert.equal(code, 0);
    assert.match(out, /Not Okta, and not for production/);
    assert.match(out, /http:\/\/login\.shop\.localhost:\d+/);
    assert.match(out, /zoe@example\.com +zoe-password/);
    assert.match(out, /shop/);
    assert.match(out, /\/mailbox/);
    await assert.rejects(fetch(issuer), 'nobody listens any more');
  });

  it('stops for SIGTERM too', async () => {
    assert.equal((await run(['--port', '0'], { signal: 'SIGTERM' })).code, 0);
  });

  it('exits with 2 and names the field when the seed is wrong', async () => {
    const seed = await seedFile('bad.json', JSON.stringify({ clients: [{ id: 'shop', redirectUris: ['nope'] }] }));
    const { code, err, out } = await run(['--seed', seed, '--port', '0']);
    assert.equal(code, 2);
    assert.match(err, /clients\[0\]\.redirectUris\[0\]/);
    assert.doesNotMatch(err, /at \w+.*\.ts/, 'without a stack trace');
    assert.doesNotMatch(out, /ready/);
  });

  it('exits with 2 and names the field when two users share an address', async () => {
    const user = (login: string) => ({ login, email: 'both@example.com', firstName: 'B', lastName: 'B' });
    const seed = await seedFile('shared.json', JSON.stringify({ users: [user('a'), user('b')] }));
    const { code, err } = await run(['--seed', seed, '--port', '0']);
    assert.equal(code, 2);
    assert.match(err, /users\[1\]\.email: "both@example\.com" is the email of users\[0\] too/);
  });

  it('exits with 2 when the seed is not there or not JSON', async () => {
    assert.equal((await run(['--seed', join(folder, 'none.json')])).code, 2);
    assert.equal((await run(['--seed', await seedFile('text.json', '{')])).code, 2);
  });

  it('exits with 2 for an option it does not know, or a wrong value', async () => {
    for (const args of [
      ['--sede', 'x'],
      ['extra'],
      ['--port', 'http'],
      ['--port', '70000'],
      ['--app', 'shop', '--port', '0'],
    ]) {
      const { code, err } = await run(args);
      assert.equal(code, 2, args.join(' '));
      assert.match(err, /^okta-org: /m);
    }
  });

  it('exits with 1 and says so when the port is taken', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { code, err } = await run(['--port', String((server.address() as AddressInfo).port)]);
    server.close();
    assert.equal(code, 1);
    assert.match(err, /port is taken/);
  });

  it('prints its help and its version', async () => {
    const help = await run(['--help']);
    assert.equal(help.code, 0);
    for (const option of ['--seed', '--port', '--host', '--app', '--help', '--version'])
      assert.ok(help.out.includes(option), option);
    const version = await run(['--version']);
    assert.equal(version.code, 0);
    assert.match(version.out, /^\d+\.\d+\.\d+/);
  });

  it('says what to install when an optional package is missing', async () => {
    const hide = `export function resolve(name, context, next) {
      if (name === 'oidc-provider') throw Object.assign(new Error("Cannot find package 'oidc-provider'"), { code: 'ERR_MODULE_NOT_FOUND' });
      return next(name, context);
    }`;
    const loader = `data:text/javascript,${encodeURIComponent(`import { register } from 'node:module'; register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(hide)}));`)}`;
    const { code, err } = await run(['--port', '0'], { nodeArgs: ['--import', loader] });
    assert.equal(code, 1);
    assert.match(err, /needs the package "oidc-provider".*npm install --save-dev oidc-provider zod qrcode/);
  });
});
