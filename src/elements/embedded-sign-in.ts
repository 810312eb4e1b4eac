import type { ReactiveControllerHost } from '@lit/reactive-element';
import { OktaElementsError } from '../errors.js';
import { OktaWidgetErrorEvent, OktaWidgetReadyEvent, OktaWidgetRenderEvent } from '../widget/widget-events.js';
import type { OktaClient } from '../session/client.js';
import { loaded } from '../session/parts.js';
import { findClient } from '../session/registry.js';
import type { SignInOptions } from '../session/sign-in.js';
import { keepIn } from './keep-in.js';
import { loadWidget } from '../widget/loader.js';
import { mountWidget, SHOW_AGAIN, type MountOptions, type MountResult } from '../widget/mount.js';
import { languageAt, watchLanguage } from '../widget/page-language.js';
import { awaitPlace, forgoPlace, leavePlace, takePlace } from '../widget/place.js';
import { frameAddress } from '../widget/frame/address.js';
import { widgetSource, type WidgetIsolation, type WidgetSource } from '../widget/source.js';

export type WidgetFlow = 'login' | 'signup' | 'resetPassword' | 'unlockAccount';

/** The element that shows it, and what the widget is told besides the transaction. */
export interface EmbeddedHost extends HTMLElement, ReactiveControllerHost {
  readonly flow: WidgetFlow;
  /** Null where the attribute is gone. */
  readonly isolation: WidgetIsolation | '' | null;
  readonly loginHint?: string;
  readonly idp?: string;
  readonly widgetOptions?: Record<string, unknown>;
  readonly config: string;
  requestUpdate(name?: PropertyKey, oldValue?: unknown): void;
  signIn(): Promise<void>;
}

/** One embedded sign-in of an element: our transaction, the widget in its light DOM, and the code back to the session. */
export class EmbeddedSignIn {
  readonly #host: EmbeddedHost;
  #run: AbortController | undefined;
  #ready = false;

  constructor(host: EmbeddedHost) {
    this.#host = host;
  }

  /** Whether a widget is shown or on its way. */
  get live(): boolean {
    return this.#run !== undefined;
  }

  get state(): 'idle' | 'starting' | 'ready' {
    if (!this.#run) return 'idle';
    return this.#ready ? 'ready' : 'starting';
  }

  get #isolation(): WidgetIsolation {
    return this.#host.isolation || 'page';
  }

  /** @throws OktaElementsError why it did not end in a session; nothing then when it was stopped */
  async start(client: OktaClient, options: SignInOptions): Promise<void> {
    this.stop();
    const { said } = client.config;
    const isolation = this.#isolation;
    const from =
      isolation === 'frame'
        ? frameAddress(said.frameSrc, location.href)
        : widgetSource(said, isolation, location.href, this.#host.getRootNode() instanceof ShadowRoot);
    if (!takePlace(this)) {
      awaitPlace(this, () => void this.#host.signIn());
      throw new OktaElementsError(
        'widget_failed',
        '<okta-signin mode="embedded">: a page can show one sign-in form at a time. Reload, or remove the other one.',
      );
    }
    const run = new AbortController();
    this.#run = run;
    this.#watchClient(client, run.signal);
    this.#host.requestUpdate();
    try {
      await this.#signIn(client, options, from, run.signal);
    } catch (error) {
      if (!run.signal.aborted) throw error;
    } finally {
      if (this.#run === run) this.stop();
    }
  }

  /** Takes the widget away. */
  stop(): void {
    forgoPlace(this);
    if (!this.#run) return;
    this.#run.abort();
    this.#run = undefined;
    this.#ready = false;
    leavePlace(this);
    this.#host.requestUpdate();
  }

  /** Ends the run when the configuration is another, or none, and has the element begin anew where it can. */
  #watchClient(client: OktaClient, signal: AbortSignal): void {
    const host = this.#host;
    const hostUpdated = () => {
      if (findClient(host.config) === client) return;
      this.stop();
      // As if it were told to go by another one: the form comes as soon as that knows that nobody is signed in.
      host.requestUpdate('config', client);
    };
    const controller = { hostUpdated };
    host.addController(controller);
    signal.addEventListener('abort', () => host.removeController(controller));
  }

  async #signIn(
    client: OktaClient,
    options: SignInOptions,
    from: WidgetSource | URL,
    signal: AbortSignal,
  ): Promise<void> {
    // What it takes is on its way already; whether that fails is seen when it is wanted.
    const way = from instanceof URL ? inFrame(from, client, this.#host) : inPage(from, client);
    way.catch(() => {});
    const transaction = await client.beginEmbedded({ ...options, flow: this.#host.flow });
    signal.addEventListener('abort', () => transaction.abandon());
    const container = createContainer();
    let kept: ReturnType<typeof keepIn> | undefined;
    try {
      if (signal.aborted) return;
      this.#host.append(container);
      kept = keepIn(this.#host, container);
      const widgetOptions = { ...client.config.said.widgetOptions, ...this.#host.widgetOptions };
      const form = this.#inLanguages(way, widgetOptions, {
        host: container,
        transaction,
        requestTimeout: client.config.requestTimeout,
        signal,
        onReady: () => this.#show(),
        onRender: ({ form, authenticator }) => {
          // Loaded again, it would show the same last words.
          transaction.keep(form === 'terminal');
          if (authenticator === 'okta_email') transaction.share();
          this.#host.dispatchEvent(new OktaWidgetRenderEvent(form));
        },
        onError: (error) => this.#host.dispatchEvent(new OktaWidgetErrorEvent(error)),
      });
      const { interactionCode, state } = await Promise.race([form, kept.lost]);
      // However long the user took for the last form.
      transaction.keep(true);
      const { returnTo } = await client.completeEmbedded(state, interactionCode, this.#host);
      if (options.returnTo) await client.goTo(returnTo);
    } catch (error) {
      const { activeElement } = container.getRootNode() as Document | ShadowRoot;
      if (!signal.aborted && container.contains(activeElement)) focusButton(this.#host);
      throw error;
    } finally {
      kept?.letGo();
      container.remove();
      transaction.abandon();
    }
  }

  /** Shows the form, and whenever the language around it changes, goes on in that one where the user is. */
  async #inLanguages(
    way: Promise<Show>,
    widgetOptions: Readonly<Record<string, unknown>>,
    form: Form,
  ): Promise<MountResult> {
    const show = await way;
    const { flow, idp } = this.#host;
    const isolation = this.#isolation;
    let { loginHint } = this.#host;
    let { transaction } = form;
    for (;;) {
      form.signal.throwIfAborted();
      const shown = new AbortController();
      const end = () => shown.abort();
      form.signal.addEventListener('abort', end);
      const language = languageAt(this.#host);
      const unwatch = watchLanguage(this.#host, () => {
        // A frame sees to that itself, without being loaded anew.
        if (isolation === 'frame' || widgetOptions.language || languageAt(this.#host) === language) return;
        loginHint = nameIn(form.host) || loginHint;
        shown.abort(SHOW_AGAIN);
      });
      const look = { flow, isolation, loginHint, idp, widgetOptions, language };
      try {
        return await show({ ...form, ...look, transaction, signal: shown.signal });
      } catch (error) {
        if (shown.signal.reason !== SHOW_AGAIN || form.signal.aborted) throw error;
      } finally {
        unwatch();
        form.signal.removeEventListener('abort', end);
      }
      const { otp, elsewhere } = transaction;
      // A code is sent once.
      transaction = { ...transaction, resumed: true, otp: elsewhere ? otp : undefined };
      this.#ready = false;
      this.#host.requestUpdate();
    }
  }

  #show(): void {
    // A frame that is loaded again is ready again.
    if (this.#ready) return;
    this.#ready = true;
    this.#host.requestUpdate();
    this.#host.dispatchEvent(new OktaWidgetReadyEvent());
  }
}

export type Show = (form: MountOptions) => Promise<MountResult>;
type Form = Omit<MountOptions, 'source' | 'widgetOptions'>;

/** In light DOM, where password managers see it and the widget finds it. */
function createContainer(): HTMLElement {
  const container = document.createElement('div');
  container.slot = 'widget';
  // Whatever the page says of any element; but its colour scheme is the widget's.
  container.style.cssText = 'all: initial; display: block; color-scheme: inherit';
  return container;
}

/** What has been typed for a name, so that it need not be typed again. */
function nameIn(container: HTMLElement): string | undefined {
  return (container.shadowRoot ?? container).querySelector<HTMLInputElement>('input[name=identifier]')?.value;
}

/** The widget in this page. */
function inPage(source: WidgetSource, { config }: OktaClient): Promise<Show> {
  loadWidget(source, config.nonce).catch(() => {});
  return Promise.resolve((form) => mountWidget({ ...form, source, cspNonce: config.nonce }));
}

/** The widget in a frame of the sign-in origin. */
async function inFrame(address: URL, client: OktaClient, host: EmbeddedHost): Promise<Show> {
  const part = await loaded(import('./embedded-frame.js'), 'widget_load_failed');
  return part.inFrame(address, client, host);
}

/** Who was in the form finds themselves at what there is to do next. */
function focusButton(host: EmbeddedHost): void {
  // By then it shows what went wrong.
  setTimeout(() => void host.updateComplete.then(() => host.shadowRoot?.querySelector('button')?.focus()));
}
