import type { OktaElementsError } from '../errors.js';
import { reportError } from '../report.js';
import type { OktaClient } from '../session/client.js';
import type { User } from '../session/state.js';
import type { GuardHost } from './guard-services.js';

/** What the userinfo endpoint says of a user's groups. */
interface Answer {
  /** Who it is about. */
  readonly of: string;
  settled: Promise<void>;
  claims?: User;
  error?: OktaElementsError;
}

/** One question per session, however many guards want to know. */
const answers = new WeakMap<OktaClient, Answer>();

/** Groups that the ID token leaves out, as Okta's does when an access token comes with it: from userinfo. */
export class GuardGroups {
  readonly #host: GuardHost;
  #client: OktaClient | undefined;
  #answer: Answer | undefined;

  constructor(host: GuardHost) {
    this.#host = host;
  }

  /** @returns the claims that are known by now; what to show meanwhile, where there are none yet */
  judge(client: OktaClient, { iss, sub, auth_time }: User): User | 'pending' | 'error' {
    const of = JSON.stringify([iss, sub, auth_time]);
    let answer = answers.get(client);
    if (answer?.of !== of) answers.set(client, (answer = ask(client, of)));
    if (answer !== this.#answer) {
      this.#answer = answer;
      this.#client = client;
      void answer.settled.then(() => this.#host.requestUpdate());
    }
    return answer.claims ?? (answer.error ? 'error' : 'pending');
  }

  /** It is not about groups any more. */
  end(): void {
    this.#answer = undefined;
  }

  get error(): OktaElementsError | undefined {
    return this.#answer?.error;
  }

  /** Asks anew, for every guard of the page that wants to know. */
  retry(): void {
    if (this.#client && answers.get(this.#client) === this.#answer) answers.delete(this.#client);
    this.end();
    this.#host.requestUpdate();
  }
}

function ask(client: OktaClient, of: string): Answer {
  const answer: Answer = { of, settled: Promise.resolve() };
  answer.settled = client.getUserInfo().then(
    (claims) => void (answer.claims = claims),
    (error: OktaElementsError) => {
      answer.error = error;
      void reportError(client.target, error, client.config);
    },
  );
  return answer;
}
