import type { HealthCheck } from './health-check.ts';

export interface ProgressWatchOptions {
  /** ms on a clock that never jumps, e.g. `performance.now`: a set wall clock must not restart the process. */
  readonly now: () => number;
  /** ms that work may wait without anything being finished. */
  readonly stallAfter: number;
}

/** Liveness from progress. A connection can answer PING for hours while nothing is taken from the queue any more. */
export interface ProgressWatch {
  /** Work waiting or in hand now; 0 means idle, and idle is well. */
  busy(count: number): void;
  /** Something was finished. */
  progressed(): void;
  /** Not ok when work has waited, and nothing was finished, for `stallAfter`. */
  readonly check: HealthCheck;
}

export function createProgressWatch({ now, stallAfter }: ProgressWatchOptions): ProgressWatch {
  let waiting = 0;
  /** Since when nothing was finished although work was there; counts only while `waiting` > 0. */
  let since = now();
  return {
    busy(count) {
      if (waiting === 0) since = now();
      waiting = count;
    },
    progressed() {
      since = now();
    },
    check() {
      const still = now() - since;
      if (waiting === 0 || still < stallAfter) return { ok: true };
      return {
        ok: false,
        reason: `nothing finished for ${Math.floor(still / 1000)} s, ${waiting} waiting`,
      };
    },
  };
}
