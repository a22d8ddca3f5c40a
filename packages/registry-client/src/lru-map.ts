/** A map that holds at most `limit` entries and drops the one that was not read or set for longest. */
export class LruMap<K, V> {
  readonly #entries = new Map<K, V>();
  readonly #limit: number;
  #newest: K | undefined;
  readonly #onDrop: (value: V) => void;

  /** `onDrop` gets what the limit pushed out, so that it can be disposed of. */
  constructor(limit: number, onDrop: (value: V) => void = () => {}) {
    this.#limit = limit;
    this.#onDrop = onDrop;
  }

  get(key: K): V | undefined {
    const value = this.#entries.get(key);
    if (value === undefined || key === this.#newest) return value;
    this.#entries.delete(key);
    this.#entries.set(key, value);
    this.#newest = key;
    return value;
  }

  set(key: K, value: V): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    this.#newest = key;
    if (this.#entries.size > this.#limit) this.#dropOldest();
  }

  getOrCreate(key: K, create: () => V): V {
    const found = this.get(key);
    if (found !== undefined) return found;
    const created = create();
    this.set(key, created);
    return created;
  }

  delete(key: K): void {
    if (key === this.#newest) this.#newest = undefined;
    this.#entries.delete(key);
  }

  values(): IterableIterator<V> {
    return this.#entries.values();
  }

  get size(): number {
    return this.#entries.size;
  }

  #dropOldest(): void {
    for (const [key, value] of this.#entries) {
      this.#entries.delete(key);
      this.#onDrop(value);
      return;
    }
  }
}
