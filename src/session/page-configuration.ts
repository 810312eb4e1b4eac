import { OktaElementsError } from '../errors.js';
import { reportError } from '../report.js';
import { inCamelCase, type ConfigInput } from './config.js';
import { ofDocument } from './of-document.js';
import { loaded, loadVerbs } from './parts.js';
import { hasResponse } from './redirect-uri.js';
import { declare, noteFailure, seal, takeScript } from './registry.js';

/**
 * Reads every `<script type="application/json" data-okta-config>` of this page that was not read yet: one configuration,
 * or a list of named ones. Only those who may write scripts can write it, so it seals the page.
 */
export function readPageConfiguration(): void {
  // A server that renders the page has no document.
  if (!globalThis.document) return;
  const selector = 'script[data-okta-config]';
  for (const script of ofDocument('querySelectorAll').call(document, selector) as NodeListOf<HTMLScriptElement>) {
    seal();
    let entries: unknown[] = [];
    let failure: OktaElementsError | undefined;
    try {
      entries = [JSON.parse(script.text) as unknown].flat();
    } catch (cause) {
      // The parser may not have reached the end of the element.
      if (ofDocument('readyState') === 'loading') continue;
      failure = new OktaElementsError('config_invalid', `<script data-okta-config>: ${(cause as Error).message}`);
    }
    if (!takeScript(script)) continue;
    if (failure) reject('', failure);
    // Each is a source of its own, and gone when the script element is.
    for (const entry of entries)
      void configureFrom(entry, {
        get isConnected() {
          return script.isConnected;
        },
      });
  }
}

/** Reports a response that nobody on this page handles, or that came to a page without tags before. */
export function watchResponses(): void {
  if (!hasResponse(`${location.search} ${ofDocument('referrer')}`)) return;
  const watch = () =>
    void loadVerbs()
      .then(({ watchLostResponses }) => watchLostResponses())
      .catch(() => {});
  // The tag that handles the response may come later in the page.
  if (ofDocument('readyState') === 'complete') watch();
  else addEventListener('load', watch);
}

async function configureFrom(entry: unknown, source: object): Promise<void> {
  const { debug, src, ...settings } = inCamelCase(entry) as ConfigInput & { debug?: boolean; src?: string };
  const name = settings.name || 'default';
  try {
    if (debug) void import('../debug.js').catch(() => {});
    let file = {};
    if (src) file = await (await loaded(import('./settings-file.js'))).readSettings(src);
    declare(source, name, { ...file, ...settings });
  } catch (error) {
    reject(name, error as OktaElementsError);
  }
}

function reject(name: string, error: OktaElementsError): void {
  noteFailure(name, error);
  void reportError(document, error);
}
