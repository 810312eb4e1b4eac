import { ReactiveElement, css, type PropertyValues } from '@lit/reactive-element';
import { SessionController } from '../session/session-controller.js';
import type { SessionStatus } from '../session/state.js';
import { arrange, make } from './dom.js';
import { output, texts } from './properties.js';
import { controls } from './styles.js';
import { keepTranslated, makeLabel, makeMessage, showError } from './texts.js';

/**
 * Shows the return from Okta while it is handled. Optional: `<okta-config>` handles it on any page; with
 * `callback="manual"` only a page with this element does.
 *
 * @slot pending - shown while the sign-in is being finished
 * @slot error - shown in place of the message when it failed
 * @slot retry - label of the button that tries again; default "Sign in"
 * @csspart error - the message of a failure
 * @csspart button - the button that tries again
 * @csspart spinner - the sign of work under way
 */
export class OktaCallbackElement extends ReactiveElement {
  static override properties = { ...texts('returnTo', 'config'), state: output };

  static override styles = [
    controls,
    css`
      :host {
        display: block;
      }
    `,
  ];

  /** Where trying again leads. Default: where the sign-in that failed began. */
  returnTo?: string;
  /** Name of the `<okta-config>` to go by. Default: the page's one. */
  config = '';

  readonly #session = new SessionController(this);
  readonly #message = makeMessage();
  readonly #error = make('slot', { name: 'error' }, this.#message);
  readonly #pending: HTMLSlotElement = make('slot', { name: 'pending' }, make('span', { part: 'spinner' }));
  readonly #button = make('button', { part: 'button', type: 'button' }, makeLabel('Sign in', 'retry'));

  constructor() {
    super();
    this.#button.addEventListener('click', () => this.#retry());
    keepTranslated(this);
  }

  /** Of the session. */
  get state(): SessionStatus {
    return this.#session.state.status;
  }

  protected override willUpdate(_changed: PropertyValues): void {
    const { client } = this.#session;
    if (client?.config.callback === 'manual') void client.handleCallback();
  }

  protected override update(changed: PropertyValues): void {
    super.update(changed);
    const { status, error } = this.#session.state;
    const failed = status === 'error';
    showError(this.#message, this, error);
    const waiting = status === 'pending' || status === 'signing-in';
    arrange(this.renderRoot, failed && this.#error, failed && this.#button, waiting && this.#pending);
  }

  #retry(): void {
    const { returnTo } = this;
    void this.#session.client?.signIn({ returnTo }).catch(() => {});
  }
}
