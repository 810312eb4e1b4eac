import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deployFrame } from '../../src/deploy/deploy-frame.js';
import { createOrg, type Org } from '../../src/org/index.js';
import { listenOnLoopback } from '../../src/org/server.js';
import { parseFrameSettings } from '../../src/widget/frame/settings.js';
import { serveFiles } from '../../stories/munchbox/static-files.js';
import { people } from '../org/support/app.js';
import { configuration } from '../support/pages/configuration.js';

const APP_HOST = 'app.example.localhost';
const FRAME_HOST = 'signin.example.localhost';
/** On another site than the app, as an org without a custom domain is. */
const ORG_HOST = 'org.okta.localhost';

const SCOPES = 'openid profile email offline_access';

/** Pages of an app, a sign-in frame on another origin, and a local org on another site. */
export interface Site {
  /** Origin of the app. */
  readonly origin: string;
  readonly orgOrigin: string;
  readonly org: Org;
  /** Puts a page at a path, with `<okta-config>` in it. */
  page(path: string, body: string): void;
  /** How many requests the org has had whose method and path begin so: `POST /idp/idx/`. */
  requests(beginning: string): number;
  close(): Promise<void>;
}

/** @param accessTokenSeconds lifetime of access tokens */
export async function startSite({ accessTokenSeconds = 3600 } = {}): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), 'whole-pages-'));
  const pages = new Map<string, string>();
  const dist = (path: string) => fileURLToPath(new URL(`../../dist/${path}`, import.meta.url));
  const missing = fileURLToPath(new URL('../../stories/munchbox/pages/404.html', import.meta.url));
  const files = { rewrite: (html: string) => html, notFound: missing };
  let frameHeaders: Record<string, string> = {};
  const serveApp = serveFiles({
    ...files,
    mounts: [{ path: '/okta-elements/', folder: dist('cdn') }],
    headers: () => ({}),
  });
  const serveFrame = serveFiles({ ...files, mounts: [{ path: '/', folder }], headers: () => frameHeaders });

  const server = await listenOnLoopback((req, res) => {
    const page = pages.get(new URL(req.url ?? '/', 'http://host').pathname);
    if (req.headers.host?.startsWith(FRAME_HOST)) serve(serveFrame, req, res);
    else if (page === undefined) serve(serveApp, req, res);
    else res.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-cache' }).end(page);
  }, 0);
  const origin = `http://${APP_HOST}:${server.port}`;
  const frame = `http://${FRAME_HOST}:${server.port}/`;

  const rule = {
    name: 'Everybody',
    action: 'ALLOW' as const,
    accessTokenLifetimeMinutes: accessTokenSeconds / 60,
  };
  const org = await createOrg({
    seed: {
      ...people,
      trustedOrigins: [origin, new URL(frame).origin],
      authorizationServer: { policies: [{ name: 'The app', rules: [rule] }] },
    },
    apps: [`${origin}/`],
    hostNames: [ORG_HOST],
  });
  const orgOrigin = org.origins[ORG_HOST]!;
  const issuer = org.issuer.replace(org.origin, orgOrigin);
  const settings = {
    issuer,
    clientId: 'app',
    redirectUri: `${origin}/`,
    scopes: SCOPES,
    parents: [origin],
    generation: 2,
  };
  frameHeaders = await deployFrame(parseFrameSettings(settings), folder, dist('frame'));

  const received: string[] = [];
  const listen = (message: unknown) => {
    const { request } = message as { request: IncomingMessage };
    if (`http://${request.headers.host}` === orgOrigin) received.push(`${request.method} ${request.url}`);
  };
  subscribe('http.server.request.start', listen);

  return {
    origin,
    orgOrigin,
    org,
    page(path, body) {
      pages.set(
        path,
        `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <link rel="icon" href="data:," />
    <title>${path}</title>
    <style>okta-guard:not(:defined) { display: none }</style>
    <script type="module" src="/okta-elements/okta-elements.js"></script>
  </head>
  <body>
    ${configuration({ issuer, 'client-id': 'app', scopes: SCOPES, 'frame-src': frame })}
    ${body}
  </body>
</html>`,
      );
    },
    requests: (beginning) => received.filter((request) => request.startsWith(beginning)).length,
    async close() {
      unsubscribe('http.server.request.start', listen);
      await org.close();
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function serve(files: ReturnType<typeof serveFiles>, req: IncomingMessage, res: ServerResponse): void {
  files(req, res).catch(() => res.destroy());
}
