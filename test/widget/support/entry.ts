/*
 * The script of the test page: shows a widget and writes down what it says. Bundled by app.ts, and driven from the
 * tests by its exports, which it puts in a global.
 */
import type { OktaElementsError } from '../../../src/errors.js';
import { mountWidget, type MountOptions } from '../../../src/widget/mount.js';
import { computedStyles, leastContrast } from './styles.js';

export interface Outcome {
  interactionCode?: string;
  state?: string;
  error?: { name: string; code?: string; message: string };
}

/** What the tests set; the rest of `MountOptions` is this page's. */
export type Settings = Omit<MountOptions, 'host' | 'signal' | 'onReady' | 'onRender' | 'onError'>;

const heard: string[] = [];
const violations: string[] = [];
let removal = new AbortController();
let outcome: Promise<Outcome> = Promise.resolve({});

document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
  violations.push(`${violatedDirective} ${blockedURI}`);
});

function show(settings: Settings): void {
  removal = new AbortController();
  outcome = mountWidget({
    ...settings,
    host: document.querySelector<HTMLElement>('#host')!,
    signal: removal.signal,
    onReady: () => heard.push('ready'),
    onRender: ({ form }) => heard.push(`render ${form}`),
    onError: ({ code, message }) => heard.push(`error ${code} ${message}`),
  }).catch((error: OktaElementsError) => ({
    error: { name: error.name, code: error.code, message: error.message },
  }));
}

const testPage = {
  /** One text: thousands of them are slow to hand over. */
  computedStyles: (selector: string) => computedStyles(selector).join('\n'),
  leastContrast,
  show,
  heard: () => heard.splice(0),
  has: (event: string) => heard.includes(event),
  violations: () => violations,
  outcome: () => outcome,
  remove(): Promise<Outcome> {
    removal.abort();
    return outcome;
  },
};

export type TestPage = typeof testPage;
Object.assign(globalThis, { testPage });
