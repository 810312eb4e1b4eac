/**
 * Where third-party storage is blocked, reading `sessionStorage` in a frame throws, and the widget with it. It gets one
 * that lasts as long as the frame.
 */
export function replaceBlockedStorage(): void {
  for (const name of ['sessionStorage', 'localStorage'] as const) {
    try {
      void window[name].length;
    } catch {
      Object.defineProperty(window, name, { configurable: true, value: memoryStorage() });
    }
  }
}

/** A `Storage` in memory, whose keys are its own properties, as in the real one. */
function memoryStorage(): Storage {
  const items = new Map<string, string>();
  const methods = {
    getItem: (key: string) => items.get(String(key)) ?? null,
    setItem: (key: string, value: string) => void items.set(String(key), String(value)),
    removeItem: (key: string) => void items.delete(String(key)),
    clear: () => items.clear(),
    key: (index: number) => [...items.keys()][index] ?? null,
  };
  return new Proxy(methods as unknown as Storage, {
    get: (target, name) =>
      name === 'length'
        ? items.size
        : Reflect.has(target, name)
          ? (Reflect.get(target, name) as unknown)
          : items.get(String(name)),
    set: (_, name, value) => (items.set(String(name), String(value)), true),
    has: (target, name) => Reflect.has(target, name) || items.has(String(name)),
    deleteProperty: (_, name) => (items.delete(String(name)), true),
    ownKeys: () => [...items.keys()],
    getOwnPropertyDescriptor: (_, name) =>
      items.has(String(name))
        ? { configurable: true, enumerable: true, writable: true, value: items.get(String(name)) }
        : undefined,
  });
}
