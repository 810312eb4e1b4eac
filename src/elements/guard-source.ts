import type { OktaElementsError } from '../errors.js';
import { OktaErrorEvent } from '../events.js';
import type { StepUp } from '../session/challenge.js';
import type { OktaClient } from '../session/client.js';
import { loaded } from '../session/live-session.js';
import type { User } from '../session/state.js';
import type { FragmentAnswer } from './guard-fragment.js';
import type { GuardHost } from './guard-services.js';

/** The fragment of a guard with `src`: fetched for one user who may see it, and gone with their access. */
export class GuardSource {
  readonly #host: GuardHost;
  /** For whom, and from where. */
  #of: string | undefined;
  #run: AbortController | undefined;
  #answer: FragmentAnswer | undefined;
  #error: OktaElementsError | undefined;
  #stamp: HTMLElement | undefined;

  constructor(host: GuardHost) {
    this.#host = host;
  }

  /** What the server makes of the guard's own "allowed". The first question sends the request. */
  judge(
    client: OktaClient,
    { iss, sub, auth_time, acr }: User,
    src: string,
  ): FragmentAnswer['state'] | 'pending' | 'error' {
    // Whoever has proved more since then may get what was refused.
    const of = JSON.stringify([iss, sub, auth_time, acr, src]);
    if (of !== this.#of) {
      this.end();
      this.#of = of;
      void this.#fetch(client, src);
    }
    return this.#error ? 'error' : (this.#answer?.state ?? 'pending');
  }

  /** The proof that the server wants, while its answer is `step-up`. */
  get asked(): StepUp | undefined {
    return this.#answer?.state === 'step-up' ? this.#answer.asked : undefined;
  }

  /** The user may not see it any more, or it is another one's turn: nothing of it stays. */
  end(): void {
    this.#run?.abort();
    this.#stamp?.remove();
    this.#of = this.#run = this.#stamp = this.#answer = this.#error = undefined;
  }

  /** Puts the fragment into light DOM, where the page's styles reach it. */
  show(): void {
    if (this.#stamp || this.#answer?.state !== 'allowed') return;
    this.#stamp = document.createElement('div');
    this.#stamp.dataset.oktaStamped = '';
    this.#stamp.append(this.#answer.content);
    this.#host.append(this.#stamp);
  }

  get error(): OktaElementsError | undefined {
    return this.#error;
  }

  retry(): void {
    this.end();
    this.#host.requestUpdate();
  }

  async #fetch(client: OktaClient, src: string): Promise<void> {
    const run = (this.#run = new AbortController());
    try {
      const { fetchFragment } = await loaded(import('./guard-fragment.js'));
      const answer = await fetchFragment(client, new URL(src, document.baseURI).href, run.signal);
      if (run.signal.aborted) return;
      this.#answer = answer;
    } catch (error) {
      if (run.signal.aborted) return;
      this.#error = error as OktaElementsError;
      this.#host.dispatchEvent(new OktaErrorEvent(this.#error));
    }
    this.#host.requestUpdate();
  }
}
