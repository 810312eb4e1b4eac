import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../clock.js';
import type { Directory } from '../directory.js';
import { sendJson, urlOf } from '../http.js';
import type { Mailbox } from '../mailbox.js';
import type { Refusal, SignInHost, SignInRequest, SignInResult } from '../sign-in.js';
import {
  bareAnswer,
  cancelForm,
  failureAnswer,
  interactionCodeAnswer,
  ION_TYPE,
  PROVIDERS_PATH,
  redirectAnswer,
  stepAnswer,
} from './answer.js';
import { belongsTo, type Caller } from './binding.js';
import { EmailLinks } from './email-links.js';
import { openEmailLink } from './email-link-page.js';
import { readValues, type Form } from './form.js';
import { visitProvider } from './identity-provider.js';
import { Lockout } from './lockout.js';
import * as machine from './machine.js';
import { accountLockedMail } from './mails.js';
import { IdxError, messages } from './messages.js';
import { RateLimit } from './rate-limit.js';
import { readRequest, type JsonObject } from './request.js';
import type { Services, SignInSettings } from './services.js';
import { TransactionStore } from './store.js';
import { Transaction } from './transaction.js';

export type { SignInSettings } from './services.js';

export interface IdxEngineOptions {
  directory: Directory;
  mailbox: Mailbox;
  clock: Clock;
  host: SignInHost;
  settings: SignInSettings;
  /** Shown in mails and authenticator apps. Default `Local Okta org`. */
  orgName?: string;
}

export interface IdxEngine {
  /** Opens a sign-in. The hosted page is given the state token, an embedding app the interaction handle. */
  begin(request: SignInRequest): { stateToken: string; interactionHandle: string };
  /**
   * Answers a call below `/idp/idx/`, and a link to an identity provider.
   *
   * @returns false for any other path, with nothing answered
   */
  handle(req: IncomingMessage, res: ServerResponse, context: { origin: string; browserId: string }): Promise<boolean>;
  /** Hosted: the outcome, for the token the browser was sent back with. Good once, in the browser that signed in. */
  finished(redirectToken: string, browserId: string): (SignInResult & { request: SignInRequest }) | undefined;
  /** Embedded: why a sign-in got no code, for the token of the link in that answer. Good once, in the same browser. */
  refused(redirectToken: string, browserId: string): (Refusal & { request: SignInRequest }) | undefined;
  /** Stops the timer and forgets every sign-in under way. */
  close(): void;
}

const PREFIX = '/idp/idx/';
const SWEEP_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Wrong emailed codes per account and hour, over all sign-ins. */
const WRONG_CODES = 20;

/** The org's Identity Engine (IDX): a state machine that speaks Okta's dialect of Ion. */
export function createIdxEngine(options: IdxEngineOptions): IdxEngine {
  const { directory, mailbox, clock, host, settings, orgName = 'Local Okta org' } = options;
  const store = new TransactionStore(clock);
  const links = new EmailLinks();
  const lockout = new Lockout(directory, settings.lockoutAttempts, clock, (userId) => {
    mailbox.send({ to: directory.get(userId)!.profile.email, ...accountLockedMail(orgName) });
  });
  const wrongCodes = new RateLimit(clock, WRONG_CODES, HOUR_MS);
  const services: Services = { directory, mailbox, clock, host, settings, orgName, lockout, wrongCodes, links };

  const sweeper = setInterval(() => {
    store.sweep();
    links.sweep();
  }, SWEEP_MS);
  sweeper.unref();

  /** The current step; the first one if there is none yet. */
  async function introspect(body: JsonObject, caller: Caller): Promise<object> {
    const found =
      'interactionHandle' in body
        ? store.byInteractionHandle(body.interactionHandle)
        : store.byStateToken(body.stateToken);
    const tx = claim(found, caller);
    return tx.exclusive(async () => {
      if (!tx.step) await tx.begin();
      return tx.result ? complete(tx, caller) : stepAnswer(tx);
    });
  }

  /** Submits one of the forms the current step offers. */
  async function submit(path: string, body: JsonObject, caller: Caller): Promise<object> {
    const tx = claim(store.byStateHandle(body.stateHandle), caller);
    return tx.exclusive(async () => {
      // It may have been replaced or completed while this call waited for another.
      if (store.byStateHandle(body.stateHandle) !== tx || !tx.step) throw new IdxError(401, messages.sessionExpired);
      try {
        if (path === cancelForm.path) {
          try {
            await tx.cancel();
          } finally {
            store.file(tx);
          }
        } else {
          const form = tx.result ? undefined : offeredForms(tx).find((one) => one.path === path);
          if (!form) throw new IdxError(403, messages.notAllowed);
          await form.submit(readValues(form.fields, body));
        }
        return tx.result ? await complete(tx, caller) : stepAnswer(tx);
      } catch (error) {
        if (!(error instanceof IdxError) || tx.result) throw error;
        throw new Failure(error, stepAnswer(tx, error));
      }
    });
  }

  function claim(tx: Transaction | undefined, caller: Caller): Transaction {
    if (!tx || !belongsTo(tx, caller)) throw new IdxError(401, messages.sessionExpired);
    return tx;
  }

  async function complete(tx: Transaction, { req, res }: Caller): Promise<object> {
    const { request, result } = tx;
    if (request.kind === 'hosted') {
      tx.redirectToken ??= randomBytes(32).toString('base64url');
      store.file(tx);
      return redirectAnswer(tx);
    }
    tx.refusal = host.refusal(request, result!);
    if (tx.refusal) {
      tx.redirectToken ??= randomBytes(32).toString('base64url');
      store.file(tx);
      const message = tx.refusal.error === 'access_denied' ? messages.noMatchingPolicy : messages.notAllowed;
      throw new Failure(new IdxError(403, message), failureAnswer(tx, message));
    }
    return interactionCodeAnswer(tx, await issueCode(tx, req, res));
  }

  async function issueCode(tx: Transaction, req: IncomingMessage, res: ServerResponse): Promise<string> {
    // Whatever happens now, this sign-in is over: a code is minted once.
    store.remove(tx);
    const code = await host.issueInteractionCode(tx.request, tx.result!);
    // With nothing proved here, the session that is there already said it all.
    if (tx.provedAt !== undefined) await host.establishSession(req, res, tx.request, tx.result!);
    return code;
  }

  return {
    begin(request) {
      const tx = new Transaction(request, services, machine);
      store.file(tx);
      return { stateToken: tx.stateToken, interactionHandle: tx.interactionHandle };
    },

    async handle(req, res, { origin, browserId }) {
      const { pathname, searchParams } = urlOf(req);
      if (pathname.startsWith(PROVIDERS_PATH) && req.method === 'GET') {
        const tx = store.byStateToken(searchParams.get('stateToken'));
        await visitProvider(req, res, tx, { origin, browserId }, services, (done) => issueCode(done, req, res));
        return true;
      }
      if (!pathname.startsWith(PREFIX)) return false;
      const path = pathname.slice(PREFIX.length);
      if (path === 'email-link' && req.method === 'GET') {
        openEmailLink(req, res, browserId, services);
        return true;
      }
      const caller: Caller = { req, res, origin, browserId };
      try {
        const body = await readRequest(req, path);
        const answer = path === 'introspect' ? await introspect(body, caller) : await submit(path, body, caller);
        send(res, 200, answer);
      } catch (error) {
        if (error instanceof Failure) send(res, error.status, error.answer);
        else if (error instanceof IdxError) send(res, error.status, bareAnswer(error.shown));
        else {
          console.error('The Identity Engine failed:', error);
          send(res, 500, bareAnswer(messages.internal));
        }
      }
      return true;
    },

    finished(redirectToken, browserId) {
      const tx = store.byRedirectToken(redirectToken);
      if (!tx?.result || tx.refusal || tx.browserId !== browserId) return undefined;
      store.remove(tx);
      return { ...tx.result, request: tx.request };
    },

    refused(redirectToken, browserId) {
      const tx = store.byRedirectToken(redirectToken);
      if (!tx?.refusal || tx.browserId !== browserId) return undefined;
      store.remove(tx);
      return { ...tx.refusal, request: tx.request };
    },

    close() {
      clearInterval(sweeper);
      store.clear();
    },
  };
}

/** An error with an answer of its own: it repeats the step, or says that this was the end. */
class Failure extends Error {
  readonly status: number;
  constructor(
    cause: IdxError,
    readonly answer: object,
  ) {
    super(cause.message, { cause });
    this.name = 'Failure';
    this.status = cause.status;
  }
}

/** Every form of the current step, whether shown as a form or as a button. */
function offeredForms(tx: Transaction): Form[] {
  const { forms, current } = tx.step!.view();
  return [...forms, ...(current?.actions ?? [])];
}

function send(res: ServerResponse, status: number, answer: object): void {
  sendJson(res, status, answer, { contentType: ION_TYPE });
}
