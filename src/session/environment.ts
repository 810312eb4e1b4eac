/**
 * The browser as the session sees it. Tests hand in another one. Nothing else in `session/` touches a global, but for
 * what deals with windows and frames themselves: popup.ts, silent.ts and relay.ts.
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
   * @returns null when the browser blocks it, or has no second window to give
   */
  openWindow(): Window | null;
  /** Epoch milliseconds. */
  now(): number;
}

/** Reading the property is what throws when storage is blocked, not using it. */
function storage<K extends 'localStorage' | 'sessionStorage' | 'indexedDB'>(name: K): Window[K] | undefined {
  try {
    return window[name];
  } catch {
    return undefined;
  }
}

/** Size of a sign-in window, CSS pixels; phones open a tab instead. */
const WIDTH = 480;
const HEIGHT = 680;

function openWindow(): Window | null {
  const left = Math.round(screenX + (outerWidth - WIDTH) / 2);
  const top = Math.round(screenY + (outerHeight - HEIGHT) / 2);
  const opened = open('', '_blank', `popup,width=${WIDTH},height=${HEIGHT},left=${left},top=${top}`);
  // Web views of other apps may have one window only, and give that.
  return opened === window.top ? null : opened;
}

/** The real browser. */
export function browserEnvironment(): Environment {
  return {
    location: window.location,
    history: window.history,
    localStorage: storage('localStorage'),
    sessionStorage: storage('sessionStorage'),
    indexedDB: storage('indexedDB'),
    locks: navigator.locks,
    document: globalThis.document,
    fetch: (...request) => fetch(...request),
    events: window,
    openWindow,
    now: () => Date.now(),
  };
}
