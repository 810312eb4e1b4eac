import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { fileURLToPath } from 'node:url';
import { createOrg, type Org } from '../../src/org/index.js';
import type { Seed } from '../../src/org/seed.js';
import { listenOnLoopback, type Handler } from '../../src/org/server.js';
import { AccessTokens } from './access-token.js';
import { createApi } from './api.js';
import { signInFrame } from './sign-in-frame.js';
import { serveFiles } from './static-files.js';

/** The origins that the pages and the seed name. They are right as they stand when both ports are free. */
const WRITTEN = {
  org: 'http://localhost:7100',
  shop: 'http://localhost:7200',
  customShop: 'http://shop.munchbox.localhost:7200',
  frame: 'http://signin.localhost:7200',
  customFrame: 'http://signin.munchbox.localhost:7200',
};

export interface MunchboxOptions {
  /** Port of the shop. Default 0: any free one. */
  port?: number;
  /** Port of the org. Default 0: any free one. */
  orgPort?: number;
  /**
   * Everything on a domain of munchBOX's own: `shop.munchbox.localhost` signs people in at `login.munchbox.localhost`.
   * Default false. Either way both servers answer on both of their names, and a page opened on the shop's own domain
   * names the org's own domain.
   */
  customDomain?: boolean;
}

export interface Munchbox {
  shop: {
    /** Such as `http://localhost:7200`. */
    origin: string;
    /** The shop on its own domain. */
    customOrigin: string;
    /** Where the form of the page with `isolation="frame"` is: for the one, and for the other. */
    frameOrigin: string;
    customFrameOrigin: string;
  };
  org: Org;
  close(): Promise<void>;
}

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** What the pages need and no more. The embedded widget runs under this as it is: no inline script, no inline style. */
function contentSecurity(org: string, frame: string): string {
  return [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    `img-src 'self' data: ${org}`,
    "font-src 'self'",
    `connect-src 'self' ${org}`,
    `frame-src ${org} ${frame}`,
    `form-action 'self' ${org}`,
    "frame-ancestors 'none'",
    "object-src 'none'",
    "base-uri 'none'",
  ].join('; ');
}

/**
 * Starts the shop and its org on loopback.
 *
 * @throws Error with `code` `EADDRINUSE` when a port that was asked for is taken
 */
export async function startMunchbox(options: MunchboxOptions = {}): Promise<Munchbox> {
  // The org is told where the shop is and the shop where the org is, so the shop's port comes first.
  let handle: Handler = (_req, res) => res.writeHead(503, { 'Retry-After': '1' }).end();
  const server = await listenOnLoopback((req, res) => handle(req, res), options.port ?? 0);
  const at = (written: string) => written.replace(/\d+$/, String(server.port));
  const shopOrigin = at(WRITTEN.shop);
  const customShopOrigin = at(WRITTEN.customShop);
  const [frameOrigin, customFrameOrigin] = [at(WRITTEN.frame), at(WRITTEN.customFrame)];
  const org = await createOrg({
    seed: await readSeed(at),
    port: options.orgPort ?? 0,
  }).catch(async (error: unknown) => {
    await server.close();
    throw error;
  });
  // One of the custom domains of the seed.
  const customOrgOrigin = org.origins['login.munchbox.localhost']!;

  const isCustom = ({ headers }: IncomingMessage) =>
    options.customDomain || headers.host?.startsWith('shop.munchbox.localhost');
  const orgFor = (req: IncomingMessage) => (isCustom(req) ? customOrgOrigin : org.origin);
  const frameFor = (req: IncomingMessage) => (isCustom(req) ? customFrameOrigin : frameOrigin);
  const frames = {
    [hostOf(frameOrigin)]: signInFrame({ issuer: org.issuer, shop: shopOrigin }),
    [hostOf(customFrameOrigin)]: signInFrame({ issuer: `${customOrgOrigin}/oauth2/default`, shop: customShopOrigin }),
  };
  const now = () => org.clock.now();
  const tokens = new AccessTokens({
    issuers: Object.values(org.origins).map((origin) => `${origin}/oauth2/default`),
    audience: org.config.authorizationServer.audience,
    keys: new URL(`${org.issuer}/v1/keys`),
    now,
  });
  const headers = (req: IncomingMessage) => ({
    'Content-Security-Policy': contentSecurity(orgFor(req), frameFor(req)),
    'Referrer-Policy': 'strict-origin-when-cross-origin',
  });
  const answer = createApi({ tokens, now });
  const serve = serveFiles({
    mounts: [
      { path: '/okta-elements/', folder: folder('../../dist/cdn') },
      { path: '/', folder: folder('pages') },
    ],
    headers,
    rewrite: (html, req) => html.replaceAll(WRITTEN.org, orgFor(req)).replaceAll(WRITTEN.frame, frameFor(req)),
    notFound: folder('pages/404.html'),
  });
  handle = (req, res) => {
    const frame = frames[req.headers.host ?? ''];
    if (frame) {
      frame.serve(req, res).catch(() => res.destroy());
      return;
    }
    answer(req, res, headers(req))
      .then((answered) => (answered ? undefined : serve(req, res)))
      .catch(() => res.destroy());
  };

  return {
    shop: {
      origin: options.customDomain ? customShopOrigin : shopOrigin,
      customOrigin: customShopOrigin,
      frameOrigin,
      customFrameOrigin,
    },
    org,
    close: async () => {
      await Promise.all([server.close(), org.close()]);
      await Promise.all(Object.values(frames).map((frame) => frame.close()));
    },
  };
}

const hostOf = (origin: string): string => new URL(origin).host;

/** The seed for a shop at these addresses. Its logo goes along as data, so that the org's pages ask no other host. */
async function readSeed(at: (written: string) => string): Promise<Seed> {
  const text = await readFile(folder('org.json'), 'utf8');
  const ours = [WRITTEN.shop, WRITTEN.customShop, WRITTEN.frame, WRITTEN.customFrame];
  const seed = JSON.parse(ours.reduce((so, written) => so.replaceAll(written, at(written)), text)) as Seed;
  const logo = `data:image/svg+xml;base64,${await readFile(folder('pages/art/logo.svg'), 'base64')}`;
  return { ...seed, branding: { ...seed.branding, logo } };
}
