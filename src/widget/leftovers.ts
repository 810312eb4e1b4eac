import type { WidgetConfig } from './options.js';

/** Where the widget keeps a sign-in for this tab, so that it goes on when the page is loaded again. */
const TAB = 'okta-elements:widget:';
/** Where it keeps it for a mailed link, which opens another tab. */
const LINK = 'okta-elements:widget-links';

/**
 * Where the widget's client keeps what it has to remember (`storageManager` of okta-auth-js): under names of its own, one
 * per sign-in, so that it meets no other sign-in and none of another program; and only what a reload or a mailed link
 * needs. The discovery document is not kept, because what is in storage is taken on trust.
 */
export function storageSettings(state: string): WidgetConfig {
  return {
    cache: { storageTypes: ['memory'] },
    'original-uri': { storageTypes: ['memory'] },
    transaction: { storageTypes: ['sessionStorage', 'memory'], storageKey: TAB + state },
    'shared-transaction': { storageTypes: ['localStorage', 'memory'], storageKey: LINK },
  };
}

/** Whether the widget has kept a sign-in of this state, to go on with. */
export function isKept(state: string): boolean {
  try {
    const links = JSON.parse(localStorage.getItem(LINK) ?? '{}') as Record<string, unknown>;
    return sessionStorage.getItem(TAB + state) !== null || Object.hasOwn(links, state);
  } catch {
    return false;
  }
}

/** Takes away what the widget keeps of this sign-in, and of others of this tab that were left. */
export function forgetSignIn(state: string): void {
  try {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith(TAB)) sessionStorage.removeItem(key);
    const links = JSON.parse(localStorage.getItem(LINK) ?? '{}') as Record<string, unknown>;
    delete links[state];
    if (Object.keys(links).length > 0) localStorage.setItem(LINK, JSON.stringify(links));
    else localStorage.removeItem(LINK);
  } catch {
    // Storage that is blocked, or spoilt: then there is nothing of the widget's in it.
  }
}
