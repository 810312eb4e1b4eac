/** As much of IndexedDB as keeps values by key in one table: every tab sees them at once, as in browsers. */
export function memoryDatabase(): IDBFactory {
  const tables = new Map<string, Map<string, unknown>>();
  const table = (name: string) => ({
    get: (key: string) => request(() => tables.get(name)!.get(key)),
    put: (value: unknown, key: string) => request(() => void tables.get(name)!.set(key, structuredClone(value))),
  });
  const database = {
    createObjectStore: (name: string) => void tables.set(name, new Map()),
    transaction: (name: string) => ({ objectStore: () => table(name) }),
    close: () => {},
  };
  let isNew = true;
  const open = () =>
    request((opening) => {
      Object.assign(opening, { result: database });
      if (isNew) opening.onupgradeneeded?.();
      isNew = false;
      return database;
    });
  return { open } as unknown as IDBFactory;
}

/** A database that never answers. */
export function silentDatabase(): IDBFactory {
  return { open: () => ({}) } as unknown as IDBFactory;
}

interface Request {
  result?: unknown;
  onsuccess?: () => void;
  onupgradeneeded?: () => void;
}

/** Answers when whoever asked has said what is to be called. */
function request(answer: (request: Request) => unknown): Request {
  const asked: Request = {};
  queueMicrotask(() => {
    asked.result = answer(asked);
    asked.onsuccess?.();
  });
  return asked;
}
