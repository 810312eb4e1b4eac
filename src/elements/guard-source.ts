import { OktaElementsError } from '../errors.js';
import type { Rule } from '../guard/decide.js';
import { decideByStrength } from '../guard/strengths.js';
import type { StepUp } from '../session/challenge.js';
import type { OktaClient } from '../session/client.js';
import { reportError } from '../report.js';
import { loaded } from '../session/parts.js';
import type { User } from '../session/state.js';
import type { FragmentAnswer } from './guard-fragment.js';
import type { GuardHost } from './guard-services.js';
import { wrap } from './templates.js';

const ANYONE: Rule = { when: 'signed-in', groups: [], scopes: [], values: [], match: 'any', acrValues: [] };
/** How far the clocks of browser and server may be apart, seconds. */
const LEEWAY = 60;

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
    // What renders the page anew may take away what it does not know.
    host.renderRoot.addEventListener('slotchange', () => this.show());
  }

  /** What the server makes of the guard's own "allowed". The first question sends the request. */
  judge(client: OktaClient, user: User, src: string): FragmentAnswer['state'] | 'pending' | 'error' {
    const { iss, sub, auth_time, acr } = user;
    // Whoever has proved more since then may get what was refused.
    const of = JSON.stringify([iss, sub, auth_time, acr, src]);
    if (of !== this.#of) {
      this.end();
      this.#of = of;
      void this.#fetch(client, user, src);
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
    if (this.#answer?.state !== 'allowed') return;
    this.#stamp ??= wrap(this.#answer.content, '');
    if (this.#stamp.parentNode !== this.#host) this.#host.append(this.#stamp);
  }

  get error(): OktaElementsError | undefined {
    return this.#error;
  }

  retry(): void {
    this.end();
    this.#host.requestUpdate();
  }

  async #fetch(client: OktaClient, user: User, src: string): Promise<void> {
    const run = (this.#run = new AbortController());
    try {
      const { fetchFragment } = await loaded(import('./guard-fragment.js'));
      const answer = await fetchFragment(client, addressOf(src, this.#host), run);
      if (this.#run !== run) return;
      this.#answer = isGiven(answer, user) ? { state: 'denied' } : answer;
    } catch (error) {
      if (this.#run !== run) return;
      this.#error = error as OktaElementsError;
      void reportError(this.#host, this.#error, client.config);
    }
    this.#host.requestUpdate();
  }
}

/** @throws OktaElementsError `config_invalid` for what is no address, and for a fragment that would come into itself */
function addressOf(src: string, host: Element): string {
  const resolve = (said: string) => (URL.canParse(said, document.baseURI) ? new URL(said, document.baseURI).href : '');
  const address = resolve(src);
  if (!address)
    throw new OktaElementsError('config_invalid', `<okta-guard src="${src}">: this is not a valid address. Check src.`);
  const outer = (guard: Element) => guard.parentElement?.closest('okta-guard[src]');
  for (let guard = outer(host); guard; guard = outer(guard)) {
    if (resolve(guard.getAttribute('src')!) !== address) continue;
    throw new OktaElementsError(
      'config_invalid',
      `<okta-guard src="${address}">: this content has a guard with the same src. Check src.`,
    );
  }
  return address;
}

/** Whether the server refuses a proof that the sign-in has given: to ask for it again would not help, nor ever end. */
function isGiven(answer: FragmentAnswer, user: User): boolean {
  if (answer.state !== 'step-up') return false;
  const { state } = decideByStrength(
    { status: 'signed-in', user, expiresAt: Infinity },
    { ...ANYONE, ...answer.asked },
    Date.now() / 1000 + LEEWAY,
  );
  return state === 'allowed';
}
