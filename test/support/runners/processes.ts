import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

const posix = process.platform !== 'win32';
/** What was started and not stopped yet. */
const started = new Set<ChildProcess>();
/** Milliseconds a program has to end what it started, such as a browser in a group of its own. */
const grace = 3_000;

for (const event of ['SIGINT', 'SIGTERM'] as const) {
  process.once(event, () => {
    void Promise.all([...started].map(end)).then(() => process.exit(1));
  });
}
process.once('exit', () => started.forEach(stop));

interface Surroundings {
  /** Added to our own environment. */
  env?: NodeJS.ProcessEnv;
  stdio?: StdioOptions;
}

/** Starts a program as the head of its own process group, so that whatever it starts can be stopped with it. */
export function start(
  command: string,
  args: string[],
  { env, stdio = ['ignore', 'inherit', 'inherit'] }: Surroundings = {},
): ChildProcess {
  const child = spawn(command, args, { stdio, env: { ...process.env, ...env }, detached: posix, windowsHide: true });
  started.add(child);
  child.once('error', () => started.delete(child));
  return child;
}

/** Stops a program and its group at once. */
export function stop(child: ChildProcess): void {
  started.delete(child);
  signal(child, 'SIGKILL');
}

/** Asks a program to end, and stops it when it does not. */
async function end(child: ChildProcess): Promise<void> {
  signal(child, 'SIGTERM');
  await Promise.race([once(child, 'exit'), delay(grace, undefined, { ref: false })]);
  stop(child);
}

function signal(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (posix) process.kill(-child.pid, name);
    else child.kill(name);
  } catch {
    // The group is gone already.
  }
}

/** Runs a program to its end, for at most `limit` milliseconds, with its output on ours. */
export async function run(
  command: string,
  args: string[],
  limit: number,
  env?: NodeJS.ProcessEnv,
): Promise<{ code: number | null; timedOut: boolean }> {
  const child = start(command, args, { env });
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    void end(child);
  }, limit);
  try {
    const [code] = (await once(child, 'exit')) as [number | null];
    return { code, timedOut };
  } finally {
    clearTimeout(timer);
    stop(child);
  }
}
