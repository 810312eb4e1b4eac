import { ReactiveElement, css, type PropertyValues } from '@lit/reactive-element';
import type { OktaElementsError } from '../errors.js';
import { OktaSignoutStartEvent } from '../events.js';
import { reportError } from '../report.js';
import { SessionController } from '../session/session-controller.js';
import type { SessionStatus } from '../session/state.js';
import { arrange, make } from './dom.js';
import { output, texts } from './properties.js';
import { controls } from './styles.js';
import { keepTranslated, makeLabel } from './texts.js';
import { isUnderstood, reportChoice } from './understood.js';

/** Properties with a fixed list of values. */
const SCOPES = { scope: 'local|app|global' };

/**
 * A button that signs out. Hidden when nobody is signed in.
 *
 * @slot - label of the button; default "Sign out"
 * @csspart button - the button
 * @cssprop --okta-color-primary - background of the button
 * @cssprop --okta-color-on-primary - text of the button
 * @cssprop --okta-radius - radius of corners
 * @fires {OktaSignoutStartEvent} okta-signout-start - a sign-out is about to start; cancel to stay signed in
 * @fires {OktaErrorEvent} okta-error - Okta could not be told; the tokens are gone from this browser all the same
 */
export class OktaSignoutElement extends ReactiveElement {
  static override properties = { ...texts('scope', 'returnTo', 'config'), state: output };

  static override styles = [
    controls,
    css`
      :host {
        display: inline-block;
      }
      :host(:not([state='signed-in'], [state='signing-out'])) {
        display: none;
      }
    `,
  ];

  /** `local`: drop the tokens. `app`: also revoke them. `global` (default): also end the session at Okta. */
  scope: 'local' | 'app' | 'global' = 'global';
  /** Same-origin address to go to; with `global`, one that is registered in Okta as a sign-out redirect URI. */
  returnTo?: string;
  /** Name of the `<okta-config>` to go by. Default: the page's one. */
  config = '';

  readonly #session = new SessionController(this);
  readonly #button = make('button', { part: 'button', type: 'button' }, makeLabel('Sign out'));

  constructor() {
    super();
    this.#button.addEventListener('click', () => void this.signOut());
    keepTranslated(this);
  }

  /** Signs out, as the button does. */
  async signOut(): Promise<void> {
    const { client } = this.#session;
    if (!client || !this.dispatchEvent(new OktaSignoutStartEvent())) return;
    const { returnTo } = this;
    // An unknown scope is reported, but must not keep the user signed in.
    const scope = isUnderstood(this, SCOPES) ? this.scope : 'global';
    await client.signOut({ scope, returnTo }).catch(this.#report);
  }

  /** Of the session. */
  get state(): SessionStatus {
    return this.#session.state.status;
  }

  protected override update(changed: PropertyValues): void {
    super.update(changed);
    const { state } = this;
    this.#button.disabled = state === 'signing-out';
    if (changed.has('scope') && !isUnderstood(this, SCOPES)) reportChoice(this, this.#report);
    arrange(this.renderRoot, (state === 'signed-in' || state === 'signing-out') && this.#button);
  }

  readonly #report = (error: OktaElementsError): void => void reportError(this, error);
}
