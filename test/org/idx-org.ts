import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createClock, type AdjustableClock } from '../../src/org/clock.js';
import { Directory, type SeedUser } from '../../src/org/directory.js';
import { cookies } from '../../src/org/http.js';
import { createIdxEngine, type IdxEngine, type SignInSettings } from '../../src/org/idx/engine.js';
import { Mailbox } from '../../src/org/mailbox.js';
import type { PolicyDecision, SignInRequest, SignInResult } from '../../src/org/sign-in.js';
import { IdxClient } from './idx-client.js';

/** A real server with the real engine behind it. Only the OAuth half is left out: it is recorded instead. */
export interface IdxOrg {
  origin: string;
  engine: IdxEngine;
  clock: AdjustableClock;
  directory: Directory;
  mailbox: Mailbox;
  /** What the OAuth half was told. */
  results: SignInResult[];
  endedSessionsOf: string[];
  /** How the policies decide. */
  decide: (request: SignInRequest, userId: string) => PolicyDecision;
  /** Opens a sign-in as a browser with this cookie. */
  signIn(request?: Partial<SignInRequest>): IdxClient;
  close(): Promise<void>;
}

export const ALLOWED = {
  allow: true,
  rule: 'Everybody',
  requireSecondFactor: false,
  accessTokenLifetimeSeconds: 3600,
  refreshTokenLifetimeSeconds: 0,
  refreshTokenWindowSeconds: 3600,
} satisfies PolicyDecision;
export const TWO_FACTORS: PolicyDecision = { ...ALLOWED, rule: 'Careful', requireSecondFactor: true };

export const TOTP_SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';

const users: SeedUser[] = [
  { login: 'sally@example.com', firstName: 'Sally', lastName: 'Snack', password: 'Crisps4all' },
  { login: 'tom@example.com', firstName: 'Tom', lastName: 'Totp', password: 'Nuts4all!', totpSecret: TOTP_SECRET },
  { login: 'lock@example.com', firstName: 'Lou', lastName: 'Locked', password: 'Keys4all', status: 'LOCKED_OUT' },
  { login: 'sue@example.com', firstName: 'Sue', lastName: 'Suspended', password: 'Stop4all', status: 'SUSPENDED' },
  { login: 'nick', email: 'nick@example.com', firstName: 'Nick', lastName: 'Name', password: 'Figs4all' },
];

export async function startIdxOrg(settings: Partial<SignInSettings> = {}): Promise<IdxOrg> {
  const clock = createClock();
  const directory = new Directory({ users }, clock);
  const mailbox = new Mailbox(clock);
  const results: SignInResult[] = [];
  const org = { clock, directory, mailbox, results, endedSessionsOf: [], decide: () => ALLOWED } as unknown as IdxOrg;

  const engine = createIdxEngine({
    directory,
    mailbox,
    clock,
    orgName: 'Test org',
    settings: {
      identifierFirst: false,
      keepMeSignedIn: true,
      registration: true,
      lockoutAttempts: 10,
      passwordMinLength: 8,
      stateLifetimeSeconds: 3600,
      identityProviders: [],
      ...settings,
    },
    host: {
      decide: (request, userId) => org.decide(request, userId),
      refusal: () => undefined,
      endSessions: (userId) => void org.endedSessionsOf.push(userId),
      clientLabel: () => 'Test app',
      issueInteractionCode: async (_request, result) => {
        results.push(result);
        return `code-${results.length}`;
      },
      establishSession: async (_req, res, _request, result) => {
        res.setHeader('X-Session-Of', result.userId);
      },
    },
  });

  const server = createServer((req, res) => {
    const origin = `http://${req.headers.host}`;
    const browserId = cookies(req).get('browser') ?? '';
    engine.handle(req, res, { origin, browserId }).then(
      (answered) => answered || res.writeHead(404).end(),
      () => res.destroyed || res.end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return Object.assign(org, {
    origin,
    engine,
    signIn(partial: Partial<SignInRequest> = {}) {
      const request: SignInRequest = {
        kind: 'embedded',
        origin,
        browserId: 'browser-1',
        clientId: 'app',
        scopes: ['openid'],
        redirectUri: 'http://app.example/callback',
        acrValues: [],
        ...partial,
      };
      return new IdxClient(origin, request, engine.begin(request));
    },
    async close() {
      engine.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}
