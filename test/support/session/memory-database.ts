/** As much of IndexedDB as keeps values by key in tables: every tab sees them at once, as in browsers. */
export function memoryDatabase(): IDBFactory {
  const databases = new Map<string, Map<string, Map<string, unknown>>>();
  const open = (name: string) =>
    request((opening) => {
      const known = databases.get(name);
      const tables = known ?? new Map<string, Map<string, unknown>>();
      databases.set(name, tables);
      const table = (title: string) => ({
        get: (key: string) => request(() => tables.get(title)!.get(key)),
        put: (value: unknown, key: string) => request(() => void tables.get(title)!.set(key, structuredClone(value))),
      });
      const database = {
        createObjectStore: (title: string) => void tables.set(title, new Map()),
        transaction: (title: string) => ({ objectStore: () => table(title) }),
        close: () => {},
      };
      Object.assign(opening, { result: database });
      if (!known) opening.onupgradeneeded?.();
      return database;
    });
  const deleteDatabase = (name: string) => request(() => void databases.delete(name));
  return { open, deleteDatabase } as unknown as IDBFactory;
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
