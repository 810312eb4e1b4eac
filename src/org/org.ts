import type { IncomingMessage, ServerResponse } from 'node:http';
import { handleAdmin } from './admin/pages.js';
import { describeUnmet, isAssured } from './assurance.js';
import { AuthorizationServer } from './authorization-server.js';
import { createClock, type AdjustableClock, type Clock } from './clock.js';
import { applyCors, withholdCors } from './cors.js';
import { defaultSeed } from './default-seed.js';
import { Directory } from './directory.js';
import { applyFault, Faults, type FaultName } from './faults.js';
import { Hosts } from './hosts.js';
import { HttpError, sendEmpty, sendHtml, sendJson, urlOf } from './http.js';
import { FAILURE_PATH } from './idx/answer.js';
import { createIdxEngine } from './idx/engine.js';
import { Mailbox } from './mailbox.js';
import { discoveryDocument } from './oidc/discovery.js';
import { sendOktaError } from './oidc/errors.js';
import { issueInteractionCode } from './oidc/grants.js';
import { browserIdOf, finishSignIn, nameBrowser, refuseSignIn } from './oidc/hosted.js';
import { interact } from './oidc/interact.js';
import { isProviderPath, mount } from './oidc/mount.js';
import { FINISH_PATH, ISSUER_PATH } from './oidc/provider.js';
import { serveAsset } from './pages/assets.js';
import { errorPage } from './pages/error.js';
import { helpPage } from './pages/help.js';
import { homePage } from './pages/home.js';
import { extendConfig, parseSeed, readSeed, type OrgConfig, type Seed } from './seed.js';
import { listenOnLoopback, requestId } from './server.js';
import { Sessions } from './sessions.js';
import type { SignInHost } from './sign-in.js';

export interface OrgOptions {
  /** Default 0: any free port. */
  port?: number;
  /** What the org starts with: an object, or the path of a JSON file. Default: three people and one client. */
  seed?: Seed | string;
  /** Host names to answer under, besides `localhost`, `127.0.0.1` and the seed's `customDomains`. */
  hostNames?: readonly string[];
  /**
   * Addresses of applications under development. Each becomes a redirect and post-logout URI of every client, and its
   * origin is trusted: what one would otherwise write into the seed.
   */
  apps?: readonly string[];
  /**
   * Default: the machine's, which tests can move forward. DPoP proofs alone are judged by the machine's own, because
   * they come from browsers, which have that.
   */
  clock?: Clock;
}

/** A running org. */
export interface Org<C extends Clock = AdjustableClock> {
  /** Where it is, under `localhost`: `http://localhost:7100`. */
  origin: string;
  /** Issuer of its authorization server, under `localhost`. */
  issuer: string;
  /** Origins by host name. Under each, the org mentions no other. */
  origins: Readonly<Record<string, string>>;
  directory: Directory;
  mailbox: Mailbox;
  clock: C;
  faults: Faults;
  /** The seed with every default filled in. */
  config: OrgConfig;
  /** Signs with a new key from now on. The key before stays in `/v1/keys` until the next rotation. */
  rotateKeys(): Promise<void>;
  /** Stops listening and closes every connection. Nothing keeps the process alive afterwards. */
  close(): Promise<void>;
}

interface Exchange {
  req: IncomingMessage;
  res: ServerResponse;
  origin: string;
  pathname: string;
}

export async function startOrg(options: OrgOptions): Promise<Org<Clock>> {
  const { seed = defaultSeed, apps = [], hostNames = [] } = options;
  const config = extendConfig(typeof seed === 'string' ? readSeed(seed) : parseSeed(seed), apps, hostNames);
  const clock = options.clock ?? createClock();
  const directory = new Directory(config, clock);
  const mailbox = new Mailbox(clock);
  const faults = new Faults();
  const authorizationServer = await AuthorizationServer.create(config, directory, clock);
  const { deps } = authorizationServer;
  const sessions = new Sessions(deps);
  const trusted = new Set(config.trustedOrigins);

  const host: SignInHost = {
    decide(request, userId) {
      const user = deps.activeUser(userId);
      const grantType = request.kind === 'embedded' ? 'interaction_code' : 'authorization_code';
      if (!user) return { allow: false, description: 'The user is not active.' };
      return deps.decide(user, { clientId: request.clientId, grantType, scopes: request.scopes });
    },
    refusal(request, { userId, amr }) {
      const decision = host.decide(request, userId);
      if (!decision.allow) return { error: 'access_denied', description: decision.description };
      if (isAssured(request.acrValues, amr)) return undefined;
      return { error: 'unmet_authentication_requirements', description: describeUnmet(request.acrValues) };
    },
    endSessions: (userId) => sessions.endAllOf(userId),
    clientLabel(clientId) {
      const client = config.clients.find(({ id }) => id === clientId);
      return client?.label ?? clientId;
    },
    issueInteractionCode: (request, result) =>
      issueInteractionCode(authorizationServer.providerOf(request.origin), request, result),
    establishSession: (req, res, request, result) =>
      sessions.establish(authorizationServer.providerOf(request.origin), req, res, result),
  };
  const engine = createIdxEngine({
    directory,
    mailbox,
    clock,
    host,
    settings: config.signIn,
    orgName: config.branding.name,
  });
  authorizationServer.engine = engine;

  const routes = async (exchange: Exchange): Promise<boolean> => {
    const { req, res, origin, pathname } = exchange;
    const provider = authorizationServer.providerOf(origin);
    switch (pathname) {
      case '/':
        sendHtml(res, 200, homePage(origin, config));
        return true;
      case '/help/login':
        sendHtml(res, 200, helpPage());
        return true;
      case '/favicon.ico':
        sendEmpty(res);
        return true;
      case `${ISSUER_PATH}/.well-known/openid-configuration`:
      case `${ISSUER_PATH}/.well-known/oauth-authorization-server`:
        sendJson(res, 200, discoveryDocument(origin, deps));
        return true;
      case '/.well-known/okta-organization':
        sendJson(res, 200, { id: '00o1localorg0okta1d7', _links: { organization: { href: origin } }, pipeline: 'idx' });
        return true;
      case `${ISSUER_PATH}/v1/interact`:
        await interact(
          req,
          res,
          {
            origin,
            browserId: nameBrowser(req, res),
            session: await sessions.current(provider, req, res),
            begin: (request) => engine.begin(request).interactionHandle,
          },
          deps,
        );
        return true;
      case FINISH_PATH:
        await finishSignIn(provider, req, res, origin, engine);
        return true;
      case FAILURE_PATH:
        refuseSignIn(req, res, origin, engine);
        return true;
    }
    if (isProviderPath(pathname)) {
      await mount(provider, req, res, deps);
      return true;
    }
    return (
      (await sessions.handle(provider, origin, req, res)) ||
      serveAsset(req, res) ||
      (await handleAdmin(req, res, { origin, directory, mailbox, now: () => clock.now() })) ||
      (await engine.handle(req, res, { origin, browserId: browserIdOf(req) }))
    );
  };

  const answer = async (req: IncomingMessage, res: ServerResponse, hosts: Hosts): Promise<void> => {
    const origin = hosts.originOf(req);
    res.setHeader('X-Okta-Request-Id', requestId());
    if (!origin) {
      const names = Object.values(hosts.origins).join(', ');
      sendJson(res, 421, {
        error: 'misdirected_request',
        error_description: `This org answers at ${names} and nowhere else.`,
      });
      return;
    }
    const { pathname } = urlOf(req);
    if (applyCors(req, res, pathname, trusted)) return;
    const fault = faults.take(faultNameOf(pathname));
    if (fault?.cors === false) withholdCors(res);
    if (fault && (await applyFault(fault, req, res))) return;
    if (!(await routes({ req, res, origin, pathname }))) notFound(req, res, pathname);
  };

  // The names are known once the port is. A request that comes before waits.
  let settle!: (hosts: Hosts) => void;
  const settled = new Promise<Hosts>((resolve) => (settle = resolve));
  const loopback = await listenOnLoopback((req, res) => {
    settled.then((known) => answer(req, res, known)).catch((error: unknown) => failed(res, error));
  }, options.port ?? 0);
  const hosts = new Hosts(config.customDomains, loopback.port);
  settle(hosts);
  const origin = hosts.origins.localhost!;

  return {
    origin,
    issuer: `${origin}${ISSUER_PATH}`,
    origins: hosts.origins,
    directory,
    mailbox,
    clock,
    faults,
    config,
    rotateKeys: () => authorizationServer.rotateKeys(),
    close: async () => {
      await loopback.close();
      engine.close();
    },
  };
}

function faultNameOf(pathname: string): FaultName | undefined {
  if (pathname.startsWith(`${ISSUER_PATH}/.well-known/`)) return 'discovery';
  if (pathname.startsWith('/idp/idx/')) return 'idx';
  if (pathname.startsWith('/api/v1/sessions/')) return 'sessions';
  if (!pathname.startsWith(`${ISSUER_PATH}/v1/`)) return undefined;
  const endpoint = pathname.slice(`${ISSUER_PATH}/v1/`.length).split('/')[0];
  const names = ['keys', 'authorize', 'token', 'userinfo', 'revoke', 'logout', 'introspect', 'interact'] as const;
  return names.find((name) => name === endpoint);
}

function notFound(req: IncomingMessage, res: ServerResponse, pathname: string): void {
  if (/^\/(?:api|idp|oauth2)\//.test(pathname) || !req.headers.accept?.includes('text/html')) {
    sendOktaError(res, 404, 'E0000007', `Not found: Resource not found: ${pathname}`);
  } else {
    sendHtml(res, 404, errorPage(404, 'not_found', 'There is no such page at this org.'));
  }
}

function failed(res: ServerResponse, error: unknown): void {
  const status = error instanceof HttpError ? error.status : 500;
  if (status === 500) console.error('The local Okta org failed:', error);
  if (res.headersSent) res.destroy();
  else if (status === 500) sendOktaError(res, 500, 'E0000009', 'Internal Server Error');
  else sendOktaError(res, status, 'E0000003', (error as HttpError).message);
}
