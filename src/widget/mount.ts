import { OktaElementsError } from '../errors.js';
import { widgetAssetBase } from './assets.js';
import { WIDGET_CONTAINER_ID } from './container-id.js';
import {
  leaveHistoryAlone,
  withoutPageListeners,
  type FormContext,
  type Widget,
  type WidgetAnswer,
} from './generation-2.js';
import { httpRequestClient } from './http.js';
import { loadWidget, type LoadedWidget } from './loader.js';
import { authorAssetBase, widgetConfig, type WidgetSettings, type WidgetTransaction } from './options.js';
import { watchForRefusal } from './refusal.js';
import { addStylesheet } from './styles.js';

export type { WidgetFlow, WidgetTransaction } from './options.js';

export interface MountOptions extends WidgetSettings {
  /** An empty element of the document, in no shadow tree. It is empty again when the promise settles. */
  host: HTMLElement;
  transaction: WidgetTransaction;
  /** `auto`, the default, follows the page's `color-scheme`. */
  theme?: 'light' | 'dark' | 'auto';
  /** Aborting takes the widget away, and everything it brought: nodes, styles, listeners, requests. */
  signal: AbortSignal;
  /** The first form is there. */
  onReady(): void;
  /** A form is there, the first included. */
  onRender(detail: { form: string }): void;
  /** A form shows an error, which the user can usually mend. */
  onError(error: OktaElementsError): void;
}

/** What the session exchanges for tokens. The widget itself never holds one. */
export interface MountResult {
  interactionCode: string;
  state: string;
}

let occupied = false;

/**
 * Shows the Okta Sign-In Widget and waits until the user has signed in.
 *
 * @throws OktaElementsError `widget_load_failed`: its code or stylesheet did not load; the next call tries again.
 * `access_denied`: Okta refused the user, by a policy or for lack of what was asked for. `widget_failed`: it gave up, there is already one on the page, or the host is in a shadow tree. `state_mismatch`: its
 * answer belongs to another sign-in.
 * @throws DOMException `AbortError` after `signal` aborted.
 */
export async function mountWidget(options: MountOptions): Promise<MountResult> {
  const { host, signal } = options;
  if (signal.aborted) throw removed();
  assertPlace(host);
  occupied = true;

  const ended = new AbortController();
  const undo: (() => void)[] = [];
  const end = () => {
    if (ended.signal.aborted) return;
    ended.abort();
    for (const step of undo.reverse()) attempt(step);
    occupied = false;
  };
  try {
    return await new Promise<MountResult>((resolve, reject) => {
      const abort = () => {
        end();
        reject(removed());
      };
      signal.addEventListener('abort', abort, { once: true, signal: ended.signal });
      show(options, ended.signal, undo).then(resolve, reject);
    });
  } finally {
    end();
  }
}

/** @param ended Aborted when the widget is gone. What happens after that concerns nobody. */
async function show(options: MountOptions, ended: AbortSignal, undo: (() => void)[]): Promise<MountResult> {
  const { transaction, widgetOptions = {}, cspNonce, host } = options;
  const assetBase = authorAssetBase(widgetOptions) ?? widgetAssetBase();
  const styles = addStylesheet(`${assetBase}/css/okta-sign-in.css`, cspNonce);
  undo.push(() => styles.remove());
  const loaded = await load(styles.loaded);
  if (ended.aborted) throw removed();

  const config = widgetConfig({ ...options, language: options.language ?? languageOf(host) }, assetBase);
  const { client, refused } = watchForRefusal(httpRequestClient(ended));
  Object.assign(config.authParams as object, { httpRequestClient: client });
  const container = createContainer(options.theme);
  host.append(container);
  undo.push(() => container.remove());
  try {
    const answer = await Promise.race([start(loaded, config, container, options, ended, undo), refused]);
    return checked(answer, transaction);
  } catch (error) {
    throw error instanceof OktaElementsError ? error : failed(summaryOf(error), error);
  }
}

async function load(stylesLoaded: Promise<void>): Promise<LoadedWidget> {
  try {
    const [loaded] = await Promise.all([loadWidget(), stylesLoaded]);
    return loaded;
  } catch (cause) {
    const message =
      'The sign-in form could not be loaded; check the connection, the address of its files and the page’s policy.';
    throw new OktaElementsError('widget_load_failed', message, { cause });
  }
}

function start(
  { Widget, jQuery }: LoadedWidget,
  config: Record<string, unknown>,
  container: HTMLElement,
  { onReady, onRender, onError }: MountOptions,
  ended: AbortSignal,
  undo: (() => void)[],
): Promise<WidgetAnswer> {
  const widget: Widget = new Widget(config);
  leaveHistoryAlone(widget);
  widget.on('ready', (context) => afterGivingUp(context, ended, onReady));
  widget.on('afterRender', (context) => {
    afterGivingUp(context, ended, () => onRender({ form: context.formName ?? context.controller ?? '' }));
  });
  widget.on('afterError', (_, { errorSummary }) => onError(failed(errorSummary)));
  undo.push(() => {
    widget.off();
    // The widget listens to its class, so without this a later one would tell this one everything.
    widget.stopListening();
    widget.remove();
  });
  const answer = withoutPageListeners(jQuery, document, () => widget.showSignIn({ el: container }));
  // The page has a `main` of its own; this one is part of it.
  container.querySelector('main')?.setAttribute('role', 'group');
  return answer;
}

/** When the widget gives up it first shows a form that says so, in the same task. That one is not worth mentioning. */
function afterGivingUp({ formName }: FormContext, ended: AbortSignal, tell: () => void): void {
  if (formName !== 'terminal') tell();
  else setTimeout(() => ended.aborted || tell());
}

function checked({ status, interaction_code: interactionCode, state }: WidgetAnswer, transaction: WidgetTransaction) {
  if (status !== 'SUCCESS' || !interactionCode) throw failed();
  if (state !== transaction.state) {
    throw new OktaElementsError('state_mismatch', 'The sign-in form answered for another sign-in; start again.');
  }
  return { interactionCode, state };
}

function assertPlace(host: HTMLElement): void {
  if (occupied) {
    throw failed('A page can show one sign-in form at a time; remove the other <okta-signin mode="embedded"> first.');
  }
  if (host.getRootNode() !== document) {
    throw failed(
      'The sign-in form cannot be shown in a shadow tree; put <okta-signin mode="embedded"> into the document.',
    );
  }
}

function createContainer(theme: MountOptions['theme'] = 'auto'): HTMLElement {
  const container = document.createElement('div');
  container.id = WIDGET_CONTAINER_ID;
  container.dataset.theme = theme;
  return container;
}

function languageOf(host: HTMLElement): string | undefined {
  return host.closest<HTMLElement>('[lang]')?.lang || undefined;
}

function failed(summary = 'The sign-in form stopped working; reload the page to try again.', cause?: unknown) {
  return new OktaElementsError('widget_failed', summary, { cause });
}

interface FailureOfWidget {
  name?: string;
  errorSummary?: string;
  message?: string;
  xhr?: unknown;
}

/** What the widget says of a failure, unless all it knows is that a request had no answer. */
function summaryOf(error: unknown): string | undefined {
  const { name, errorSummary, message, xhr } = (error ?? {}) as FailureOfWidget;
  if (name === 'AuthApiError' && !xhr) {
    return 'Okta did not answer; check the connection, the issuer, and that this origin is one of the org’s Trusted Origins.';
  }
  return errorSummary || message || undefined;
}

function removed(): DOMException {
  return new DOMException('The sign-in form was removed.', 'AbortError');
}

/** Runs one step of the clean-up. A failure must not keep the others from running; the page still hears of it. */
function attempt(step: () => void): void {
  try {
    step();
  } catch (error) {
    reportError(error);
  }
}
