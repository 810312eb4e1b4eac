import type { IncomingMessage } from 'node:http';

/** Host names every org answers under. */
export const DEFAULT_HOST_NAMES = ['localhost', '127.0.0.1'];

/**
 * The host names of an org. A request for any other is refused: a page on the internet whose name was made to resolve
 * to this machine (DNS rebinding) must get nothing.
 */
export class Hosts {
  /** Origins by host name, in the order the names were given. */
  readonly origins: Readonly<Record<string, string>>;

  constructor(names: readonly string[], port: number) {
    const all = [...new Set([...DEFAULT_HOST_NAMES, ...names])];
    this.origins = Object.fromEntries(all.map((name) => [name, `http://${name}${port === 80 ? '' : `:${port}`}`]));
  }

  /** Origin the request is for; `undefined` when it is for no host of this org. */
  originOf({ headers }: IncomingMessage): string | undefined {
    const origin = `http://${(headers.host ?? '').toLowerCase()}`;
    return Object.values(this.origins).includes(origin) ? origin : undefined;
  }
}
