import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Servers on IPv4 and, where there is one, IPv6 loopback, on the same port. */
export interface Loopback {
  port: number;
  close(): Promise<void>;
}

export type Handler = (req: IncomingMessage, res: ServerResponse) => void;

/**
 * Listens on loopback only. Browsers resolve `localhost` to either family, so both are served.
 *
 * @param port 0 for any free one
 * @throws Error with `code` `EADDRINUSE` when the port is taken
 */
export async function listenOnLoopback(handler: Handler, port: number): Promise<Loopback> {
  for (let attempt = 1; ; attempt += 1) {
    const four = createServer(handler);
    await listen(four, port, '127.0.0.1');
    const bound = (four.address() as AddressInfo).port;
    const six = createServer(handler);
    try {
      await listen(six, bound, '::1');
      return loopback(bound, [four, six]);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT') return loopback(bound, [four]);
      await close(four);
      // Any port will do, and the one that was free for IPv4 is taken for IPv6: try another.
      if (code !== 'EADDRINUSE' || port !== 0 || attempt === 5) throw error;
    }
  }
}

function loopback(port: number, servers: Server[]): Loopback {
  return {
    port,
    close: async () => {
      await Promise.all(servers.map(close));
    },
  };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, exclusive: true }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** As in Okta's `X-Okta-Request-Id`. */
export function requestId(): string {
  return randomBytes(16).toString('hex');
}
