/**
 * A value that is costly to read and may be a little old. Whoever asks while it is being read waits for the same
 * reading; a failure is told to those who wait for it, and not kept.
 */
export class FreshValue<T> {
  readonly #read: () => Promise<T>;
  readonly #freshness: number;
  readonly #now: () => number;
  #value: Promise<T> | undefined;
  #readAt = 0;

  /** `freshness` in ms, `now` in ms from any start. */
  constructor(parts: {
    readonly read: () => Promise<T>;
    readonly freshness: number;
    readonly now: () => number;
  }) {
    this.#read = parts.read;
    this.#freshness = parts.freshness;
    this.#now = parts.now;
  }

  get(): Promise<T> {
    const now = this.#now();
    if (this.#value === undefined || now - this.#readAt >= this.#freshness) {
      const value = this.#read();
      value.catch(() => {
        if (this.#value === value) this.#value = undefined;
      });
      this.#value = value;
      this.#readAt = now;
    }
    return this.#value;
  }
}
