import { ReactiveElement } from '@lit/reactive-element';
import type { OktaElementsError } from '../errors.js';
import { reportError } from '../report.js';
import type { OktaClient } from '../session/client.js';
import type { ConfigInput } from '../session/config.js';
import { loaded } from '../session/parts.js';
import { configure, findClient, refuse } from '../session/registry.js';
import { SessionController } from '../session/session-controller.js';
import type { SessionStatus } from '../session/state.js';
import { output, texts } from './properties.js';

/**
 * Names the Okta organisation and application of this page. One per page; renders nothing. Other elements may stand
 * anywhere in the document, before or after it.
 *
 * @fires {OktaReadyEvent} okta-ready - the session is known for the first time
 * @fires {OktaStateChangeEvent} okta-state-change - who is signed in has changed
 * @fires {OktaSigninSuccessEvent} okta-signin-success - a hosted sign-in came back well
 * @fires {OktaCallbackCompleteEvent} okta-callback-complete - the return from Okta is handled; cancel to route yourself
 * @fires {OktaSessionExpiringEvent} okta-session-expiring - the session is about to end; cancel to say that the user is there
 * @fires {OktaSessionExpiredEvent} okta-session-expired - the session ended by itself
 * @fires {OktaStepUpRequiredEvent} okta-step-up-required - an API wants more proof of who the user is
 * @fires {OktaSignoutCompleteEvent} okta-signout-complete - the tokens are gone from this browser
 * @fires {OktaErrorEvent} okta-error - the configuration, or the return from Okta, was refused
 */
export class OktaConfigElement extends ReactiveElement {
  static override properties = {
    ...texts(
      'issuer',
      'clientId',
      'redirectUri',
      'postLogoutRedirectUri',
      'scopes',
      'storage',
      'renew',
      'callback',
      'allowedOrigins',
      'idleTimeout',
      'requestTimeout',
      'silentTimeout',
      'popupTimeout',
      'widgetSrc',
      'widgetCss',
      'widgetIntegrity',
      'widgetCssIntegrity',
      'widgetGeneration',
      'frameSrc',
      'name',
      'src',
    ),
    dpop: { type: Boolean },
    debug: { type: Boolean },
    state: output,
  };

  /** Authorization server, such as `https://example.okta.com/oauth2/default`. Required. */
  issuer?: string;
  /** Client id of the single-page application. Required. */
  clientId?: string;
  /** Where Okta sends the browser back to; same origin. Default `/`. */
  redirectUri?: string;
  /** Where Okta sends the browser after sign-out; same origin. Default `/`. */
  postLogoutRedirectUri?: string;
  /** Space-separated scopes. Default `openid profile email`. */
  scopes?: string;
  /** Where tokens are kept: `local` (default), `session` or `memory`. */
  storage?: 'local' | 'session' | 'memory';
  /** When access tokens are renewed: `auto` (default), `on-demand` or `off`. */
  renew?: 'auto' | 'on-demand' | 'off';
  /** Who handles the return from Okta: this element (`auto`, default) or an `<okta-callback>` (`manual`). */
  callback?: 'auto' | 'manual';
  /** Space-separated further origins that `client.fetch()` may send the token to. */
  allowedOrigins?: string;
  /** Bind the tokens to a key of this browser (RFC 9449). The application in Okta must allow it. */
  dpop = false;
  /** Seconds without a sign of the user after which the session ends, in all tabs. Default: never. */
  idleTimeout?: string;
  /** Milliseconds until a request to Okta is given up. Default 10000. */
  requestTimeout?: string;
  /** Milliseconds until a renewal in a hidden frame is given up. Default 10000. */
  silentTimeout?: string;
  /** Milliseconds until a sign-in in a popup is given up. Default 60000. */
  popupTimeout?: string;
  /** Address of a build of Okta's widget, for the embedded style. Default: the one that comes with this package. */
  widgetSrc?: string;
  /** Address of the widget's stylesheet. Default: the one that comes with this package. */
  widgetCss?: string;
  /** Hashes of the script at `widget-src` (Subresource Integrity). */
  widgetIntegrity?: string;
  /** Hashes of the stylesheet at `widget-css` (Subresource Integrity). */
  widgetCssIntegrity?: string;
  /** Which of the widget's designs: `2` (default) or `3`. */
  widgetGeneration?: string;
  /** Address of the sign-in frame that you deployed on another origin, for `isolation="frame"`. */
  frameSrc?: string;
  /** What other elements call this configuration with `config="…"`. Default `default`. */
  name = 'default';
  /** Same-origin JSON file with the same settings, by their attributes' names or in camelCase. Attributes win over it. */
  src?: string;

  /** Write every event of this package to the console. */
  debug = false;

  readonly #session = new SessionController(this);
  #applied = '';

  /** Of the session. Reflected as an attribute for CSS; writing to that changes nothing. */
  get state(): SessionStatus {
    return this.#session.state.status;
  }

  /** What tells of the session goes by it. */
  get config(): string {
    return this.name;
  }

  /** The client of this configuration, once there is one. */
  get client(): OktaClient | undefined {
    return findClient(this.name);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // Put back, it counts anew.
    this.#applied = '';
    this.requestUpdate();
    // At once: elements that upgrade next decide from it before the first paint.
    this.performUpdate();
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override updated(): void {
    this.#apply();
  }

  #apply(): void {
    const settings = JSON.stringify([this.name, this.src, this.#settings]);
    if (!this.isConnected || settings === this.#applied) return;
    this.#applied = settings;
    if (this.debug) void import('../debug.js').then(({ logEvents }) => logEvents()).catch(() => {});
    if (this.src) void this.#load(this.src);
    else this.#configure({});
  }

  /** The attributes that are there. */
  get #settings(): ConfigInput {
    const names = [...OktaConfigElement.elementProperties.keys(), 'nonce'] as (keyof this)[];
    const said = names.map((name) => [name, this[name]] as const);
    // A nonce that is not there is empty, and so is an attribute that says nothing.
    return Object.fromEntries(said.filter(([name, value]) => value && name !== 'state'));
  }

  async #load(src: string): Promise<void> {
    try {
      const { readSettings } = await loaded(import('./settings-file.js'));
      this.#configure(await readSettings(src, this.baseURI));
    } catch (error) {
      this.#refuse(error as OktaElementsError);
    }
  }

  #configure(file: ConfigInput): void {
    try {
      configure({ ...file, ...this.#settings }, { name: this.name, target: this });
    } catch (error) {
      this.#refuse(error as OktaElementsError);
    }
  }

  #refuse(error: OktaElementsError): void {
    refuse(this.name, error);
    void reportError(this, error);
  }
}
