/** `Storage` as browsers have it: text only, keys as own properties, `QuotaExceededError` when it is full. */
export class MemoryStorage implements Storage {
  [key: string]: unknown;
  readonly #quota: number;

  /** @param options.quota characters it holds, keys included */
  constructor({ quota = Infinity }: { quota?: number } = {}) {
    this.#quota = quota;
  }

  get length(): number {
    return Object.keys(this).length;
  }

  key(index: number): string | null {
    return Object.keys(this)[index] ?? null;
  }

  getItem(key: string): string | null {
    return Object.hasOwn(this, key) ? (this[key] as string) : null;
  }

  setItem(key: string, value: string): void {
    const others = Object.entries(this).filter(([name]) => name !== key);
    const size = [...others, [key, String(value)]].flat().join('').length;
    if (size > this.#quota) throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
    this[key] = String(value);
  }

  removeItem(key: string): void {
    delete this[key];
  }

  clear(): void {
    for (const key of Object.keys(this)) this.removeItem(key);
  }

  copy(): MemoryStorage {
    return Object.assign(new MemoryStorage({ quota: this.#quota }), this);
  }
}
