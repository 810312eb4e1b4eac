import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { frameHeaders, framePage, serverFiles } from '../../src/deploy/frame-files.js';
import { parseFrameSettings } from '../../src/widget/frame/settings.js';

const hashes = {
  'frame.css': 'sha384-css',
  'frame.js': 'sha384-frame',
  'generation-3.AbCd1234.js': 'sha384-shows-third',
  'widget-3.js': 'sha384-third',
  'widget.AbCd1234.js': 'sha384-second',
  'widget/css/okta-sign-in.css': 'sha384-style2',
  'widget/css/okta-sign-in-3.css': 'sha384-style3',
};
const template = readFileSync(new URL('../../src/widget/frame/page/index.html', import.meta.url), 'utf8');
const deployment = (generation: 2 | 3, widgetOptions = {}) => ({
  hashes,
  nonce: 'bm9uY2U=',
  settings: parseFrameSettings({
    issuer: 'https://login.example.com/oauth2/default',
    clientId: '0oa1',
    redirectUri: 'https://app.example.com/',
    parents: ['https://app.example.com', 'https://shop.example.com'],
    generation,
    widgetOptions,
  }),
});
const policyOf = (headers: Record<string, string>) =>
  Object.fromEntries(
    headers['Content-Security-Policy']!.split('; ').map((directive) => [
      directive.split(' ')[0],
      directive.split(' ').slice(1).join(' '),
    ]),
  );

describe('the page that is deployed', () => {
  for (const generation of [2, 3] as const) {
    it(`has a hash for everything of generation ${generation} that is code or style`, () => {
      const page = framePage(template, deployment(generation));
      const tags = [...page.matchAll(/<(?:script|link)\b[^>]*\b(?:src|href)="(?!data:)([^"]+)"[^>]*>/g)];
      const expected = [
        'frame.css',
        generation === 2 ? 'widget/css/okta-sign-in.css' : 'widget/css/okta-sign-in-3.css',
      ];
      assert.deepEqual(
        tags.map(([, file]) => file),
        [
          ...expected,
          ...(generation === 2 ? ['widget.AbCd1234.js'] : ['widget-3.js', 'generation-3.AbCd1234.js']),
          'frame.js',
        ],
      );
      for (const [tag, file] of tags) assert.ok(tag.includes(`integrity="${hashes[file as 'frame.js']}"`), tag);
      const map = JSON.parse(/<script type="importmap">(.*?)<\/script>/.exec(page)![1]!) as { integrity: object };
      const chunks = ['frame.js', 'generation-3.AbCd1234.js', 'widget-3.js', 'widget.AbCd1234.js'];
      assert.deepEqual(
        Object.keys(map.integrity),
        chunks.map((file) => `./${file}`),
      );
    });
  }
});

describe('the headers that go with it', () => {
  it('let in one inline script, by its hash: the import map', () => {
    const page = framePage(template, deployment(2));
    const [, map] = /<script type="importmap">(.*?)<\/script>/.exec(page)!;
    const hash = createHash('sha256').update(map!).digest('base64');
    assert.equal(policyOf(frameHeaders(deployment(2)))['script-src'], `'self' 'sha256-${hash}'`);
  });

  it('name who may show it, and whom it asks', () => {
    const policy = policyOf(frameHeaders(deployment(2)));
    assert.equal(policy['frame-ancestors'], 'https://app.example.com https://shop.example.com');
    assert.equal(policy['connect-src'], "'self' https://login.example.com");
    assert.equal(policy['default-src'], "'none'");
    assert.equal(policy['require-trusted-types-for'], "'script'");
  });

  it('keep to https, to their own window and to their own origin', () => {
    const headers = frameHeaders(deployment(2));
    assert.equal(headers['Strict-Transport-Security'], 'max-age=63072000');
    assert.equal(headers['Cross-Origin-Opener-Policy'], 'same-origin');
    assert.equal(headers['Cross-Origin-Resource-Policy'], 'same-origin');
    assert.equal(headers['Referrer-Policy'], 'no-referrer');
    assert.equal(headers['X-Content-Type-Options'], 'nosniff');
  });

  it('allow passkeys and copying, and deny what no form needs', () => {
    const policy = frameHeaders(deployment(3))['Permissions-Policy']!;
    const features = new Map(policy.split(', ').map((feature) => feature.split('=') as [string, string]));
    const allowed = [...features].filter(([, allowlist]) => allowlist !== '()');
    assert.deepEqual(allowed, [
      ['publickey-credentials-get', '(self)'],
      ['publickey-credentials-create', '(self)'],
      ['clipboard-write', '(self)'],
    ]);
    for (const name of ['camera', 'microphone', 'geolocation']) assert.equal(features.get(name), '()');
  });

  it('have nothing unsafe in them, and a nonce for generation 3 alone', () => {
    for (const generation of [2, 3] as const) {
      assert.doesNotMatch(frameHeaders(deployment(generation))['Content-Security-Policy']!, /unsafe|\*/);
    }
    assert.equal(policyOf(frameHeaders(deployment(2)))['style-src'], "'self'");
    assert.equal(policyOf(frameHeaders(deployment(3)))['style-src'], "'self' 'nonce-bm9uY2U='");
  });

  for (const generation of [2, 3] as const) {
    const okta = 'https://login.example.com';
    const policyWith = (options: object) => policyOf(frameHeaders(deployment(generation, options)));
    const pictures = (options: object) => policyWith(options)['img-src']!.split(' ').sort();
    const own = generation === 2 ? ["'self'"] : [];

    it(`let generation ${generation} show its logo, wherever the settings say that it is`, () => {
      const elsewhere = 'https://cdn.example.com';
      assert.deepEqual(pictures({}), [...own, 'data:', okta]);
      assert.deepEqual(pictures({ logo: 'data:image/gif;base64,R0lG' }), [...own, 'data:', okta]);
      for (const logo of ['/logo.svg', 'pictures/logo.svg']) {
        assert.deepEqual(pictures({ logo }), ["'self'", 'data:', okta], logo);
      }
      for (const logo of [`${elsewhere}/a/logo.svg?size=2;x`, '//cdn.example.com/logo.svg']) {
        assert.deepEqual(pictures({ logo }), [...own, 'data:', elsewhere, okta], logo);
      }
      assert.deepEqual(pictures({ logo: `${okta}/logo.svg` }), [...own, 'data:', okta]);
      for (const logo of ['http://', 'javascript:x', '', 3]) assert.deepEqual(pictures({ logo }), pictures({}));
      assert.deepEqual({ ...policyWith({ logo: '/logo.svg' }), 'img-src': '' }, { ...policyWith({}), 'img-src': '' });
    });

    it(`let generation ${generation} take files of the widget from where the settings say that they are`, () => {
      const baseUrl = 'https://static.example.com/widget/';
      for (const options of [{ assets: { baseUrl } }, { 'assets.baseUrl': baseUrl }]) {
        const { 'font-src': fonts, 'connect-src': texts, ...others } = policyWith(options);
        assert.equal(fonts, "'self' https://static.example.com");
        assert.equal(texts, `'self' ${okta} https://static.example.com`);
        assert.deepEqual(pictures(options), [...own, 'data:', okta, 'https://static.example.com']);
        // No code, and no styles.
        for (const name of ['default-src', 'script-src', 'style-src']) assert.equal(others[name], policyWith({})[name]);
      }
      assert.equal(policyWith({ assets: { baseUrl: '/widget' } })['connect-src'], `'self' ${okta}`);
    });
  }

  const files = serverFiles(frameHeaders(deployment(3)));
  const names = Object.keys(frameHeaders(deployment(3)));

  it('are told to nginx, one directive each, in quotes that hold', () => {
    const lines = files['nginx.conf']!.trim().split('\n');
    assert.equal(lines.length, names.length);
    for (const line of lines) assert.match(line, /^add_header [\w-]+ "[^"$\\]+" always;$/);
  });

  it('are told to Apache, one directive each, in quotes that hold', () => {
    const lines = files['.htaccess']!.trim().split('\n');
    assert.equal(lines.length, names.length);
    for (const line of lines) assert.match(line, /^Header always set [\w-]+ "[^"%\\]+"$/);
  });

  it('are told to Netlify and Cloudflare Pages, for every path', () => {
    const [path, ...lines] = files._headers!.trimEnd().split('\n');
    assert.equal(path, '/*');
    assert.deepEqual(
      lines.map((line) => /^ {2}([\w-]+): \S/.exec(line)?.[1]),
      names,
    );
    // What Cloudflare Pages reads of a line.
    for (const line of lines) assert.ok(line.length <= 2000);
  });

  describe('as the servers read them', () => {
    let folder: string;
    before(() => {
      folder = mkdtempSync(join(tmpdir(), 'headers-'));
    });
    after(() => rmSync(folder, { recursive: true }));
    const installed = (command: string) => spawnSync(command, ['-v']).error === undefined;

    it('nginx takes its file', { skip: !installed('nginx') && 'nginx is not installed' }, () => {
      writeFileSync(join(folder, 'headers.conf'), files['nginx.conf']!);
      const server = `server { listen 127.0.0.1:8080; include ${join(folder, 'headers.conf')}; }`;
      const config = `pid ${folder}/pid; error_log stderr; events {} http { access_log off; ${server} }`;
      writeFileSync(join(folder, 'nginx.conf'), config);
      const { status, stderr } = spawnSync('nginx', ['-t', '-c', join(folder, 'nginx.conf')], { encoding: 'utf8' });
      assert.equal(status, 0, stderr);
    });

    it('Apache takes its file', { skip: !installed('apache2') && 'apache2 is not installed' }, () => {
      const modules = '/usr/lib/apache2/modules';
      const load = ['mpm_event', 'authz_core', 'headers'].map(
        (name) => `LoadModule ${name}_module ${modules}/mod_${name}.so`,
      );
      writeFileSync(
        join(folder, 'apache.conf'),
        [
          ...load,
          'Listen 127.0.0.1:8080',
          'ServerName localhost',
          `PidFile ${folder}/pid`,
          `ErrorLog ${folder}/log`,
          files['.htaccess'],
        ].join('\n'),
      );
      const { status, stderr } = spawnSync('apache2', ['-t', '-f', join(folder, 'apache.conf')], { encoding: 'utf8' });
      assert.equal(status, 0, stderr);
    });
  });
});
