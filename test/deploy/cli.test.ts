import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

// As it is built: the frame that it deploys is beside it.
const CLI = fileURLToPath(new URL('../../dist/deploy/cli.js', import.meta.url));
const settings = {
  issuer: 'https://login.example.com/oauth2/default',
  clientId: '0oa1',
  redirectUri: 'https://app.example.com/',
  parents: ['https://app.example.com'],
};

const okta = (...args: string[]) => spawnSync(process.execPath, [CLI, ...args], { encoding: 'utf8' });

describe('okta-frame', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'okta-frame-'));
  });
  after(() => rmSync(folder, { recursive: true }));
  const written = (name: string, value: unknown) => {
    const file = join(folder, name);
    writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value));
    return file;
  };

  for (const generation of [2, 3] as const) {
    it(`writes a page of generation ${generation} whose files have the hashes it names`, () => {
      const to = join(folder, `signin-${generation}`);
      const { status, stdout, stderr } = okta(written('settings.json', { ...settings, generation }), to);
      assert.equal(status, 0, stderr);
      assert.match(stdout, /Trusted Origins/);
      const page = readFileSync(join(to, 'index.html'), 'utf8');
      const named = [...page.matchAll(/(?:src|href)="(?!data:)([^"]+)" integrity="([^"]+)"/g)];
      // Styles of the page and of the form, its scripts, of which generation 3 has two, and the page's own.
      assert.equal(named.length, generation === 2 ? 4 : 5);
      for (const [, file, hash] of named) {
        const content = readFileSync(join(to, file!));
        assert.equal(`sha384-${createHash('sha384').update(content).digest('base64')}`, hash, file);
      }
      const said = JSON.parse(readFileSync(join(to, 'okta-frame.json'), 'utf8')) as typeof settings;
      assert.equal(said.clientId, settings.clientId);
      for (const name of ['nginx.conf', '.htaccess', '_headers']) {
        assert.match(readFileSync(join(to, name), 'utf8'), /frame-ancestors https:\/\/app\.example\.com/);
      }
      assert.equal(existsSync(join(to, 'widget-3.js')), generation === 3);
    });
  }

  it('writes over what it wrote before', () => {
    const to = join(folder, 'signin-2');
    const others = { ...settings, parents: ['https://shop.example.com'] };
    assert.equal(okta(written('settings.json', others), to).status, 0);
    assert.match(readFileSync(join(to, '_headers'), 'utf8'), /frame-ancestors https:\/\/shop\.example\.com/);
  });

  it('says what is wrong with its settings, and ends with 2', () => {
    const file = written('wrong.json', { ...settings, parents: ['*'] });
    const { status, stderr } = okta(file, join(folder, 'nowhere'));
    assert.deepEqual([status, existsSync(join(folder, 'nowhere'))], [2, false]);
    assert.match(stderr, /wrong\.json: parents lists "\*"/);
    assert.equal(okta(written('torn.json', '{'), folder).status, 2);
    assert.equal(okta(join(folder, 'missing.json'), folder).status, 2);
  });

  it('says how it is used, and ends with 2 when it is used otherwise', () => {
    assert.match(okta('--help').stdout, /okta-frame SETTINGS FOLDER/);
    for (const args of [[], ['one'], ['one', 'two', 'three'], ['--other', 'one', 'two']]) {
      assert.equal(okta(...args).status, 2, args.join(' '));
    }
  });

  it('says that it could not write, and ends with 1', () => {
    const { status, stderr } = okta(written('settings.json', settings), written('taken', 'a file'));
    assert.equal(status, 1, stderr);
  });
});
