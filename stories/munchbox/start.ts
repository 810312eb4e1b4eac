/**
 * `npm start`: the munchBOX shop and its own local Okta org.
 *
 *     node --import tsx stories/munchbox/start.ts [--port 7200] [--org-port 7100]
 *
 * Serves what `npm run build` has put into dist/cdn. A default port that is taken is replaced by a free one.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { Seed } from '../../src/org/seed.js';
import { listenOnLoopback } from '../../src/org/server.js';
import { startMunchbox } from './server.js';

const here = (path: string) => new URL(path, import.meta.url);

class UsageError extends Error {}

/** The port asked for; the default one, if it is free; any free one otherwise. */
async function choosePort(name: string, asked: string | undefined, byDefault: number): Promise<number> {
  if (asked !== undefined) {
    const port = Number(asked);
    if (!/^\d+$/.test(asked) || port > 65_535) throw new UsageError(`--${name} is a port number; "${asked}" is not.`);
    return port;
  }
  try {
    await (await listenOnLoopback(() => {}, byDefault)).close();
    return byDefault;
  } catch {
    console.log(`Port ${byDefault} is taken; using a free one instead (--${name} chooses).`);
    return 0;
  }
}

/** What there is to see when signed in as a sample user. */
function describe({ groups = [], totpSecret }: NonNullable<Seed['users']>[number]): string {
  if (groups.includes('Closed accounts')) return 'is turned away by a policy';
  const place = groups.includes('Warehouse staff') ? 'may enter the warehouse' : 'is a member';
  return totpSecret ? `${place}, with a second factor: its code is on the users page` : place;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { port: { type: 'string' }, 'org-port': { type: 'string' } } });
  if (!existsSync(here('../../dist/cdn/okta-elements.js'))) throw new UsageError('Run "npm run build" first.');
  const { shop, org, close } = await startMunchbox({
    port: await choosePort('port', values.port, 7200),
    orgPort: await choosePort('org-port', values['org-port'], 7100),
  });
  const seed = JSON.parse(await readFile(here('org.json'), 'utf8')) as Seed;

  console.log(`
  Shop     ${shop.origin}
           ${shop.customOrigin}   the same with the org on a custom domain
           ${shop.origin}/sign-in-frame.html   whose form is on ${shop.frameOrigin}
  Org      ${org.origin}   local Okta org: this machine only, never for production
  Mailbox  ${org.origin}/mailbox   what the org has sent: codes and links
  Users    ${org.origin}/users   everybody, with one-time codes

  Sample users`);
  for (const user of seed.users ?? []) {
    console.log(`    ${user.login.padEnd(24)}${user.password?.padEnd(22)}${describe(user)}`);
  }
  console.log('\nmunchBOX is ready. Ctrl+C stops it.');

  const stop = () => void close().then(() => process.exit(0));
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

main().catch((error: NodeJS.ErrnoException) => {
  const usage = error instanceof UsageError || error.code?.startsWith('ERR_PARSE_ARGS');
  console.error(error.code === 'EADDRINUSE' ? `The port is taken: ${error.message}` : usage ? error.message : error);
  process.exitCode = usage ? 2 : 1;
});
