import type { ReactiveControllerHost } from '@lit/reactive-element';
import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { OktaElementsError } from '../errors.js';
import { OktaGuardRedirectEvent, OktaSigninStartEvent, type OktaErrorEvent } from '../events.js';
import { reportError } from '../report.js';
import type { StepUp } from '../session/challenge.js';
import type { OktaClient } from '../session/client.js';
import { browserEnvironment } from '../session/environment.js';
import type { SignInOptions } from '../session/sign-in.js';
import type { User } from '../session/state.js';
import { findStepUp, forgetStepUp, noteStepUp } from '../session/step-up.js';
import type { Label } from '../words/en.js';
import { wordsFor } from '../explain.js';
import { makeMessage, showError } from './texts.js';

/** What a step-up is for, and who has to give the proof. */
export interface Ask {
  readonly asked: StepUp;
  readonly user: User;
  readonly client: OktaClient;
}

/** Classes whose meaning is known: Okta's (https://developer.okta.com/docs/guides/step-up-authentication/main/). */
const OKTA_CLASS = /^(urn:okta:loa:|phrh?$)/;

/** One browser window goes to one place, however many guards want to send it somewhere. */
let leaving = false;

/**
 * What a sign-in has to ask for. Okta says in a token which class was asked for, not which ones hold: so a sign-in that
 * is only about its age asks for the class of the present one again, or guards that need that would close.
 */
export function completed({ acrValues, maxAge }: StepUp, { acr }: User): StepUp {
  const keeps = acrValues.length === 0 && typeof acr === 'string' && OKTA_CLASS.test(acr);
  return { acrValues: keeps ? [acr] : acrValues, maxAge };
}

/** The step-up of one guard: whether it is offered, what it asks for, and how it looks where the page says nothing. */
export class GuardStepUp {
  readonly #host: HTMLElement & ReactiveControllerHost;
  #ask: Ask | undefined;
  #mode: 'prompt' | 'redirect' = 'prompt';
  #busy = false;
  #started = false;
  #error: OktaElementsError | undefined;
  readonly #message = makeMessage();

  constructor(host: HTMLElement & ReactiveControllerHost) {
    this.#host = host;
    host.addEventListener('okta-error', ({ code }) => this.#hear(code));
  }

  /** What a sign-in has to ask for, if a step-up is what the guard is about. */
  get options(): SignInOptions | undefined {
    if (!this.#ask) return undefined;
    const { asked, user } = this.#ask;
    const { preferred_username: name } = user;
    return {
      acrValues: asked.acrValues.join(' ') || undefined,
      maxAge: asked.maxAge,
      loginHint: typeof name === 'string' ? name : undefined,
    };
  }

  /** Whether the user can still be asked: not when this proof was refused, nor a second time without a click. */
  judge(ask: Ask, mode: 'prompt' | 'redirect'): 'step-up' | 'denied' {
    this.#mode = mode;
    this.#ask = { ...ask, asked: completed(ask.asked, ask.user) };
    if (this.#busy || leaving) return 'step-up';
    const attempt = findStepUp(this.#ask.asked, ask.user, browserEnvironment());
    return attempt === 'ended' || (attempt && mode === 'redirect') ? 'denied' : 'step-up';
  }

  /** It is not about a step-up any more. */
  end(): void {
    this.#ask = undefined;
    this.#error = undefined;
    this.#started = false;
  }

  /** What the guard shows in place of slots that the page leaves empty; nothing when it is not about a step-up. */
  render(state: string): TemplateResult | undefined {
    if (!this.#ask) return undefined;
    const error = this.#error ? this.#message : nothing;
    showError(this.#message, this.#host, this.#error);
    const { language, labels } = wordsFor(this.#host);
    if (state === 'step-up') {
      return html`<slot name="step-up"
        ><div class="view">
          ${error}
          <p part="message" lang=${language} dir="auto">${labels['Verify your identity to see this.']}</p>
          ${this.#button('Verify your identity', () => void this.#start({}))}
        </div></slot
      >`;
    }
    if (state !== 'denied') return undefined;
    return html`<slot name="denied"
        ><div class="view">
          <p part="message" lang=${language} dir="auto">${labels['We couldn’t verify your identity. Try again.']}</p>
        </div></slot
      >
      <div class="view">${error}${this.#button('Try again', () => this.#tryAgain())}</div>`;
  }

  /** Once, by itself. */
  redirect(): void {
    if (this.#mode !== 'redirect' || this.#started || leaving || !this.#ask) return;
    this.#started = true;
    if (!this.#host.dispatchEvent(new OktaGuardRedirectEvent())) return;
    const { asked, user } = this.#ask;
    noteStepUp(asked, user, 'begun', browserEnvironment());
    void this.#leave({ automatic: true });
  }

  /** A sign-in in the slot has failed. Whether it was refused is on record, unless Okta's widget never came back. */
  #hear(code: OktaErrorEvent['code']): void {
    if (!this.#ask) return;
    const { asked, user } = this.#ask;
    if (code === 'access_denied') noteStepUp(asked, user, 'ended', browserEnvironment());
    this.#host.requestUpdate();
  }

  /** The step-up has been tried in vain; the user wants another go at it. */
  #tryAgain(): void {
    forgetStepUp(this.#ask!.asked, browserEnvironment());
    // What the page has for it, such as a form, is shown again. Okta by itself would refuse at once, unasked.
    const hasOwn = this.#host.querySelector(':scope > [slot=step-up]');
    if (this.#mode !== 'redirect' && hasOwn) this.#host.requestUpdate();
    else void this.#start({ prompt: 'login' });
  }

  async #start(extra: SignInOptions): Promise<void> {
    if (this.#host.dispatchEvent(new OktaSigninStartEvent('hosted'))) await this.#leave(extra);
  }

  async #leave(extra: SignInOptions): Promise<void> {
    const { client } = this.#ask!;
    leaving = this.#busy = true;
    this.#error = undefined;
    this.#host.requestUpdate();
    try {
      await client.signIn({ ...this.options, ...extra });
      await comeBack(client.config.requestTimeout);
    } catch (error) {
      this.#error = error as OktaElementsError;
      void reportError(this.#host, this.#error, client.config);
    } finally {
      leaving = this.#busy = false;
      this.#host.requestUpdate();
    }
  }

  #button(label: Label, click: () => void): TemplateResult {
    const { language, labels } = wordsFor(this.#host);
    return html`<button
      part="button"
      type="button"
      ?disabled=${this.#busy}
      aria-busy=${this.#busy}
      @click=${click}
      @pointerenter=${this.#prepare}
      @focus=${this.#prepare}
    >
      ${this.#busy ? html`<span part="spinner"></span>` : nothing}<span lang=${language}>${labels[label]}</span>
    </button>`;
  }

  /** Someone shows intent: what the click needs is fetched ahead of it. */
  readonly #prepare = (): void => this.#ask?.client.prepare();
}

/** The browser has been sent away. Resolves when the page is shown again all the same, or was never left. */
function comeBack(limit: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, limit);
    window.addEventListener('pagehide', () => clearTimeout(timer), { once: true });
    window.addEventListener('pageshow', () => resolve(), { once: true });
  });
}
