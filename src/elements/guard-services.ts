import { adoptStyles, css, type ReactiveControllerHost, type TemplateResult } from 'lit';
import type { Decision, Rule } from '../guard/decide.js';
import type { OktaClient } from '../session/client.js';
import type { SignInOptions } from '../session/sign-in.js';
import type { SessionState } from '../session/state.js';
import { GuardStepUp } from './guard-step-up.js';
import type { OktaSigninElement } from './okta-signin.js';
import { buttons, look } from './styles.js';

/** What is decided about, and the page's settings for it. */
export interface Matter {
  readonly decision: Decision;
  readonly rule: Rule;
  readonly session: SessionState;
  readonly client: OktaClient;
  readonly stepUp: 'prompt' | 'redirect';
}

export interface GuardHost extends HTMLElement, ReactiveControllerHost {
  readonly renderRoot: HTMLElement | DocumentFragment;
}

const styles = [
  look(css`.view`),
  buttons,
  css`
    .view > p {
      margin: 0 0 var(--okta-space, 8px);
    }
  `,
];

/** What a guard does beyond holding a token against a rule. Loaded when the first of it is needed. */
export class GuardServices {
  readonly #host: GuardHost;
  readonly #stepUp: GuardStepUp;

  constructor(host: GuardHost, hostStyles: Parameters<typeof adoptStyles>[1]) {
    this.#host = host;
    this.#stepUp = new GuardStepUp(host);
    adoptStyles(host.renderRoot as ShadowRoot, [...hostStyles, ...styles]);
  }

  /** What a sign-in has to ask for to open the guard. */
  get options(): SignInOptions | undefined {
    return this.#stepUp.options;
  }

  /** What becomes of a decision that the token alone does not settle. */
  refine({ decision, rule, session, client, stepUp }: Matter): Decision {
    if (decision.state !== 'step-up') {
      this.#stepUp.end();
      return decision;
    }
    return { ...decision, state: this.#stepUp.judge({ asked: rule, user: session.user!, client }, stepUp) };
  }

  render(state: Decision['state']): TemplateResult | undefined {
    return this.#stepUp.render(state);
  }

  updated(state: Decision['state']): void {
    // Those in the slot ask for what the guard lacks.
    for (const signin of this.#host.querySelectorAll<OktaSigninElement>('okta-signin')) signin.requestUpdate?.();
    if (state === 'step-up') this.#stepUp.redirect();
  }
}
