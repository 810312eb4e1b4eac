import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';

const posix = process.platform !== 'win32';
const running = new Set<ChildProcess>();

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    running.forEach((child) => stop(child));
    process.exit(1);
  });
}
process.once('exit', () => running.forEach((child) => stop(child)));

/** Starts a program as the head of its own process group, so that whatever it starts can be ended with it. */
export function start(
  command: string,
  args: string[],
  env: NodeJS.ProcessEnv = {},
  stdio: StdioOptions = ['ignore', 'inherit', 'inherit'],
): ChildProcess {
  const child = spawn(command, args, { stdio, env: { ...process.env, ...env }, detached: posix, windowsHide: true });
  running.add(child);
  child.once('error', () => running.delete(child));
  child.once('exit', () => posix || running.delete(child));
  return child;
}

/** Ends a program and everything it started. */
export function stop(child: ChildProcess): void {
  running.delete(child);
  if (child.pid === undefined) return;
  try {
    if (posix) process.kill(-child.pid, 'SIGKILL');
    else child.kill('SIGKILL');
  } catch {
    // The group is gone already.
  }
}

/** Runs a program to its end, with its output on ours, for at most `limit` milliseconds. */
export async function run(
  command: string,
  args: string[],
  limit: number,
  env: NodeJS.ProcessEnv = {},
): Promise<{ code: number | null; timedOut: boolean }> {
  const child = start(command, args, env);
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    stop(child);
  }, limit);
  try {
    const [code] = (await once(child, 'exit')) as [number | null];
    return { code, timedOut };
  } finally {
    clearTimeout(timer);
    stop(child);
  }
}
