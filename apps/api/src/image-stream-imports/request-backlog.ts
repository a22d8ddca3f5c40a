import { tooManyRequests } from '@tagtrail/apimachinery';
import { StatusError } from '../status-error.ts';

/** Requested jobs that may wait for workers: some ten full requests, so that a queue without workers stays small. */
export const MAX_WAITING_JOBS = 10_000;
/** ms that a count of the queue is taken for true; what was admitted since is added to it. */
const FRESHNESS = 1_000;
/** Seconds after which a request that found the queue full may come again. */
const FULL_RETRY_SECONDS = 10;

export interface BacklogParts {
  /** Requested jobs that no worker has taken yet. */
  readonly count: () => Promise<number>;
  /** ms from any start. */
  readonly now: () => number;
}

/** Keeps the queue of requested imports within its bound, also while many requests come at once. */
export class RequestBacklog {
  readonly #parts: BacklogParts;
  #counted: Promise<number> | undefined;
  #countedAt = 0;
  #admitted = 0;

  constructor(parts: BacklogParts) {
    this.#parts = parts;
  }

  /** Takes room for a request's jobs. Throws StatusError TooManyRequests when there is none. */
  async admit(jobs: number): Promise<void> {
    const waiting = (await this.#count()) + this.#admitted;
    if (waiting > 0 && waiting + jobs > MAX_WAITING_JOBS) {
      const message = `${waiting} requested imports wait for workers already`;
      throw new StatusError(tooManyRequests(message, FULL_RETRY_SECONDS));
    }
    this.#admitted += jobs;
  }

  #count(): Promise<number> {
    const now = this.#parts.now();
    if (this.#counted === undefined || now - this.#countedAt >= FRESHNESS) {
      const counted = this.#parts.count();
      counted.catch(() => {
        if (this.#counted === counted) this.#counted = undefined;
      });
      this.#counted = counted;
      this.#countedAt = now;
      this.#admitted = 0;
    }
    return this.#counted;
  }
}
