/** Part of a log, and where to go on reading. */
export interface LogPage<T> {
  readonly records: readonly T[];
  /** Position to ask for next. */
  readonly next: number;
  /** Records after the asked position that were already forgotten. */
  readonly dropped: number;
}

interface Waiter<T> {
  readonly matches: (record: T) => boolean;
  readonly resolve: (record: T) => void;
}

/**
 * A list that forgets its oldest records beyond a limit. Every record has a position, which counts
 * from 0 and is never given twice, so that a reader can resume and learns what it missed.
 */
export class BoundedLog<T> {
  readonly #limit: number;
  /** Trimming in steps keeps `append` cheap: up to this many more than the limit are held. */
  readonly #slack: number;
  readonly #waiters = new Set<Waiter<T>>();
  #held: T[] = [];
  #end = 0;

  constructor(limit: number) {
    this.#limit = limit;
    this.#slack = Math.max(1, limit >> 3);
  }

  /** A copy of what is remembered, oldest first. */
  get records(): readonly T[] {
    return this.#held.slice(-this.#limit);
  }

  append(record: T): void {
    this.#held.push(record);
    this.#end += 1;
    if (this.#held.length >= this.#limit + this.#slack) this.#held = this.#held.slice(-this.#limit);
    for (const waiter of this.#waiters) {
      if (waiter.matches(record)) waiter.resolve(record);
    }
  }

  /** At most `limit` records from `position` on. */
  since(position: number, limit: number): LogPage<T> {
    const remembered = this.#end - Math.min(this.#held.length, this.#limit);
    const from = Math.min(Math.max(position, remembered), this.#end);
    const start = this.#held.length - (this.#end - from);
    const records = this.#held.slice(start, start + limit);
    return { records, next: from + records.length, dropped: Math.max(0, from - position) };
  }

  /** Forgets all records; positions go on counting. */
  clear(): void {
    this.#held = [];
  }

  /**
   * The first record that matches, remembered or still to come. Rejects with the signal's reason.
   */
  find(matches: (record: T) => boolean, signal: AbortSignal): Promise<T> {
    const known = this.records.find(matches);
    if (known !== undefined) return Promise.resolve(known);
    return this.#wait(matches, signal);
  }

  #wait(matches: (record: T) => boolean, signal: AbortSignal): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    if (signal.aborted) reject(signal.reason);
    const waiter = { matches, resolve };
    const abort = () => reject(signal.reason);
    this.#waiters.add(waiter);
    signal.addEventListener('abort', abort, { once: true });
    return promise.finally(() => {
      this.#waiters.delete(waiter);
      signal.removeEventListener('abort', abort);
    });
  }
}
