import type { HealthCheck, HealthState } from './health-check.ts';

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
  /** Nothing could be finished until now, by no fault of this process: that time does not count. */
  excused(): void;
  /** Not ok when work has waited, and nothing was finished, for `stallAfter`. */
  readonly check: HealthCheck;
  /** The same with another time than `stallAfter`, ms: one is ready no more long before a restart is worth it. */
  within(limit: number): HealthCheck;
}

export function createProgressWatch({ now, stallAfter }: ProgressWatchOptions): ProgressWatch {
  let waiting = 0;
  /** Since when nothing was finished although work was there; counts only while `waiting` > 0. */
  let since = now();
  const within = (limit: number) => (): HealthState => {
    const still = now() - since;
    if (waiting === 0 || still < limit) return { ok: true };
    return {
      ok: false,
      reason: `nothing finished for ${Math.floor(still / 1000)} s, ${waiting} waiting`,
    };
  };
  const startOver = () => {
    since = now();
  };
  return {
    busy(count) {
      if (waiting === 0) startOver();
      waiting = count;
    },
    progressed: startOver,
    excused: startOver,
    check: within(stallAfter),
    within,
  };
}
