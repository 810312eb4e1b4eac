import { randomBytes } from 'node:crypto';
import type { User } from '../directory.js';
import type { Amr, Refusal, SignInRequest, SignInResult } from '../sign-in.js';
import { findSubject, type Subject } from './subject.js';
import type { Services } from './services.js';
import type { Step } from './step.js';

/** A way of proving who one is. */
export type Proof = Exclude<Amr, 'mfa'>;

/** Decides what comes next. */
export interface Machine {
  /** Goes to the first step. */
  begin(tx: Transaction): Promise<void>;
  /** Goes on to whatever is still missing, or completes the sign-in. */
  advance(tx: Transaction): Promise<void>;
}

const MAILS = 10;

/** One sign-in, from the first page to the last. */
export class Transaction {
  /** What an embedding app holds. Stays the same when the user starts over. */
  readonly interactionHandle = randomBytes(32).toString('base64url');
  /** What the hosted page holds. Stays the same when the user starts over. */
  readonly stateToken = newStateHandle();
  /** What every step carries. A new one when the user starts over. */
  stateHandle = this.stateToken;
  /** Milliseconds since the epoch. */
  expiresAt: number;
  /** Cookie of the browser this belongs to. Empty until a browser brings one. */
  browserId: string;
  /** Origin of the page that shows the steps; undefined before its first call. */
  pageOrigin?: string;

  step?: Step;
  subject?: Subject;
  remember = false;
  /** What has been proved, here or in the session this builds upon. */
  readonly proved = new Set<Proof>();
  /** When something was last proved here, milliseconds since the epoch. */
  provedAt?: number;
  /** When the session this builds upon proved something, epoch seconds. */
  sessionAuthTime?: number;
  /** Which of the user's passwords was proved. A later one makes that proof worthless. */
  passwordVersion?: number;
  /** The password was chosen anew after a mailed code. */
  recovered = false;
  /** A mailed code was proved because a second factor was needed. */
  emailWasSecondFactor = false;
  /** How many more mails this sign-in may send. */
  mailsLeft = MAILS;
  /** Set once everything that was asked for is proved. */
  result?: SignInResult;
  /** Embedded: why the application gets no code. */
  refusal?: Refusal;
  /** Lets the browser go back once: to `/authorize`, or with a refusal to the application. */
  redirectToken?: string;

  #machine: Machine;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(
    readonly request: SignInRequest,
    readonly services: Services,
    machine: Machine,
  ) {
    this.#machine = machine;
    this.browserId = request.browserId;
    this.expiresAt = this.#newExpiry();
  }

  get user(): User | undefined {
    const id = this.subject?.userId;
    return id === undefined ? undefined : this.services.directory.get(id);
  }

  identify(identifier: string): Subject {
    this.subject = findSubject(this.services.directory, identifier);
    return this.subject;
  }

  go(step: Step): void {
    this.step = step;
  }

  prove(...proofs: Proof[]): void {
    for (const proof of proofs) this.proved.add(proof);
    this.provedAt = this.services.clock.now();
    if (proofs.includes('pwd')) this.passwordVersion = this.services.directory.passwordVersion(this.user!.id);
  }

  begin(): Promise<void> {
    return this.#machine.begin(this);
  }

  advance(): Promise<void> {
    return this.#machine.advance(this);
  }

  /** Forgets everything that happened and goes to the first step. */
  restart(): Promise<void> {
    this.subject = undefined;
    this.remember = false;
    this.proved.clear();
    this.provedAt = undefined;
    this.sessionAuthTime = undefined;
    this.passwordVersion = undefined;
    this.recovered = false;
    this.emailWasSecondFactor = false;
    this.result = undefined;
    this.refusal = undefined;
    this.redirectToken = undefined;
    return this.begin();
  }

  /** Starts over under a new handle. The old one is dead. */
  cancel(): Promise<void> {
    this.stateHandle = newStateHandle();
    this.expiresAt = this.#newExpiry();
    return this.restart();
  }

  /** Runs one call after the other: two answers sent at once cannot both find the same step open. */
  exclusive<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#queue.then(work);
    this.#queue = run.catch(() => {});
    return run;
  }

  #newExpiry(): number {
    return this.services.clock.now() + this.services.settings.stateLifetimeSeconds * 1000;
  }
}

/** Okta's begin with 02 too. */
function newStateHandle(): string {
  return `02${randomBytes(30).toString('base64url')}`;
}
