import { ReactiveElement, type PropertyValues } from '@lit/reactive-element';
import { SessionController } from '../session/session-controller.js';
import type { SessionStatus } from '../session/state.js';
import { arrange, make } from './dom.js';
import { output, texts } from './properties.js';

/**
 * A claim of who is signed in, as text. Never as HTML: a user's name is whatever the user made it.
 *
 * @slot - shown when nobody is signed in, or the claim is not there
 */
export class OktaUserElement extends ReactiveElement {
  static override properties = { ...texts('claim', 'config'), state: output };

  /** Name of the claim of the ID token. Default `name`. */
  claim = 'name';
  /** Name of the `<okta-config>` to go by. Default: the page's one. */
  config = '';

  readonly #session = new SessionController(this);
  readonly #text = new Text();
  readonly #fallback = make('slot');

  /** Of the session. */
  get state(): SessionStatus {
    return this.#session.state.status;
  }

  protected override update(changed: PropertyValues): void {
    super.update(changed);
    const { user } = this.#session.state;
    const claim = this.claim || 'name';
    const value = user && Object.hasOwn(user, claim) ? user[claim] : undefined;
    const text = Array.isArray(value) ? value.join(', ') : value;
    // Objects have no text. The DOM turns numbers and booleans into strings.
    this.#text.data = (Object(text) === text ? '' : (text ?? '')) as string;
    arrange(this.renderRoot, this.#text.data ? this.#text : this.#fallback);
  }
}
