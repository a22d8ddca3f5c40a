export interface BackoffOptions {
  /** ms: upper bound of the first wait. */
  readonly first: number;
  /** ms: upper bound of every wait. */
  readonly max: number;
  /** From 0 up to 1, evenly; Math.random unless told. */
  readonly random?: () => number;
}

/** Waits between attempts at something broken. */
export interface Backoff {
  /** ms to wait before the next attempt. */
  next(): number;
  /** To be called after a success: the next wait is short again. */
  reset(): void;
}

/**
 * Exponential backoff with full jitter: every wait is drawn from nothing up to a bound that doubles, so that processes
 * which lost the same server don't come back in step.
 */
export function createBackoff({ first, max, random = Math.random }: BackoffOptions): Backoff {
  let bound = Math.min(first, max);
  return {
    next() {
      const wait = random() * bound;
      bound = Math.min(bound * 2, max);
      return wait;
    },
    reset() {
      bound = Math.min(first, max);
    },
  };
}
