import { addFonts } from './fonts.js';
import type { HttpRequestClient, WidgetResponse } from './http.js';
import type { LoadedWidget } from './loader.js';
import type { WidgetConfig } from './options.js';
import { formOf, otherGeneration, type FormContext, type FormError, type Stage, type WidgetAnswer } from './stage.js';
import { bridgeStyles } from './style-bridge.js';
import { coloursSaid, isDark, themeFor } from './theme-3.js';

/*
 * What generation 3 of the Okta widget looks like from outside. It is a Preact application with Material UI, whose
 * styles Emotion writes to the head of the document, one element per rule.
 */

/** An instance of generation 3, as far as this package uses it. */
interface Widget {
  on(event: 'ready' | 'afterRender', listener: (context: FormContext) => void): void;
  on(event: 'afterError', listener: (context: FormContext, error: FormError) => void): void;
  off(): void;
  showSignIn(options: { el: Element }): Promise<WidgetAnswer>;
  remove(): void;
}

type WidgetConstructor = new (config: WidgetConfig) => Widget;

const UNSUPPORTED = `okta-elements: Okta supports generation 3 of its widget only on Okta's own sign-in page, not in a page or a frame of yours.
  To change: remove "widget-generation" (of a frame: "generation"), or use the hosted style. Recommended for the embedded style: generation 2 with isolation="frame".
  More: documentation, page "Embedded sign-in".`;

let isWarned = false;

/** Warns developers once per page, frame pages included, which have no other texts to load. */
function warnOnce(): void {
  if (isWarned) return;
  isWarned = true;
  // eslint-disable-next-line no-console -- developers read it here
  console.warn(UNSUPPORTED);
}

/** Shows generation 3, in a shadow tree or outside. */
export function showGeneration3(
  { Widget }: LoadedWidget,
  said: WidgetConfig,
  { container, undo, tell }: Stage,
  assetBase: string,
): Promise<WidgetAnswer> {
  warnOnce();
  const config = { ...said, ...themeFor(container, said) };
  // Else there would be the greys of a light page on it.
  if (container.dataset.theme === 'auto' && isDark(container)) container.dataset.theme = 'dark';
  undo.push(addFonts(assetBase), bridgeStyles(container, coloursSaid(config)));
  return new Promise((resolve, reject) => {
    let shown = false;
    const authParams = config.authParams as { httpRequestClient: HttpRequestClient };
    const send = authParams.httpRequestClient;
    // It would show an empty form and keep its promise open.
    authParams.httpRequestClient = (method, url, request) =>
      send(method, url, request).catch((error: unknown) => {
        if (!shown && isFinal(url, error)) reject(asFailure(error));
        throw error;
      });
    const widget = new (Widget as WidgetConstructor)(config);
    if ('Router' in widget) throw otherGeneration(3);
    widget.on('ready', () => {
      shown = true;
      tell.ready();
    });
    widget.on('afterRender', (context) => tell.render(formOf(context)));
    widget.on('afterError', (_, { errorSummary }) => tell.error(errorSummary));
    undo.push(() => {
      widget.off();
      widget.remove();
    });
    widget.showSignIn({ el: container }).then(resolve, reject);
  });
}

/** Whether no form can come after this. What the Identity Engine answers is a form even when it is an error. */
function isFinal(url: string, error: unknown): boolean {
  return !isResponse(error) || !url.includes('/idp/idx/');
}

/** As generation 2 would have said it. */
function asFailure(error: unknown): Error {
  if (!isResponse(error)) return Object.assign(new Error(), { name: 'AuthApiError' });
  return new Error((error.responseJSON as { error_description?: string } | undefined)?.error_description);
}

function isResponse(error: unknown): error is WidgetResponse {
  return typeof (error as WidgetResponse | undefined)?.status === 'number';
}
