import { ReactiveElement } from '@lit/reactive-element';
import { OktaElementsError } from '../errors.js';
import { reportError } from '../report.js';
import type { OktaClient } from '../session/client.js';
import type { ConfigInput } from '../session/config.js';
import { ofDocument } from '../session/of-document.js';
import { readPageConfiguration } from '../session/page-configuration.js';
import { declare, findClient, isSealed, noteFailure, retract, settle } from '../session/registry.js';
import { SessionController } from '../session/session-controller.js';
import type { SessionStatus } from '../session/state.js';
import { output, texts } from './properties.js';

/** Settings that extend trust. Only scripts set them, because authors of markup must not. */
const SCRIPT_ONLY = [
  'allowed-origins',
  'frame-src',
  'src',
  'widget-src',
  'widget-css',
  'widget-integrity',
  'widget-css-integrity',
];

/**
 * Names the Okta organisation and application of a page whose whole HTML is trusted. Renders nothing. Other elements may
 * stand anywhere in the document, before or after it. On a page that `configure()` or
 * `<script type="application/json" data-okta-config>` configures, it configures nothing.
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
      'idleTimeout',
      'requestTimeout',
      'silentTimeout',
      'popupTimeout',
      'widgetGeneration',
      'name',
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
  /** Which of the widget's designs: `2` (default) or `3`. */
  widgetGeneration?: string;
  /** What other elements call this configuration with `config="…"`. Default `default`. */
  name = 'default';

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

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // An element that is put back is applied again. Moved, it is back already.
    this.#applied = '';
    queueMicrotask(settle);
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override updated(): void {
    // A microtask after the upgrade, so that a script which configures the page in the same task comes first.
    readPageConfiguration();
    const settings = this.#settings;
    const scriptOnly = SCRIPT_ONLY.filter((name) => this.hasAttribute(name));
    const applied = JSON.stringify([isSealed(), settings, scriptOnly]);
    if (!this.isConnected || applied === this.#applied) return;
    // The rest of the document may hold the JSON that seals it. The definition of this tag then has it updated again.
    if (ofDocument('readyState') === 'loading' && !isSealed()) return;
    this.#applied = applied;
    if (this.debug) void import('../debug.js').catch(() => {});
    this.#apply(settings, scriptOnly.join(', '));
  }

  #apply(settings: ConfigInput, scriptOnly: string): void {
    const { name } = this;
    try {
      // A tag with only `name` or `debug` configures nothing.
      const isRejected = isSealed() && Object.keys(settings).some((setting) => !/^(name|debug)$/.test(setting));
      if (scriptOnly || isRejected) {
        const why = isSealed() ? 'a script configures this page' : `not in markup: ${scriptOnly}`;
        throw new OktaElementsError('config_not_allowed', `<okta-config>: ${why}`);
      }
      if (!isSealed()) declare(this, name, settings, this);
    } catch (error) {
      // In a conflict both declarations stay, so that removing one resolves it.
      if ((error as OktaElementsError).code !== 'config_conflict') retract(this);
      // A tag that others may write does not disturb the configuration of a sealed page.
      if (!isSealed()) noteFailure(name, error as OktaElementsError);
      void reportError(this, error as OktaElementsError);
    }
  }

  /** The attributes and properties that are set. */
  get #settings(): ConfigInput {
    const names = [...OktaConfigElement.elementProperties.keys(), 'nonce'] as (keyof this)[];
    const given = names.map((name) => [name, this[name]] as const);
    // A missing nonce and an attribute without a value are empty strings.
    return Object.fromEntries(given.filter(([name, value]) => value && name !== 'state'));
  }
}
