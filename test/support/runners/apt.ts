import { existsSync } from 'node:fs';
import { run } from './processes.js';

const limit = 10 * 60_000;

/** Whether packages can be installed here without asking anyone: root on Debian or a relative of it. */
export function canInstall(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
}

/** Installs Debian packages. Throws when apt-get does. */
export async function install(packages: string[]): Promise<void> {
  console.log(`Installing ${packages.join(', ')} with apt-get`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [
    ['-qq', 'update'],
    ['-qq', 'install', '-y', '--no-install-recommends', ...packages],
  ]) {
    const { code } = await run('apt-get', args, limit, env);
    if (code !== 0) throw new Error(`apt-get ${args.join(' ')} ended with code ${code}`);
  }
}
