/**
 * `npm run check`: the package as a user gets it. It is packed, looked at by publint and attw, installed in an empty
 * project, and tried there.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { ensureBuilt } from './support/runners/build.js';

interface Manifest {
  name: string;
  exports: Record<string, string | Record<string, string>>;
  sideEffects: string[];
}

await ensureBuilt();

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
const project = mkdtempSync(join(tmpdir(), 'okta-elements-check-'));
const installed = join(project, 'node_modules', manifest.name);
let tarball = '';
const failures: string[] = [];
let passed = 0;

await check('dist/ has nothing the sources do not make', () => {
  const sourceOf = (file: string) => `src/${file.replace(/\.(js|js\.map|d\.ts)$/, '')}.ts`;
  const stale = filesIn('dist').filter((file) => !/^(cdn|frame)\//.test(file) && !existsSync(sourceOf(file)));
  assert.deepEqual(stale, [], 'left from an earlier build; run npm run clean');
});

await check('every tag has its own entry, and only entries have side effects', () => {
  const tags = readdirSync('src/define').map((file) => file.replace(/\.ts$/, ''));
  const entries = Object.keys(manifest.exports).flatMap((name) => name.match(/^\.\/define\/(.+)$/)?.[1] ?? []);
  assert.deepEqual(entries.sort(), tags.sort());
  const expected = ['./dist/cdn/okta-elements.js', './dist/define.js', ...tags.map((tag) => `./dist/define/${tag}.js`)];
  assert.deepEqual([...manifest.sideEffects].sort(), expected.sort());
});

await check('the package can be packed', () => {
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', project];
  const [{ filename }] = JSON.parse(npm(args, process.cwd())) as [{ filename: string }];
  tarball = join(project, filename);
});

await check('publint has nothing to say', async () => {
  const buffer = readFileSync(tarball);
  const content = buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.length);
  const { messages, pkg } = await publint({ pack: { tarball: content }, strict: true });
  assert.deepEqual(
    messages.map((message) => formatMessage(message, pkg, { color: false })),
    [],
  );
});

await check('attw finds types for every entry', () => {
  node(
    ['node_modules/@arethetypeswrong/cli/dist/index.js', tarball, '--profile', 'esm-only', '--no-color'],
    process.cwd(),
  );
});

await check('it installs in an empty project', () => {
  writeFileSync(join(project, 'package.json'), '{"name": "empty", "private": true, "type": "module"}');
  npm(['install', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', tarball], project);
});

await check('every entry leads to a file, with types', () => {
  for (const [name, target] of Object.entries(manifest.exports)) {
    const files = typeof target === 'string' ? [target] : Object.values(target);
    for (const file of files.map((path) => path.replace('*', 'okta-elements.js'))) {
      assert.ok(existsSync(join(installed, file)), `${name} leads to ${file}, which is not in the package`);
    }
  }
  const [specifier] = [`${manifest.name}/cdn/okta-elements.js`];
  runScript(`console.log(import.meta.resolve(${JSON.stringify(specifier)}))`);
});

await check('importing the root in Node touches no window and registers nothing', () => {
  runScript(`
    // Lit asks whether there is a document, and may; the package itself must not.
    for (const name of ['window', 'document', 'localStorage', 'sessionStorage', 'location', 'customElements']) {
      let value;
      Object.defineProperty(globalThis, name, {
        configurable: true,
        get() {
          if (/node_modules.okta-elements.dist/.test(new Error().stack.split('\\n')[2])) throw new Error('touched ' + name);
          return value;
        },
        set(given) { value = given; },
      });
    }
    const { OktaSigninElement, configure, getClient } = await import(${JSON.stringify(manifest.name)});
    if (typeof configure !== 'function' || typeof getClient !== 'function') throw new Error('exports are missing');
    if (typeof OktaSigninElement !== 'function') throw new Error('classes are missing');
    const tags = ${JSON.stringify(readdirSync('src/define').map((file) => file.replace(/\.ts$/, '')))};
    const defined = tags.filter((tag) => globalThis.customElements?.get(tag));
    if (defined.length > 0) throw new Error('registered: ' + defined);
  `);
});

await check('a bundler leaves out what is not used, and keeps registrations', async () => {
  const error = await bundle(`import { OktaElementsError } from '${manifest.name}'; console.log(OktaElementsError);`);
  assert.doesNotMatch(error, /okta-config|adoptedStyleSheets/);
  const guard = await bundle(`import '${manifest.name}/define/okta-guard';`);
  assert.match(guard, /customElements\.define\("okta-guard"/);
  assert.doesNotMatch(guard, /customElements\.define\("okta-signin"/);
});

await check('okta-frame writes its page, and all the files that names', () => {
  const settings = {
    issuer: 'https://login.example.com/oauth2/default',
    clientId: 'app',
    redirectUri: 'https://app.example.com/',
    parents: ['https://app.example.com'],
  };
  for (const generation of [2, 3]) {
    writeFileSync(join(project, 'settings.json'), JSON.stringify({ ...settings, generation }));
    npm(['exec', '--no', '--', 'okta-frame', 'settings.json', `frame-${generation}`], project);
    const folder = join(project, `frame-${generation}`);
    const named = [...readFileSync(join(folder, 'index.html'), 'utf8').matchAll(/(?:src|href)="(?!data:)([^"]+)"/g)];
    assert.ok(named.length > 0);
    for (const [, file] of named) assert.ok(existsSync(join(folder, file!)), `there is no ${file}`);
  }
});

await check('okta-org says what it needs when its peers are absent', () => {
  assert.throws(
    () => npm(['exec', '--no', '--', 'okta-org', '--port', '0'], project),
    ({ stderr }: { stderr: string }) => /oidc-provider/.test(stderr) && !/\n\s+at /.test(stderr),
  );
});

await check('okta-org --help runs with them', () => {
  const { peerDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    peerDependencies: Record<string, string>;
  };
  const peers = Object.entries(peerDependencies).map(([name, range]) => `${name}@${range}`);
  npm(['install', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', ...peers], project);
  assert.match(npm(['exec', '--no', '--', 'okta-org', '--help'], project), /okta-org/);
  runScript(
    `const { createOrg } = await import('${manifest.name}/org'); await (await createOrg({ port: 0 })).close();`,
  );
});

rmSync(project, { recursive: true, force: true });
console.log(
  `\npackage checks: ${passed} hold, ${failures.length} do not${failures.map((name) => `; ${name}`).join('')}`,
);
process.exitCode = failures.length > 0 ? 1 : 0;

async function check(name: string, body: () => void | Promise<void>): Promise<void> {
  try {
    await body();
    passed += 1;
    console.log(`ok      ${name}`);
  } catch (error) {
    failures.push(name);
    const { message, stdout = '', stderr = '' } = error as Error & { stdout?: string; stderr?: string };
    console.log(`NOT OK  ${name}\n${[message, stdout, stderr].join('\n').trim().replace(/^/gm, '        ')}`);
  }
}

async function bundle(contents: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: project },
    bundle: true,
    write: false,
    outdir: project,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    logLevel: 'silent',
  });
  const entry = outputFiles.find(({ path }) => path.endsWith('stdin.js'));
  return entry!.text;
}

function runScript(code: string): string {
  writeFileSync(join(project, 'script.mjs'), code);
  return node(['script.mjs'], project);
}

function node(args: string[], cwd: string): string {
  return execFileSync(process.execPath, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** npm is a script that npm itself names; on Windows it cannot be run by its short name without a shell. */
function npm(args: string[], cwd: string): string {
  const script = process.env.npm_execpath;
  if (!script) throw new Error('Run this with npm run check.');
  return node([script, ...args], cwd);
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    );
}
