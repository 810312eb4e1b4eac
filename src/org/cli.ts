#!/usr/bin/env node
import { createRequire } from 'node:module';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { createOrg } from './index.js';
import type { Org } from './org.js';

const HELP = `okta-org: a local server that answers as an Okta org, for development and tests. Never for production.

Usage: okta-org [options]

  --seed FILE    JSON file with users, groups, clients, policies, branding (default: three sample users, one client)
  --port NUMBER  port to listen on, 0 for any free one (default: 7100)
  --host NAME    another host name to answer under, such as login.example.localhost; may be repeated
  --app URL      an application: its redirect URI is added to every client, its origin is trusted; may be repeated
  --help         show this
  --version      show the version

It listens on this machine only. Stop it with Ctrl+C.
Exit codes: 0 stopped, 1 could not start, 2 wrong option or seed.`;

const OPTIONS = {
  seed: { type: 'string' },
  port: { type: 'string', default: '7100' },
  host: { type: 'string', multiple: true, default: [] },
  app: { type: 'string', multiple: true, default: [] },
  help: { type: 'boolean', default: false },
  version: { type: 'boolean', default: false },
} satisfies ParseArgsConfig['options'];

/** How many sample users are printed. */
const SHOWN = 6;

/** Something the person at the keyboard has to put right. */
class UsageError extends Error {}

async function main(): Promise<void> {
  const options = readOptions();
  if (options.help) {
    console.log(HELP);
    return;
  }
  if (options.version) {
    const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };
    console.log(version);
    return;
  }
  const org = await createOrg({
    port: portOf(options.port),
    seed: options.seed,
    hostNames: options.host,
    apps: options.app,
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void org.close());
  introduce(org);
}

function readOptions() {
  try {
    return parseArgs({ options: OPTIONS, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new UsageError(`--port must be a number from 0 to 65535, not "${text}"`);
  return port;
}

function introduce({ origin, origins, issuer, config, directory }: Org): void {
  const others = Object.values(origins).filter((other) => other !== origin);
  const users = directory.list();
  const lines = [
    'Local Okta org. Not Okta, and not for production.',
    '',
    `  Org      ${[origin, ...others].join('\n           ')}`,
    `  Issuer   ${issuer}`,
    `  Clients  ${config.clients.map(({ id }) => id).join(', ') || 'none'}`,
    `  Mailbox  ${origin}/mailbox`,
    `  Users    ${origin}/users`,
    ...users.slice(0, SHOWN).map((user) => {
      const password = directory.samplePassword(user.id);
      return `           ${user.profile.login}${password === undefined ? '' : `  ${password}`}`;
    }),
    ...(users.length > SHOWN ? [`           and ${users.length - SHOWN} more`] : []),
    '',
    'ready',
  ];
  console.log(lines.join('\n'));
}

main().catch((error: NodeJS.ErrnoException) => {
  const usage = error instanceof UsageError || error.name === 'SeedError';
  const message =
    error.code === 'EADDRINUSE'
      ? 'The port is taken. Choose another with --port, or 0 for any free one.'
      : error.message;
  console.error(`okta-org: ${message}${error instanceof UsageError ? '\nTry okta-org --help' : ''}`);
  process.exitCode = usage ? 2 : 1;
});
