import type { ReactiveControllerHost } from 'lit';
import { OktaWidgetErrorEvent, OktaWidgetReadyEvent, OktaWidgetRenderEvent } from '../events.js';
import type { OktaClient } from '../session/client.js';
import type { SignInOptions } from '../session/sign-in.js';
import { mountWidget } from '../widget/mount.js';
import { widgetSource, type WidgetIsolation } from '../widget/source.js';

export type WidgetFlow = 'login' | 'signup' | 'resetPassword' | 'unlockAccount';

/** What the widget is told besides the transaction. */
export interface WidgetLook {
  readonly flow: WidgetFlow;
  readonly theme: 'light' | 'dark' | 'auto';
  readonly isolation: WidgetIsolation;
  readonly language?: string;
  readonly loginHint?: string;
  readonly idp?: string;
  readonly widgetOptions?: Record<string, unknown>;
}

/** One embedded sign-in of an element: our transaction, the widget in its light DOM, and the code back to the session. */
export class EmbeddedSignIn {
  readonly #host: HTMLElement & ReactiveControllerHost;
  #run: AbortController | undefined;
  #ready = false;

  constructor(host: HTMLElement & ReactiveControllerHost) {
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

  /** @throws OktaElementsError why it did not end in a session; nothing then when it was stopped */
  async start(client: OktaClient, options: SignInOptions, look: WidgetLook): Promise<void> {
    this.stop();
    const run = new AbortController();
    this.#run = run;
    this.#host.requestUpdate();
    // In light DOM, where password managers see it and the widget finds it.
    const container = document.createElement('div');
    container.slot = 'widget';
    // Whatever the page says of any element; but its colour scheme is the widget's.
    container.style.cssText = 'all: initial; display: block; color-scheme: inherit';
    try {
      const source = widgetSource(client.config.said, look.isolation, location.href);
      const transaction = await client.beginEmbedded(options);
      if (run.signal.aborted) return;
      this.#host.append(container);
      const { interactionCode, state } = await mountWidget({
        host: container,
        transaction,
        source,
        ...look,
        cspNonce: client.config.nonce,
        signal: run.signal,
        onReady: () => this.#show(),
        onRender: ({ form }) => this.#host.dispatchEvent(new OktaWidgetRenderEvent(form)),
        onError: (error) => this.#host.dispatchEvent(new OktaWidgetErrorEvent(error)),
      });
      const { returnTo } = await client.completeEmbedded(state, interactionCode, this.#host);
      if (options.returnTo) await client.goTo(returnTo);
    } catch (error) {
      if (!run.signal.aborted) throw error;
    } finally {
      container.remove();
      if (this.#run === run) this.stop();
    }
  }

  /** Takes the widget away. */
  stop(): void {
    if (!this.#run) return;
    this.#run.abort();
    this.#run = undefined;
    this.#ready = false;
    this.#host.requestUpdate();
  }

  #show(): void {
    this.#ready = true;
    this.#host.requestUpdate();
    this.#host.dispatchEvent(new OktaWidgetReadyEvent());
  }
}
