import type { IncomingMessage, ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import { listenOnLoopback } from '../../../src/org/server.js';
import { serveFiles } from '../../../stories/munchbox/static-files.js';
import { page } from './page.js';

/** The pages of the shop. Access tokens of the client `brief` last a few seconds. */
export const pages = {
  home: { path: '/', clientId: 'shop', redirects: false },
  brief: { path: '/brief', clientId: 'brief', redirects: false },
  members: { path: '/members', clientId: 'shop', redirects: true },
} as const;

export type PageName = keyof typeof pages;

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** A shop on an origin of its own: static pages with the built package, and an API that wants an access token. */
export class ShopServer {
  /** The issuer that the pages name. */
  issuer = '';
  /** The time limit of requests that the pages set. */
  requestTimeoutMs = 10_000;
  /** Runs before the shop answers a redirect callback. */
  onReturn: (() => void | Promise<void>) | undefined;
  /** Access tokens that the API rejects with status 401. */
  readonly refusedTokens = new Set<string>();
  /** The access token that the API received last. */
  lastToken = '';
  readonly origin: string;
  readonly close: () => Promise<void>;

  private constructor(port: number, close: () => Promise<void>) {
    this.origin = `http://localhost:${port}`;
    this.close = close;
  }

  static async start(): Promise<ShopServer> {
    let handle: (req: IncomingMessage, res: ServerResponse) => void = (_req, res) => res.writeHead(503).end();
    const { port, close } = await listenOnLoopback((req, res) => handle(req, res), 0);
    const shop = new ShopServer(port, close);
    const files = serveFiles({
      mounts: [
        { path: '/okta-elements/', folder: folder('../../../dist/cdn') },
        { path: '/', folder: folder('.') },
      ],
      headers: () => ({}),
      rewrite: (html) => html,
      notFound: folder('../../../stories/munchbox/pages/404.html'),
    });
    handle = (req, res) => {
      shop.#answer(req, res, files).catch(() => res.destroy());
    };
    return shop;
  }

  async #answer(req: IncomingMessage, res: ServerResponse, files: ReturnType<typeof serveFiles>): Promise<void> {
    const { pathname, searchParams } = new URL(req.url ?? '/', this.origin);
    if (pathname === '/api/orders') {
      this.lastToken = req.headers.authorization?.replace(/^Bearer /, '') ?? '';
      res.writeHead(!this.lastToken || this.refusedTokens.has(this.lastToken) ? 401 : 200).end('[]');
      return;
    }
    const shown = Object.values(pages).find(({ path }) => path === pathname);
    if (!shown) return files(req, res);
    if (searchParams.has('code')) await this.onReturn?.();
    res.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-cache' });
    res.end(page({ issuer: this.issuer, requestTimeoutMs: this.requestTimeoutMs, ...shown }));
  }
}
