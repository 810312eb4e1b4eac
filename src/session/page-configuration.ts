import { OktaElementsError } from '../errors.js';
import { reportError } from '../report.js';
import { inCamelCase, type ConfigInput } from './config.js';
import { ofDocument } from './of-document.js';
import { loaded } from './parts.js';
import { hasResponse } from './redirect-uri.js';
import { declare, noteFailure, seal, takeScript } from './registry.js';

/** Not those of a `<template>` that an element of this package has stamped: filters of HTML leave templates alone. */
const SCRIPTS = 'script[data-okta-config]:not([data-okta-stamped] *)';

/**
 * Reads every `<script type="application/json" data-okta-config>` of this page that was not read yet: one configuration,
 * or a list of named ones. Only those who may write scripts can write it, so it seals the page.
 */
export function readPageConfiguration(): void {
  // A server that renders the page has no document.
  if (!globalThis.document) return;
  for (const script of ofDocument('querySelectorAll').call(document, SCRIPTS) as NodeListOf<HTMLScriptElement>) {
    seal();
    const entries = parseJson(script);
    if (!entries || !takeScript(script)) continue;
    // Each is a source of its own, and gone when the script element is.
    for (const entry of entries)
      void configureFrom(entry, {
        get isConnected() {
          return script.isConnected;
        },
      });
  }
}

/** Loads what reports a response that nobody on this page handles, or that came to a page without tags before. */
export function watchResponses(): void {
  if (!hasResponse(`${location.search} ${ofDocument('referrer')}`)) return;
  addEventListener('load', () => {
    import('./lost-response.js').then(({ watchLostResponses }) => watchLostResponses()).catch(() => {});
  });
}

/** @returns undefined while the parser has not reached the end of the script element */
function parseJson(script: HTMLScriptElement): unknown[] | undefined {
  try {
    return [JSON.parse(script.text) as unknown].flat();
  } catch (cause) {
    if (ofDocument('readyState') === 'loading' || !takeScript(script)) return undefined;
    reject(
      undefined,
      new OktaElementsError('config_invalid', `<script data-okta-config>: ${(cause as Error).message}`, {
        cause,
      }),
    );
    return undefined;
  }
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

function reject(name: string | undefined, error: OktaElementsError): void {
  noteFailure(name, error);
  void reportError(document, error);
}
