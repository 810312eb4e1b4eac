/** The browser as the session sees it. Tests hand in another one; nothing else in `session/` touches a global. */
export interface Environment {
  readonly location: Pick<Location, 'href' | 'origin' | 'assign' | 'replace'>;
  readonly history: Pick<History, 'replaceState' | 'state'>;
  /** Undefined where the browser blocks it (privacy settings, sandboxed frames). */
  readonly localStorage: Storage | undefined;
  /** Undefined where the browser blocks it. */
  readonly sessionStorage: Storage | undefined;
  readonly locks: Pick<LockManager, 'request'> | undefined;
  readonly fetch: typeof fetch;
  /** Hears `storage`, `pageshow`, `visibilitychange` and `online`. */
  readonly events: EventTarget;
  /** Epoch milliseconds. */
  now(): number;
}

/** Reading the property is what throws when storage is blocked, not using it. */
function storage(name: 'localStorage' | 'sessionStorage'): Storage | undefined {
  try {
    return window[name];
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
    sessionStorage: storage('sessionStorage'),
    locks: navigator.locks,
    fetch: (...request) => fetch(...request),
    events: window,
    now: () => Date.now(),
  };
}
