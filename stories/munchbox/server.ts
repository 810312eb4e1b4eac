import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { fileURLToPath } from 'node:url';
import { createOrg, type Org } from '../../src/org/index.js';
import type { Seed } from '../../src/org/seed.js';
import { listenOnLoopback, type Handler } from '../../src/org/server.js';
import { AccessTokens } from './access-token.js';
import { createApi } from './api.js';
import { serveFiles } from './static-files.js';

/** The origins that the pages and the seed name. They are right as they stand when both ports are free. */
const WRITTEN = {
  org: 'http://localhost:7100',
  shop: 'http://localhost:7200',
  customShop: 'http://shop.munchbox.localhost:7200',
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
  };
  org: Org;
  close(): Promise<void>;
}

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** What the pages need and no more. The embedded widget runs under this as it is: no inline script, no inline style. */
function contentSecurity(org: string): string {
  return [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    `img-src 'self' data: ${org}`,
    "font-src 'self'",
    `connect-src 'self' ${org}`,
    `frame-src ${org}`,
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
  const shopOrigin = `http://localhost:${server.port}`;
  const customShopOrigin = `http://shop.munchbox.localhost:${server.port}`;
  const org = await createOrg({
    seed: await readSeed(shopOrigin, customShopOrigin),
    port: options.orgPort ?? 0,
  }).catch(async (error: unknown) => {
    await server.close();
    throw error;
  });
  // One of the custom domains of the seed.
  const customOrgOrigin = org.origins['login.munchbox.localhost']!;

  const orgFor = ({ headers }: IncomingMessage) =>
    options.customDomain || headers.host?.startsWith('shop.munchbox.localhost') ? customOrgOrigin : org.origin;
  const now = () => org.clock.now();
  const tokens = new AccessTokens({
    issuers: Object.values(org.origins).map((origin) => `${origin}/oauth2/default`),
    audience: org.config.authorizationServer.audience,
    keys: new URL(`${org.issuer}/v1/keys`),
    now,
  });
  const headers = (req: IncomingMessage) => ({
    'Content-Security-Policy': contentSecurity(orgFor(req)),
    'Referrer-Policy': 'strict-origin-when-cross-origin',
  });
  const answer = createApi({ tokens, now });
  const serve = serveFiles({
    mounts: [
      { path: '/okta-elements/', folder: folder('../../dist/cdn') },
      { path: '/', folder: folder('pages') },
    ],
    headers,
    rewrite: (html, req) => html.replaceAll(WRITTEN.org, orgFor(req)),
    notFound: folder('pages/404.html'),
  });
  handle = (req, res) => {
    answer(req, res, headers(req))
      .then((answered) => (answered ? undefined : serve(req, res)))
      .catch(() => res.destroy());
  };

  return {
    shop: { origin: options.customDomain ? customShopOrigin : shopOrigin, customOrigin: customShopOrigin },
    org,
    close: async () => {
      await Promise.all([server.close(), org.close()]);
    },
  };
}

/** The seed for a shop at these origins. Its logo goes along as data, so that the org's pages ask no other host. */
async function readSeed(shop: string, customShop: string): Promise<Seed> {
  const text = await readFile(folder('org.json'), 'utf8');
  const seed = JSON.parse(text.replaceAll(WRITTEN.shop, shop).replaceAll(WRITTEN.customShop, customShop)) as Seed;
  const logo = `data:image/svg+xml;base64,${await readFile(folder('pages/art/logo.svg'), 'base64')}`;
  return { ...seed, branding: { ...seed.branding, logo } };
}
