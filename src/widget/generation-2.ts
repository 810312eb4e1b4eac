import type { LoadedWidget } from './loader.js';
import type { WidgetConfig } from './options.js';
import { formOf, otherGeneration, type FormContext, type FormError, type Stage, type WidgetAnswer } from './stage.js';

/*
 * What generation 2 of the Okta widget looks like from outside, and the habits it had when it had a page to itself.
 * It is a Backbone application: its class hierarchy shows in the names below that begin with an underscore.
 */

/** An instance of generation 2, as far as this package uses it. */
interface Widget {
  Router: RouterConstructor;
  on(event: 'ready' | 'afterRender', listener: (context: FormContext) => void): void;
  on(event: 'afterError', listener: (context: FormContext, error: FormError) => void): void;
  off(): void;
  stopListening(): void;
  showSignIn(options: { el: Element }): Promise<WidgetAnswer>;
  remove(): void;
}

type WidgetConstructor = new (config: WidgetConfig) => Widget;

/** Shows generation 2. */
export function showGeneration2(
  { Widget, globals }: LoadedWidget,
  config: WidgetConfig,
  { container, ended, undo, tell }: Stage,
): Promise<WidgetAnswer> {
  const widget = new (Widget as WidgetConstructor)(config);
  if (!widget.Router) throw otherGeneration(2);
  leaveHistoryAlone(widget);
  widget.on('ready', (context) => afterGivingUp(context, ended, tell.ready));
  widget.on('afterRender', (context) => afterGivingUp(context, ended, () => tell.render(formOf(context))));
  widget.on('afterError', (_, { errorSummary }) => tell.error(errorSummary));
  undo.push(() => {
    widget.off();
    // The widget listens to its class, so without this a later one would tell this one everything.
    widget.stopListening();
    widget.remove();
  });
  return withoutPageListeners(globals.jQueryCourage, document, () => widget.showSignIn({ el: container }));
}

/** When the widget gives up it first shows a form that says so, in the same task. That one is not worth mentioning. */
function afterGivingUp({ formName }: FormContext, ended: AbortSignal, tell: () => void): void {
  if (formName !== 'terminal') tell();
  else setTimeout(() => ended.aborted || tell());
}

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
function leaveHistoryAlone(widget: Widget): void {
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

/** Runs `show` and takes away the listeners it put on the page's own elements: an empty one on each `body > div`. */
function withoutPageListeners<Result>(jQuery: unknown, page: Document, show: () => Result): Result {
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
