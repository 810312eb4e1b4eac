/**
 * The browser as the session sees it. Tests pass another one. Files that deal with windows, frames or the configuration
 * of the page use globals.
 */
export interface Environment {
  readonly location: Pick<Location, 'href' | 'origin' | 'assign' | 'replace'>;
  readonly history: Pick<History, 'replaceState' | 'state'>;
  /** Undefined where the browser blocks it (privacy settings, sandboxed frames). */
  readonly localStorage: Storage | undefined;
  /** Undefined where the browser blocks it. */
  readonly sessionStorage: Storage | undefined;
  /** Undefined where the browser blocks it. */
  readonly indexedDB: IDBFactory | undefined;
  readonly locks: Pick<LockManager, 'request'> | undefined;
  /** Where a hidden frame can hang; undefined where nothing is shown. */
  readonly document: Document | undefined;
  readonly fetch: typeof fetch;
  /** Hears `storage`, `pageshow`, `pagehide`, `visibilitychange` and `online`. */
  readonly events: EventTarget;
  /**
   * Opens an empty window to sign in in. Has to be called in the click itself, before anything is waited for.
   * @returns null when the browser blocks it
   */
  openWindow(): Window | null;
  /** Epoch milliseconds. */
  now(): number;
}

/** Reading the property is what throws when storage is blocked; in Firefox, when it is damaged, its first use. */
function storage<K extends 'localStorage' | 'sessionStorage' | 'indexedDB'>(name: K): Window[K] | undefined {
  try {
    const found = window[name];
    void (found as Storage).length;
    return found;
  } catch {
    return undefined;
  }
}

/** The real browser. */
export function browserEnvironment(): Environment {
  return {
    location: window.location,
    history: window.history,
    localStorage: storage('localStorage'),
    // Browsers fetch it from another process, and pages of who is signed in do without.
    get sessionStorage() {
      return storage('sessionStorage');
    },
    indexedDB: storage('indexedDB'),
    locks: navigator.locks,
    document: globalThis.document,
    fetch: (...request) => fetch(...request),
    events: window,
    openWindow: () => open('', '_blank', 'popup,width=480,height=680'),
    now: () => Date.now(),
  };
}

declare global {
  interface Document {
    /** Chromium only: the page was rendered ahead and is not visible yet. */
    readonly prerendering?: boolean;
  }
}
