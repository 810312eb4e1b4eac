import { LitElement, html } from 'lit';
import { SessionController } from '../session/session-controller.js';

/**
 * A claim of who is signed in, as text. Never as HTML: a user's name is whatever the user made it.
 *
 * @slot - shown when nobody is signed in, or the claim is not there
 */
export class OktaUserElement extends LitElement {
  static override properties = {
    claim: {},
    config: {},
  };

  /** Name of the claim of the ID token. Default `name`. */
  claim = 'name';
  /** Name of the `<okta-config>` to go by. Default: the page's one. */
  config = '';

  readonly #session = new SessionController(this);

  protected override render(): unknown {
    const { status, user } = this.#session.state;
    this.setAttribute('state', status);
    const value = user && Object.hasOwn(user, this.claim) ? user[this.claim] : undefined;
    const text = Array.isArray(value) ? value.join(', ') : value;
    const shown = typeof text === 'string' || typeof text === 'number' || typeof text === 'boolean';
    return shown && text !== '' ? String(text) : html`<slot></slot>`;
  }
}
