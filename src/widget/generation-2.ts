/*
 * What generation 2 of the Okta widget looks like from outside, and the habits it had when it had a page to itself.
 * It is a Backbone application: its class hierarchy shows in the names below that begin with an underscore.
 */

/** Told with every form that is shown. */
export interface FormContext {
  /** Name of the remediation (`identify`, `challenge-authenticator` …), or `terminal`. */
  formName?: string;
  /** Name that generation 1 had for the same form. */
  controller?: string;
}

/** Told when a form shows an error. */
export interface FormError {
  /** The text the user sees. */
  errorSummary?: string;
}

/** How `showSignIn` ends when the code challenge was given from outside. */
export interface WidgetAnswer {
  status?: string;
  interaction_code?: string;
  state?: string;
}

/** An instance of the widget, as far as this package uses it. */
export interface Widget {
  Router: RouterConstructor;
  on(event: 'ready' | 'afterRender', listener: (context: FormContext) => void): void;
  on(event: 'afterError', listener: (context: FormContext, error: FormError) => void): void;
  off(): void;
  stopListening(): void;
  showSignIn(options: { el: Element }): Promise<WidgetAnswer>;
  remove(): void;
}

export type WidgetConstructor = new (config: Record<string, unknown>) => Widget;

interface Router {
  settings: { callGlobalError(error: unknown): void };
  defaultAuth(): void;
  render(...args: unknown[]): Promise<void>;
  start(): void;
}

type RouterConstructor = new (...args: unknown[]) => Router;

/**
 * Keeps the widget out of the page's history. It has one route and would start Backbone's history for it, which turns
 * `/#part` into `/part` and begins the sign-in again whenever the page goes to another address.
 */
export function leaveHistoryAlone(widget: Widget): void {
  const PageRouter = widget.Router;
  widget.Router = class extends PageRouter {
    /** Routes are bound for good: Backbone keeps the handler, and with it the widget, after `remove()`. */
    _bindRoutes(): void {}

    override start(): void {
      this.defaultAuth();
    }

    /** Nobody waits for this promise in the widget, so a failure would leave an empty box. */
    override async render(...args: unknown[]): Promise<void> {
      try {
        await super.render(...args);
      } catch (error) {
        this.settings.callGlobalError(error);
      }
    }
  };
}

interface JQuery {
  (element: Element): { off(event: string, handler: unknown): void };
  _data(element: Element, key: 'events'): { click?: readonly { handler: unknown }[] } | undefined;
}

/** The widget's jQuery, which the widget leaves in a global when its code is loaded. Takes the global away again. */
export function takeJQuery(): unknown {
  const global = globalThis as { jQueryCourage?: unknown };
  const jQuery = global.jQueryCourage;
  delete global.jQueryCourage;
  return jQuery;
}

/** Runs `show` and takes away the listeners it put on the page's own elements: an empty one on each `body > div`. */
export function withoutPageListeners<Result>(jQuery: unknown, page: Document, show: () => Result): Result {
  const $ = jQuery as JQuery | undefined;
  if (!$?._data) return show();
  const handlersOf = (element: Element) => ($._data(element, 'events')?.click ?? []).map(({ handler }) => handler);
  const elements = [...page.body.children].map((element) => ({ element, own: handlersOf(element) }));
  const result = show();
  for (const { element, own } of elements) {
    for (const handler of handlersOf(element)) if (!own.includes(handler)) $(element).off('click', handler);
  }
  return result;
}
