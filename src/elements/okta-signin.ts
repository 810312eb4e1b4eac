import { ReactiveElement, css, type PropertyValues } from '@lit/reactive-element';
import type { OktaElementsError } from '../errors.js';
import { OktaSigninStartEvent } from '../events.js';
import { reportError } from '../report.js';
import { loaded } from '../session/parts.js';
import { SessionController } from '../session/session-controller.js';
import type { SignInOptions } from '../session/sign-in.js';
import { arrange, make } from './dom.js';
import type { EmbeddedSignIn, WidgetFlow } from './embedded-sign-in.js';
import type { OktaGuardElement } from './okta-guard.js';
import { output, texts } from './properties.js';
import { controls } from './styles.js';
import { keepTranslated, makeLabel, makeMessage, showError } from './texts.js';
import { isUnderstood, reportChoice } from './understood.js';

export type SigninState = 'idle' | 'starting' | 'ready' | 'signed-in' | 'error';

/** What a form that is shown was asked for; with something else asked for, it is another form. */
const OTHER_FORM = ['flow', 'config', 'isolation', 'idp', 'prompt', 'acrValues', 'maxAge'] as const;

/** Properties with a fixed list of values. */
const CHOICES = {
  mode: 'hosted|embedded',
  display: 'redirect|popup',
  theme: 'light|dark|auto',
  flow: 'login|signup|resetPassword|unlockAccount',
  isolation: 'page|shadow|frame',
};

/**
 * Signs the user in: by redirect to Okta's own page (`hosted`), or with Okta's widget in this one (`embedded`). The
 * attribute `mode` is the only difference between the two.
 *
 * @slot - label of the button; default "Sign in"
 * @slot pending - shown beside the button while a sign-in is under way
 * @slot signed-in - shown in place of the button to who is signed in
 * @slot retry - label of the button to try again, where the widget could not be loaded; default "Try again"
 * @slot error - shown in place of the message when a sign-in failed
 * @csspart button - the button of the hosted style
 * @csspart retry - the button to try again
 * @csspart spinner - the sign of work under way
 * @csspart error - the message of a failure
 * @csspart container - what holds the widget of the embedded style
 * @cssprop --okta-color-primary - background of the button
 * @cssprop --okta-color-on-primary - text of the button
 * @cssprop --okta-color-danger - text of a failure
 * @cssprop --okta-color-focus - ring around what has the focus
 * @cssprop --okta-font-family - font
 * @cssprop --okta-font-size - size of text
 * @cssprop --okta-radius - radius of corners
 * @cssprop --okta-space - unit of spacing
 * @cssprop --okta-max-width - width of the widget
 * @fires {OktaSigninStartEvent} okta-signin-start - a sign-in is about to start; cancel to keep it from starting
 * @fires {OktaSigninSuccessEvent} okta-signin-success - an embedded sign-in ended well; a hosted one is told by `<okta-config>`
 * @fires {OktaWidgetReadyEvent} okta-widget-ready - the widget shows its first form
 * @fires {OktaWidgetRenderEvent} okta-widget-render - the widget shows another form
 * @fires {OktaWidgetErrorEvent} okta-widget-error - the widget reports an error
 * @fires {OktaErrorEvent} okta-error - a sign-in failed
 */
export class OktaSigninElement extends ReactiveElement {
  static override properties = {
    ...texts(...Object.keys(CHOICES), 'returnTo', 'loginHint', 'idp', 'prompt', 'acrValues', 'config'),
    mode: { reflect: true },
    maxAge: { attribute: 'max-age', type: Number },
    theme: { reflect: true },
    auto: { type: Boolean },
    disabled: { type: Boolean, reflect: true },
    widgetOptions: { attribute: false },
    authorizeParams: { attribute: false },
    state: output,
  };

  static override styles = [
    controls,
    css`
      :host {
        display: inline-block;
      }
      :host([mode='embedded']) {
        display: block;
      }
      :host([state='signed-in'][mode]) {
        display: contents;
      }
      button + button {
        margin-inline-start: var(--okta-space, 8px);
      }
    `,
  ];

  /** `hosted` (default): redirect to Okta. `embedded`: Okta's widget in this page. */
  mode: 'hosted' | 'embedded' = 'hosted';
  /**
   * Where the hosted style shows Okta's page: in place of this one (`redirect`, default), or in a window of its own
   * (`popup`), so that this page stays as it is. Where the browser blocks the window, this becomes `redirect`.
   */
  display: 'redirect' | 'popup' = 'redirect';
  /** Same-origin address to go to afterwards. Default: stay here. */
  returnTo?: string;
  /** Fills in the identifier. */
  loginHint?: string;
  /** Id of an identity provider in Okta to go to directly. */
  idp?: string;
  /** OpenID Connect `prompt`, such as `login`. */
  prompt?: string;
  /** Space-separated authentication context classes to ask for. */
  acrValues?: string;
  /** Seconds since the user last signed in actively, at most. */
  maxAge?: number;
  /** Colours: `light`, `dark` or `auto` (default), the page's. */
  theme: 'light' | 'dark' | 'auto' = 'auto';
  /** Which form the widget begins with: `login` (default), `signup`, `resetPassword` or `unlockAccount`. */
  flow: WidgetFlow = 'login';
  /**
   * How widget and page are kept apart: `page` (default) in the document, with page CSS kept out; `shadow`, generation 3
   * in a shadow root; `frame`, on the sign-in origin at `frame-src`, where no script of the page sees what is typed.
   */
  isolation: 'page' | 'shadow' | 'frame' = 'page';
  /** Start a hosted sign-in without waiting for a click. */
  auto = false;
  /** Nothing can be started; a widget that is shown goes away. */
  disabled = false;
  /** Name of the `<okta-config>` to go by. Default: the page's one. */
  config = '';
  /** Any option of the Okta Sign-In Widget, but for those that bind a sign-in to this page. */
  widgetOptions?: Record<string, unknown>;
  /** Further parameters of the authorize request, for the hosted style. */
  authorizeParams?: Record<string, string>;

  readonly #session = new SessionController(this);
  readonly #message = makeMessage();
  readonly #failure = make('slot', { name: 'error' }, this.#message);
  readonly #pending = make('slot', { name: 'pending' }, make('span', { part: 'spinner' }));
  readonly #label = makeLabel('Sign in');
  readonly #button = make('button', { part: 'button', type: 'button' });
  readonly #retry = make('button', { part: 'retry', type: 'button' }, makeLabel('Try again', 'retry'));
  readonly #widget = make('slot', { name: 'widget' });
  readonly #container = make('div', { part: 'container' });
  readonly #signedIn = make('slot', { name: 'signed-in' });
  /** Loaded when the embedded style is used. */
  #embedded: EmbeddedSignIn | undefined;
  /** What is under way. */
  #starting: 'redirect' | 'popup' | 'embedded' | undefined;
  /** It has been started once: from now on only `signIn()` starts it, until something changes. */
  #begun = false;
  #error: OktaElementsError | undefined;
  /** Every attribute with a fixed list of values has one of them. */
  #isUsable = true;

  constructor() {
    super();
    keepTranslated(this);
    this.#button.addEventListener('click', () => void this.#signIn(this.#isWithoutWidget ? 'hosted' : this.mode));
    this.#retry.addEventListener('click', () => void this.signIn());
    for (const intent of ['pointerenter', 'focus']) {
      // What the click needs is fetched ahead of it.
      this.#button.addEventListener(intent, () => this.mode === 'hosted' && this.#session.client?.prepare());
    }
  }

  /** How far the sign-in is. Reflected as an attribute for CSS; writing to that changes nothing. */
  get state(): SigninState {
    const { status } = this.#session.state;
    if (status === 'signed-in' && !this.#guard?.stepUpOptions) return 'signed-in';
    if (this.#starting || status === 'signing-in') return 'starting';
    if (this.#error || !this.#isUsable) return 'error';
    if (this.#embedded?.live) return this.#embedded.state;
    return status === 'error' ? 'error' : 'idle';
  }

  /**
   * Starts a sign-in, as the button does; in the embedded style, shows the widget anew. Does nothing until the page is
   * configured.
   * @returns when the browser is about to leave, or the popup or the form is over
   */
  async signIn(): Promise<void> {
    await this.#signIn(this.mode);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    queueMicrotask(() => {
      // Moved, it is back already, and the form with it.
      if (this.isConnected) return;
      this.#embedded?.stop();
      this.#starting = undefined;
      this.#begun = false;
    });
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    // A failure is over when somebody signs in, or something else is to be tried.
    const isUsable = isUnderstood(this, CHOICES);
    const renewed =
      isUsable !== this.#isUsable || (['mode', 'disabled', ...OTHER_FORM] as const).some((name) => changed.has(name));
    this.#isUsable = isUsable;
    if (renewed || this.state === 'signed-in') this.#error = undefined;
    if (renewed) this.#begun = false;
    if (renewed && !isUsable) reportChoice(this, (error) => this.#fail(error));
    // A hosted sign-in starts by itself once a page: after a sign-out the user has the word.
    if (this.state === 'signed-in') this.#begun = this.mode !== 'embedded';
  }

  protected override update(changed: PropertyValues): void {
    super.update(changed);
    const { state, mode } = this;
    const isBusy = state === 'starting';
    const hasFailed = state === 'error';
    if (hasFailed) showError(this.#message, this, this.#error ?? this.#session.state.error);
    // A click on it brings a popup that is open to the front.
    this.#button.disabled = this.disabled || (isBusy && this.#starting !== 'popup') || !this.#session.client;
    for (const one of [this.#button, this.#container]) one.setAttribute('aria-busy', String(isBusy));
    const isEmbedded = mode === 'embedded';
    arrange(this.#button, isBusy && !isEmbedded && this.#pending, this.#label);
    if (isEmbedded) arrange(this.#container, isBusy && this.#pending, this.#widget);
    this.#container.hidden = hasFailed;
    if (state === 'signed-in') arrange(this.renderRoot, this.#signedIn);
    else {
      const retry = this.#isWithoutWidget && this.#retry;
      // Without the widget there is still Okta's own page.
      arrange(
        this.renderRoot,
        hasFailed && this.#failure,
        (hasFailed || !isEmbedded) && this.#isUsable && this.#button,
        hasFailed && retry,
        isEmbedded && this.#container,
      );
    }
  }

  protected override updated(changed: PropertyValues<this>): void {
    const { client, state } = this.#session;
    const guard = this.#guard;
    // In the step-up slot of a guard it is for that, and for nothing else.
    const wanted = guard ? guard.stepUpOptions : state.status === 'signed-out';
    const isOff = this.disabled || !this.#isUsable;
    const over = this.mode !== 'embedded' || isOff || (guard ? !wanted : state.status === 'signed-in');
    const other = OTHER_FORM.some((name) => changed.has(name));
    if (over || other) this.#embedded?.stop();
    if (!wanted || !client || isOff || this.#begun) return;
    if (this.mode === 'embedded') void this.#startEmbedded();
    else if (this.auto && !guard) {
      this.#begun = true;
      void this.#startHosted({ automatic: true, display: 'redirect' });
    }
  }

  /** Whether the widget could not be had. */
  get #isWithoutWidget(): boolean {
    return this.#error?.code === 'widget_load_failed';
  }

  /** The guard in whose step-up slot this is. */
  get #guard(): OktaGuardElement | undefined {
    return this.closest('okta-guard > [slot=step-up]')?.parentElement as OktaGuardElement | undefined;
  }

  get #options(): SignInOptions {
    const { display, returnTo, idp, prompt, authorizeParams } = this;
    // What the guard lacks goes before what is said here.
    const { acrValues, maxAge, loginHint } = this.#guard?.stepUpOptions ?? this;
    // Its own, or the page's.
    const language = this.closest<HTMLElement>('[lang]:not([lang=""])')?.lang;
    return { display, returnTo, loginHint, idp, prompt, acrValues, maxAge, authorizeParams, language };
  }

  async #signIn(mode: 'hosted' | 'embedded'): Promise<void> {
    const { client } = this.#session;
    if (!client || this.disabled || !this.#isUsable) return;
    // A window that is open already comes to the front.
    if (this.#starting === 'popup') void client.signIn(this.#options).catch(() => {});
    if (this.#starting) return;
    await (mode === 'embedded' ? this.#startEmbedded() : this.#startHosted());
  }

  async #startHosted(extra?: SignInOptions): Promise<void> {
    if (!this.dispatchEvent(new OktaSigninStartEvent('hosted'))) return;
    const options = { ...this.#options, ...extra };
    this.#setStarting(options.display);
    try {
      await this.#session.client!.signIn(options, this);
    } catch (error) {
      // The next click leaves the page instead.
      if ((error as OktaElementsError).code === 'popup_blocked') this.display = 'redirect';
      this.#fail(error as OktaElementsError);
    } finally {
      this.#setStarting();
    }
  }

  async #startEmbedded(): Promise<void> {
    this.#begun = true;
    if (!this.dispatchEvent(new OktaSigninStartEvent('embedded'))) return;
    this.#setStarting('embedded');
    try {
      const part = await loaded(import('./embedded-sign-in.js'), 'widget_load_failed');
      this.#setStarting();
      const { client } = this.#session;
      // Whatever it was started for may be over by now.
      if (!client || !this.isConnected || this.disabled || this.mode !== 'embedded') return;
      this.#embedded ??= new part.EmbeddedSignIn(this);
      await this.#embedded.start(client, this.#options);
    } catch (error) {
      this.#setStarting();
      this.#fail(error as OktaElementsError);
    }
  }

  #setStarting(starting?: 'redirect' | 'popup' | 'embedded'): void {
    this.#starting = starting;
    if (starting) this.#error = undefined;
    this.requestUpdate();
  }

  #fail(error: OktaElementsError): void {
    this.#error = error;
    this.requestUpdate();
    void reportError(this, error);
  }
}
