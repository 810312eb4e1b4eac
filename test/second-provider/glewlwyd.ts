import { execFileSync, type ChildProcess } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../support/runners/ports.js';
import { start, stop } from '../support/runners/processes.js';
import { Administration } from './administration.js';
import { installed } from './installation.js';

/** Milliseconds until it must answer. */
const patience = 10_000;

/** Glewlwyd as it runs for one test file: its own port, folder and database, and nothing of the system's. */
export interface Glewlwyd {
  readonly origin: string;
  readonly administration: Administration;
  /** What it has written about itself, for a test that wants to know why. */
  log(): string;
  /** Ends it, and removes all it wrote. */
  close(): void;
}

/** Starts Glewlwyd as whoever runs the tests; no service, no root, nothing outside a temporary folder. */
export async function startGlewlwyd(): Promise<Glewlwyd> {
  const folder = mkdtempSync(join(tmpdir(), 'glewlwyd-'));
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const database = join(folder, 'glewlwyd.db');
  const webapp = join(folder, 'webapp');
  const settings = join(folder, 'glewlwyd.conf');
  const lines: string[] = [];
  let child: ChildProcess | undefined;
  const close = (): void => {
    if (child) stop(child);
    rmSync(folder, { recursive: true, force: true });
  };
  // Also when a test file ends in the middle.
  process.once('exit', close);
  try {
    createDatabase(database);
    copyWebapp(webapp);
    writeFileSync(settings, configuration({ origin, port, database, webapp }));
    child = start(installed.program, ['--config-file', settings], { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data: Buffer) => lines.push(String(data)));
    await answers(origin, child);
    return { origin, administration: await Administration.open(origin), log: () => lines.join(''), close };
  } catch (error) {
    close();
    throw new Error(`Glewlwyd did not start: ${(error as Error).message}\n${lines.join('')}`, { cause: error });
  }
}

/** The tables and the first user, as the package's own installation makes them. */
function createDatabase(path: string): void {
  execFileSync(installed.sqlite, [path], {
    input: `PRAGMA synchronous=OFF;\n${readFileSync(installed.schema, 'utf8')}`,
  });
}

/**
 * The sign-in pages. Glewlwyd serves nothing that a link leads out of its folder to, and Debian's are full of links;
 * the one to its settings leads to a folder.
 */
function copyWebapp(folder: string): void {
  cpSync(installed.webapp, folder, {
    recursive: true,
    dereference: true,
    filter: (path) => !path.endsWith('config.json'),
  });
  cpSync(installed.webappSettings, join(folder, 'config.json'));
}

function configuration(at: { origin: string; port: number; database: string; webapp: string }): string {
  const types = { html: 'text/html', css: 'text/css', js: 'application/javascript', json: 'application/json' };
  const settings = {
    port: at.port,
    bind_address: '127.0.0.1',
    // Without a slash at the end: it becomes the beginning of every address that discovery names.
    external_url: at.origin,
    login_url: 'login.html',
    api_prefix: 'api',
    static_files_path: `${at.webapp}/`,
    allow_origin: '*',
    allow_methods: 'GET, POST, PUT, DELETE, OPTIONS',
    allow_headers: 'Origin, X-Requested-With, Content-Type, Accept, Bearer, Authorization, DPoP',
    expose_headers: 'Content-Encoding, Authorization, WWW-Authenticate, DPoP-Nonce',
    log_mode: 'console',
    log_level: 'INFO',
    cookie_secure: false,
    session_key: 'GLEWLWYD2_SESSION_ID',
    session_expiration: 3600,
    allow_multiple_user_per_session: true,
    login_api_enabled: true,
    admin_scope: 'g_admin',
    profile_scope: 'g_profile',
    user_module_path: `${installed.modules}/user`,
    client_module_path: `${installed.modules}/client`,
    user_auth_scheme_module_path: `${installed.modules}/scheme`,
    plugin_module_path: `${installed.modules}/plugin`,
    hash_algorithm: 'SHA512',
  };
  return [
    ...Object.entries(settings).map(([name, value]) => `${name} = ${JSON.stringify(value)};`),
    `database = { type = "sqlite3"; path = ${JSON.stringify(at.database)}; };`,
    `static_files_mime_types = (${Object.entries(types)
      .map(([extension, type]) => `{ extension = ".${extension}"; mime_type = "${type}"; }`)
      .join(', ')});`,
  ].join('\n');
}

async function answers(origin: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + patience;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`it ended with code ${child.exitCode}`);
    const answer = await fetch(`${origin}/config`).catch(() => undefined);
    if (answer?.ok) return;
    await delay(50);
  }
  throw new Error(`it did not answer within ${patience / 1000} s`);
}
