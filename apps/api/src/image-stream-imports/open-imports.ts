import type { ServerResponse } from 'node:http';
import { tooManyRequests } from '@tagtrail/apimachinery';
import { StatusError } from '../status-error.ts';

/** Requests to import open at once; each holds a connection and some KiB. More would wait longer than they may. */
const MAX_IMPORTS = 1_000;
/** Seconds after which a request that found no place may come again. */
const FULL_RETRY_SECONDS = 5;

/** Why a request is waited for no longer; the reason of its signal. */
export type ImportEnd = 'late' | 'left' | 'stopped';

/** One request that is being waited for. */
export interface OpenImport {
  readonly signal: AbortSignal;
  leave(): void;
}

/** Counts the requests to import of this process, and ends their waiting when it stops. */
export class OpenImports {
  readonly #limit: number;
  readonly #open = new Set<(end: ImportEnd) => void>();
  #isStopped = false;

  constructor(limit = MAX_IMPORTS) {
    this.#limit = limit;
  }

  get count(): number {
    return this.#open.size;
  }

  /** Takes a place until `leave`. The signal aborts after `wait` ms, when the peer is gone, or on `endAll`. */
  enter(response: ServerResponse, wait: number): OpenImport {
    if (this.#open.size >= this.#limit) {
      const message = `${this.#limit} imports are waited for already`;
      throw new StatusError(tooManyRequests(message, FULL_RETRY_SECONDS));
    }
    const controller = new AbortController();
    const end = (reason: ImportEnd) => controller.abort(reason);
    const close = () => end('left');
    const timer = setTimeout(() => end('late'), wait);
    response.once('close', close);
    this.#open.add(end);
    if (this.#isStopped) end('stopped');
    return {
      signal: controller.signal,
      leave: () => {
        clearTimeout(timer);
        response.off('close', close);
        this.#open.delete(end);
      },
    };
  }

  /** Ends the waiting of all, and of those to come at once. */
  endAll(): void {
    this.#isStopped = true;
    for (const end of this.#open) end('stopped');
  }
}
