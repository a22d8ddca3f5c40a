export interface RecentLogLimits<T> {
  /** Entries held at most. */
  readonly entries: number;
  /** Sum of the weights held at most; the newest entry stays even when it is heavier alone. */
  readonly weight: number;
  readonly onEvict?: (entry: T) => void;
}

/**
 * The newest entries of an endless sequence, numbered from 0, for one writer and any number of followers.
 * Followers keep their own position, so a slow one costs no memory here: it finds out when it has fallen behind.
 */
export class RecentLog<T> {
  readonly #limits: RecentLogLimits<T>;
  readonly #held = new Map<number, { readonly entry: T; readonly weight: number }>();
  readonly #waiting = new Set<() => void>();
  #first = 0;
  #next = 0;
  #weight = 0;

  constructor(limits: RecentLogLimits<T>) {
    this.#limits = limits;
  }

  /** Number of the oldest entry held. */
  get first(): number {
    return this.#first;
  }

  /** Number of the next entry to come. */
  get next(): number {
    return this.#next;
  }

  append(entry: T, weight: number): void {
    this.#held.set(this.#next, { entry, weight });
    this.#next += 1;
    this.#weight += weight;
    while (this.#held.size > 1 && this.#isFull()) this.#evictOldest();
    this.#wakeAll();
  }

  /** At most `limit` entries from number `from` on; undefined when some of them are no longer held. */
  read(from: number, limit: number): readonly T[] | undefined {
    if (from < this.#first) return undefined;
    const entries: T[] = [];
    for (let number = from; entries.length < limit; number += 1) {
      const held = this.#held.get(number);
      if (held === undefined) break;
      entries.push(held.entry);
    }
    return entries;
  }

  /** The number of the first held entry that `matches`, or `next`; entries must be sorted by `matches`. */
  find(matches: (entry: T) => boolean): number {
    let low = this.#first;
    let high = this.#next;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const held = this.#held.get(middle);
      if (held !== undefined && !matches(held.entry)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Forgets everything and makes a hole in the numbers, so that every follower finds out. */
  clear(): void {
    this.#held.clear();
    this.#weight = 0;
    this.#next += 1;
    this.#first = this.#next;
    this.#wakeAll();
  }

  /** Resolves when entry `from` exists or is lost, when `wait` ms have passed, or when the signal aborts. */
  changed(from: number, wait: number, signal: AbortSignal): Promise<void> {
    if (from < this.#next || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        this.#waiting.delete(wake);
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      const timer = setTimeout(wake, wait);
      this.#waiting.add(wake);
      signal.addEventListener('abort', wake, { once: true });
    });
  }

  #isFull(): boolean {
    return this.#held.size > this.#limits.entries || this.#weight > this.#limits.weight;
  }

  #evictOldest(): void {
    const oldest = this.#held.get(this.#first);
    this.#held.delete(this.#first);
    this.#first += 1;
    if (oldest === undefined) return;
    this.#weight -= oldest.weight;
    this.#limits.onEvict?.(oldest.entry);
  }

  #wakeAll(): void {
    for (const wake of [...this.#waiting]) wake();
  }
}
