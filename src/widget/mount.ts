import { OktaElementsError } from '../errors.js';
import { widgetAssetBase } from './assets.js';
import { WIDGET_CONTAINER_ID } from './container-id.js';
import { keepDirection } from './direction.js';
import { lendGlobals } from './globals.js';
import { mayHeadStart, withHeadStart } from './head-start.js';
import { httpRequestClient, type HttpRequestClient } from './http.js';
import { forgetSignIn, isKept, storageSettings } from './leftovers.js';
import { giveUpWidget, loadWidget, type LoadedWidget } from './loader.js';
import { withCodeToType, withMailedCode } from './mailed-code.js';
import {
  authorAssetBase,
  widgetConfig,
  type WidgetConfig,
  type WidgetSettings,
  type WidgetTransaction,
} from './options.js';
import { refusalIn } from './refusal.js';
import type { WidgetIsolation, WidgetSource } from './source.js';
import type { ShownForm, Stage, WidgetAnswer } from './stage.js';
import { addStylesheet } from './styles.js';
import { languageAt } from './page-language.js';
import { watchFailures } from './watch-failures.js';
import { watchForSuccess } from './success.js';

export type { WidgetFlow, WidgetTransaction } from './options.js';

export interface MountOptions extends WidgetSettings {
  /** An empty element; for generation 2 one in no shadow tree. It is empty again when the promise settles. */
  host: HTMLElement;
  /** Where the widget comes from. Default: generation 2, from this package. */
  source?: WidgetSource;
  /** How widget and page are kept apart. `shadow` is for generation 3. Default `page`. */
  isolation?: WidgetIsolation;
  transaction: WidgetTransaction;
  /** Milliseconds until a request to Okta is given up. Default 10000. */
  requestTimeout?: number;
  /** `auto`, the default, follows the page's `color-scheme`. */
  theme?: 'light' | 'dark' | 'auto';
  /**
   * Aborting takes the widget away, and everything it brought: nodes, styles, listeners, requests. With {@link SHOW_AGAIN}
   * as the reason it leaves what the next one needs to go on with the sign-in.
   */
  signal: AbortSignal;
  /** The first form is there. */
  onReady(): void;
  /** A form is there, the first included. */
  onRender(detail: ShownForm): void;
  /** A form shows an error, which the user can usually mend. */
  onError(error: OktaElementsError): void;
}

/** What the session exchanges for tokens. The widget itself never holds one. */
export interface MountResult {
  interactionCode: string;
  state: string;
}

/** Why a widget is taken away whose sign-in goes on: in another language. */
export const SHOW_AGAIN = 'show again';

/** How long the widget's code and stylesheet may take, milliseconds. */
const LOAD_TIMEOUT = 30_000;

let occupied = false;

/**
 * Shows the Okta Sign-In Widget and waits until the user has signed in.
 *
 * @throws OktaElementsError `widget_load_failed`: its code or stylesheet did not load; the next call tries again.
 * `timeout`: Okta did not answer before there was a form. `access_denied`: Okta refused the user, by a policy or for lack of what was asked for. `widget_failed`: it gave up,
 * there is already one on the page, or generation 2 is to be in a shadow tree. `state_mismatch`: its
 * answer belongs to another sign-in.
 * @throws DOMException `AbortError` after `signal` aborted.
 */
export async function mountWidget(options: MountOptions): Promise<MountResult> {
  const { signal } = options;
  if (signal.aborted) throw removed();
  assertPlace(options);
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
  const { transaction, widgetOptions = {}, cspNonce, host, source = { generation: 2 } } = options;
  const assetBase = authorAssetBase(widgetOptions) ?? widgetAssetBase();
  // The host of a shadow tree is one for good.
  const place = options.isolation === 'shadow' ? (host.shadowRoot ?? host.attachShadow({ mode: 'open' })) : host;
  const { url, integrity } = source.stylesheet ?? {
    url: `${assetBase}/css/${source.generation === 3 ? 'okta-sign-in-3.css' : 'okta-sign-in.css'}`,
  };
  const styles = addStylesheet(place.getRootNode() as Document | ShadowRoot, url, { integrity, nonce: cspNonce });
  undo.push(() => styles.remove());
  // A sign-in goes on wherever it is: asked for a form by name, the widget begins another.
  const flow = transaction.resumed && isKept(transaction.state) ? undefined : options.flow;
  const config = widgetConfig({ ...options, flow, language: options.language ?? languageAt(host) }, assetBase);
  let isShown = false;
  const watched = watchFailures(requests(config, options, ended), (failure) => {
    // A form that is there says itself that Okta does not answer; before, the widget shows anything from an empty box to
    // none.
    if (failure instanceof OktaElementsError) return isShown ? undefined : failure;
    return refusalIn((failure as { responseText?: unknown } | undefined)?.responseText);
  });
  const { client, succeeded } = watchForSuccess(watched.client, transaction.state);
  const storageManager = storageSettings(transaction.state);
  Object.assign(config.authParams as object, { httpRequestClient: client, storageManager });
  const loaded = await load(source, styles.loaded, cspNonce);
  if (ended.aborted) throw removed();

  const container = createContainer(options.theme);
  const { brand } = (widgetOptions.colors ?? {}) as { brand?: unknown };
  if (typeof brand === 'string') container.style.setProperty('--okta-color-primary', brand);
  place.append(container);
  undo.push(() => container.remove());
  undo.push(() => {
    if (options.signal.reason !== SHOW_AGAIN) forgetSignIn(transaction.state);
  }, lendGlobals(loaded.globals));
  const direction = keepDirection(container, config.language);
  undo.push(direction.end);
  const tell = listeners(options);
  const ready: typeof tell.ready = () => ((isShown = true), tell.ready());
  const render: typeof tell.render = (form) => (direction.apply(), tell.render(form));
  const stage: Stage = { container, cspNonce, ended, undo, tell: { ...tell, ready, render } };
  try {
    const answer = loaded.show(loaded, config, stage, assetBase);
    // The page has a `main` of its own; this one is part of it.
    container.querySelector('main')?.setAttribute('role', 'group');
    return checked(await Promise.race([answer, succeeded, watched.failed]), transaction);
  } catch (error) {
    throw error instanceof OktaElementsError ? error : failed(summaryOf(error), error);
  }
}

/** What sends the widget's requests. The first of them it sends now, while the widget is on its way. */
function requests(
  config: WidgetConfig,
  { transaction, source, requestTimeout }: MountOptions,
  ended: AbortSignal,
): HttpRequestClient {
  const client = httpRequestClient(ended, transaction.nonce, requestTimeout);
  const { otp, elsewhere } = transaction;
  if (otp) return elsewhere ? withCodeToType(client, otp) : withMailedCode(client, otp);
  if (transaction.resumed || !mayHeadStart(config)) return client;
  // Generation 3 leaves the language of an answer to the browser.
  const language = source?.generation === 3 ? undefined : config.language;
  // One that a function chooses, the widget learns from it.
  if (language !== undefined && typeof language !== 'string') return client;
  return withHeadStart(client, config, language);
}

/** @throws OktaElementsError `widget_load_failed`, also when it takes longer than {@link LOAD_TIMEOUT} */
async function load(source: WidgetSource, stylesLoaded: Promise<void>, nonce?: string): Promise<LoadedWidget> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      giveUpWidget(source);
      reject(new Error(`It took longer than ${LOAD_TIMEOUT / 1000} seconds.`));
    }, LOAD_TIMEOUT);
  });
  try {
    const [loaded] = await Promise.race([Promise.all([loadWidget(source, nonce), stylesLoaded]), late]);
    return loaded;
  } catch (cause) {
    if (cause instanceof OktaElementsError) throw cause;
    const message =
      (cause as Error).name === 'TrustedTypesError'
        ? 'The page’s policy keeps the sign-in form out; add okta-elements-widget to its trusted-types.'
        : 'The sign-in form could not be loaded; check the connection, the address and hash of its files and the page’s policy.';
    throw new OktaElementsError('widget_load_failed', message, { cause });
  } finally {
    clearTimeout(timer);
  }
}

function checked({ status, interaction_code: interactionCode, state }: WidgetAnswer, transaction: WidgetTransaction) {
  if (status !== 'SUCCESS' || !interactionCode) throw failed();
  if (state !== transaction.state) {
    throw new OktaElementsError('state_mismatch', 'The sign-in form answered for another sign-in; start again.');
  }
  return { interactionCode, state };
}

function listeners({ onReady, onRender, onError }: MountOptions): Stage['tell'] {
  return { ready: onReady, render: onRender, error: (summary) => onError(failed(summary)) };
}

function assertPlace({ host, source }: MountOptions): void {
  if (occupied) {
    throw failed('A page can show one sign-in form at a time; remove the other <okta-signin mode="embedded"> first.');
  }
  if (source?.generation !== 3 && host.getRootNode() !== document) {
    throw failed(
      'Generation 2 of the sign-in form cannot be shown in a shadow tree; set widget-generation="3" on <okta-config>.',
    );
  }
}

function createContainer(theme: MountOptions['theme'] = 'auto'): HTMLElement {
  const container = document.createElement('div');
  container.id = WIDGET_CONTAINER_ID;
  container.dataset.theme = theme;
  return container;
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
    return 'Okta did not answer; check the connection, the issuer, that this origin is one of the org’s Trusted Origins, and that the org has the Identity Engine, without which only mode="hosted" works.';
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
