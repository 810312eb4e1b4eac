import { LitElement, css, html, nothing, type PropertyValues } from 'lit';
import { SessionController } from '../session/session-controller.js';
import { controls } from './styles.js';

/**
 * Shows the return from Okta while it is handled. Optional: `<okta-config>` handles it on any page; with
 * `callback="manual"` only a page with this element does.
 *
 * @slot pending - shown while the sign-in is being finished
 * @slot error - shown in place of the message when it failed
 * @csspart error - the message of a failure
 * @csspart button - the button that tries again
 * @csspart spinner - the sign of work under way
 */
export class OktaCallbackElement extends LitElement {
  static override properties = {
    returnTo: { attribute: 'return-to' },
    config: {},
  };

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

  protected override willUpdate(_changed: PropertyValues): void {
    const { client } = this.#session;
    if (client?.config.callback === 'manual') void client.handleCallback();
  }

  protected override render(): unknown {
    const { status, error } = this.#session.state;
    this.setAttribute('state', status);
    if (status === 'error') {
      return html`<slot name="error"><p part="error" role="alert">${error?.message}</p></slot>
        <button part="button" type="button" @click=${this.#retry}>Sign in</button>`;
    }
    const waiting = status === 'pending' || status === 'signing-in';
    return waiting ? html`<slot name="pending"><span part="spinner"></span></slot>` : nothing;
  }

  #retry(): void {
    const { returnTo } = this;
    void this.#session.client?.signIn({ returnTo }).catch(() => {});
  }
}
