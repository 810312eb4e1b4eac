import { OktaElementsError } from '../errors.js';
import type { WidgetFile } from './source.js';

/** Name of the one Trusted Types policy that this package makes, and only for a widget from `widget-src`. */
export const POLICY_NAME = 'okta-elements';

/** Where the builds of the widget leave their class. */
interface WidgetGlobal {
  OktaSignIn?: unknown;
}

/**
 * Runs the widget's script from an address the author named, and takes what it brought out of the global again.
 * @param nonce for pages whose policy names scripts by nonce
 * @param signal aborted when nobody waits for it any more: it then does not run when it comes
 * @throws Error when it cannot be had, its hash is another, or it is not the widget
 */
export function runWidgetScript(file: WidgetFile, nonce: string | undefined, signal: AbortSignal): Promise<unknown> {
  const global = globalThis as WidgetGlobal;
  const before = global.OktaSignIn;
  const script = document.createElement('script');
  if (file.integrity) script.integrity = file.integrity;
  // Without it the browser can check no hash, and hides what went wrong.
  if (new URL(file.url).origin !== location.origin) script.crossOrigin = 'anonymous';
  if (nonce) script.nonce = nonce;
  script.src = trustedScriptUrl(addressOf(file)) as string;
  return new Promise((resolve, reject) => {
    script.onload = () => {
      script.remove();
      const { OktaSignIn: Widget } = global;
      if (before === undefined) delete global.OktaSignIn;
      else global.OktaSignIn = before;
      if (Widget !== before && typeof Widget === 'function') resolve(Widget);
      else reject(new Error(`The script ${file.url} does not bring the Okta Sign-In Widget.`));
    };
    script.onerror = () => {
      script.remove();
      reject(new Error(`The script ${file.url} could not be loaded, or its hash is another.`));
    };
    signal.addEventListener('abort', () => {
      // What has been moved to another document does not run (HTML Standard, "execute the script element").
      document.implementation.createHTMLDocument().adoptNode(script);
      givenUp.set(file.url, (givenUp.get(file.url) ?? 0) + 1);
      reject(new Error(`The script ${file.url} took too long.`));
    });
    document.head.append(script);
  });
}

/** How often a file did not come, by its address. */
const givenUp = new Map<string, number>();

/** Asked for the same address again, Chrome waits for the request that stalled. */
function addressOf({ url }: WidgetFile): string {
  const times = givenUp.get(url);
  if (!times) return url;
  const again = new URL(url);
  again.search += `${again.search ? '&' : '?'}okta-elements-try=${times + 1}`;
  return again.href;
}

interface ScriptUrlPolicy {
  createScriptURL(url: string): unknown;
}

let policy: ScriptUrlPolicy | undefined;
const named = new Set<string>();

/** Where the page has only trusted script addresses (Trusted Types), this one becomes one; no other does. */
function trustedScriptUrl(url: string): unknown {
  const { trustedTypes } = globalThis as {
    trustedTypes?: { createPolicy(name: string, rules: ScriptUrlPolicy): ScriptUrlPolicy };
  };
  if (!trustedTypes) return url;
  named.add(url);
  try {
    policy ??= trustedTypes.createPolicy(POLICY_NAME, {
      createScriptURL(asked) {
        if (!named.has(asked)) throw new TypeError(`${asked} is not the widget-src of this page.`);
        return asked;
      },
    });
  } catch (cause) {
    const message = `The page’s policy keeps the widget out; add ${POLICY_NAME} to its trusted-types.`;
    throw new OktaElementsError('widget_load_failed', message, { cause });
  }
  return policy.createScriptURL(url);
}
