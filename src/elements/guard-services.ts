import { adoptStyles, css, type ReactiveControllerHost } from '@lit/reactive-element';
import { html, render, type TemplateResult } from 'lit/html.js';
import type { OktaElementsError } from '../errors.js';
import type { Decision, Rule } from '../guard/decide.js';
import { decideByStrength } from '../guard/strengths.js';
import type { OktaClient } from '../session/client.js';
import type { SignInOptions } from '../session/sign-in.js';
import type { SessionState } from '../session/state.js';
import { make } from './dom.js';
import { GuardFaults } from './guard-faults.js';
import { GuardGroups } from './guard-groups.js';
import { GuardSource } from './guard-source.js';
import { GuardStepUp, type Ask } from './guard-step-up.js';
import type { OktaSigninElement } from './okta-signin.js';
import { buttons, look } from './styles.js';
import { claim, show, wordsFor } from '../explain.js';
import { makeMessage } from './texts.js';

/** What is decided about, and the page's settings for it. */
export interface Matter {
  readonly decision: Decision;
  readonly rule: Rule;
  readonly session: SessionState;
  readonly client: OktaClient;
  readonly stepUp: 'prompt' | 'redirect' | 'off';
  /** Where the content comes from, if the page itself does not have it. */
  readonly src?: string;
}

export interface GuardHost extends HTMLElement, ReactiveControllerHost {
  readonly renderRoot: HTMLElement | DocumentFragment;
}

const styles = [
  look(css`.view`),
  buttons,
  css`
    .views {
      display: contents;
    }
    .view > p {
      margin: 0 0 var(--okta-space, 8px);
    }
  `,
];

/** What a guard does beyond holding a token against a rule. Loaded when the first of it is needed. */
export class GuardServices {
  readonly #host: GuardHost;
  readonly #faults: GuardFaults;
  readonly #stepUp: GuardStepUp;
  readonly #groups: GuardGroups;
  readonly #source: GuardSource;
  readonly #views = make('div', { class: 'views' });
  readonly #message = makeMessage();
  /** What could not be had, and can be tried again. */
  #failed: GuardGroups | GuardSource | undefined;

  constructor(host: GuardHost, hostStyles: Parameters<typeof adoptStyles>[1]) {
    this.#host = host;
    this.#faults = new GuardFaults(host);
    this.#stepUp = new GuardStepUp(host);
    this.#groups = new GuardGroups(host);
    this.#source = new GuardSource(host);
    adoptStyles(host.renderRoot as ShadowRoot, [...hostStyles, ...styles]);
  }

  /** Finds what keeps the guard closed in any session. A new fault is reported. */
  findFault(): OktaElementsError | undefined {
    return this.#faults.find();
  }

  /** What a sign-in has to ask for to open the guard. */
  get options(): SignInOptions | undefined {
    return this.#stepUp.options;
  }

  /** What becomes of a decision that the token alone does not settle. */
  refine(matter: Matter): Decision {
    this.#failed = undefined;
    const known = this.#withGroups(this.#withStrength(matter));
    const decision = this.#withSource(matter, known);
    if (decision.state !== 'step-up' || matter.stepUp === 'off') {
      this.#stepUp.end();
      return decision.state === 'step-up' ? { ...decision, state: 'denied' } : decision;
    }
    const { acr = [], maxAge } = decision.missing;
    // All of what the guard wants, so that the new sign-in does not lose what the present one has.
    const { rule, session, client, stepUp } = matter;
    const asked = this.#source.asked ? { acrValues: acr, maxAge } : rule;
    const ask: Ask = { asked, user: session.user!, client };
    return { ...decision, state: this.#stepUp.judge(ask, stepUp) };
  }

  /** Decides again where a stronger proof than the one asked for may have been given. */
  #withStrength(matter: Matter): Matter {
    const { decision, session, rule } = matter;
    if (decision.state !== 'step-up') return matter;
    return { ...matter, decision: decideByStrength(session, rule, Date.now() / 1000) };
  }

  /** Decides again where the token says nothing of groups, once userinfo has. */
  #withGroups({ decision, rule, session, client }: Matter): Decision {
    const { user } = session;
    if (!decision.missing.groups.length || !user || user.groups !== undefined) {
      this.#groups.end();
      return decision;
    }
    const claims = this.#groups.judge(client, user);
    if (claims === 'error') this.#failed = this.#groups;
    if (typeof claims === 'string') return { ...decision, state: claims };
    return decideByStrength({ ...session, user: { ...user, groups: claims.groups } }, rule, Date.now() / 1000);
  }

  /** Where the content is the server's, the server has the last word. */
  #withSource({ session, client, src }: Matter, decision: Decision): Decision {
    if (decision.state !== 'allowed' || !src || !session.user) {
      this.#source.end();
      return decision;
    }
    const state = this.#source.judge(client, session.user, src);
    if (state === 'error') this.#failed = this.#source;
    const { asked } = this.#source;
    if (!asked) return { ...decision, state };
    return { state, missing: { ...decision.missing, acr: asked.acrValues, maxAge: asked.maxAge } };
  }

  /** What the guard shows in place of its slot. */
  render(state: Decision['state']): HTMLElement | undefined {
    const view = this.#viewOf(state);
    if (view) render(view, this.#views);
    return view && this.#views;
  }

  #viewOf(state: Decision['state']): TemplateResult | undefined {
    const failed = this.#failed;
    if (!failed) return this.#stepUp.render(state);
    // Several guards may lack the same groups: the first shows it, and its button retries for all.
    if (!claim(this.#message, this.#host, failed.error!)) return html`<slot name="error"></slot>`;
    void show(this.#message, this.#host, failed.error!);
    const { language, labels } = wordsFor(this.#host);
    return html`<slot name="error"><div class="view">${this.#message}</div></slot>
      <div class="view">
        <button part="button" type="button" lang=${language} @click=${() => failed.retry()}>
          ${labels['Try again']}
        </button>
      </div>`;
  }

  /** The guard has left the document, or there is no session to go by. */
  end(): void {
    this.#failed = undefined;
    this.#source.end();
    this.#groups.end();
    this.#stepUp.end();
  }

  updated(state: Decision['state']): void {
    // Those in the slot ask for what the guard lacks.
    for (const signin of this.#host.querySelectorAll<OktaSigninElement>('okta-signin')) signin.requestUpdate?.();
    if (state === 'step-up') this.#stepUp.redirect();
    if (state === 'allowed') this.#source.show();
  }
}
