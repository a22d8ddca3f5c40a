import type { ServerResponse } from 'node:http';
import { tooManyRequests } from '@tagtrail/apimachinery';
import { StatusError } from '../status-error.ts';

/** Watches open at once; each holds a connection and a position, some also a read of the store. */
const MAX_WATCHES = 500;
/** Seconds after which a watch that found no place may come again. */
const FULL_RETRY_SECONDS = 5;

/** One open watch. Its signal says that it is time to end normally. */
export interface OpenWatch {
  readonly signal: AbortSignal;
  leave(): void;
}

/** Counts the watches of this process and ends them when it stops. */
export class OpenWatches {
  readonly #limit: number;
  readonly #stop = new AbortController();
  #count = 0;

  constructor(limit = MAX_WATCHES) {
    this.#limit = limit;
  }

  get count(): number {
    return this.#count;
  }

  /** Takes a place until `leave`. The signal aborts after `timeout` ms, when the peer is gone, or on `endAll`. */
  enter(response: ServerResponse, timeout: number): OpenWatch {
    if (this.#count >= this.#limit) {
      const message = `${this.#limit} watches are open already`;
      throw new StatusError(tooManyRequests(message, FULL_RETRY_SECONDS));
    }
    const gone = new AbortController();
    const close = () => gone.abort();
    const signal = AbortSignal.any([this.#stop.signal, gone.signal, AbortSignal.timeout(timeout)]);
    response.once('close', close);
    this.#count += 1;
    return {
      signal,
      leave: () => {
        response.off('close', close);
        this.#count -= 1;
      },
    };
  }

  /** Ends all watches normally, and those to come at once. */
  endAll(): void {
    this.#stop.abort();
  }
}
